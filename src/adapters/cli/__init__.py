"""The command line: `commandpost up`, and everything one may ask or tell a service.

A command's module is imported when it is asked for: whoever asks for the version, or what is open,
does not wait for a server to be loaded.
"""

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse

    from adapters.registry import Registry

__all__ = ["main"]

HELP = {"--help", "-h", "help"}


def main(registry: "Registry | None" = None) -> None:
    """The entry point `commandpost`. Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused, 4 not
    found, 5 no access, 6 not available now.
    """
    words = sys.argv[1:]
    if words == ["--version"]:
        from importlib import metadata  # noqa: PLC0415 - it takes as long as all the rest

        print(metadata.version("commandpost"))
        return
    from adapters.cli.over_http import dispatch, overview  # noqa: PLC0415 - as below

    known = _catalogue(registry)
    if not words or words[0] in HELP:
        print(overview.overview(known))
        return

    def alone(given: "argparse.Namespace", command: Any) -> int:
        from adapters.cli.alone import run_alone  # noqa: PLC0415 - all of the service
        from adapters.registry import REGISTRY  # noqa: PLC0415 - as above

        return run_alone(given, command, registry or REGISTRY)

    status = dispatch.run(words, known, alone)
    if status is not None:
        sys.exit(status)
    sys.argv[1:] = dispatch.behind_command(words)
    from adapters.cli import program  # noqa: PLC0415 - cyclopts, and what a command needs

    program.run(registry)


def _catalogue(registry: "Registry | None") -> dict[str, Any]:
    """What can be commanded: written down of this release, or else of another registry."""
    if registry is None:
        from adapters.cli.over_http.catalogue import catalogue  # noqa: PLC0415 - as above

        return catalogue()
    from adapters.cli.beside import BESIDE  # noqa: PLC0415 - as the next one
    from adapters.interfaces.command_catalogue import catalogue_of  # noqa: PLC0415 - the rules

    return catalogue_of(registry.aggregates, registry.read_models, BESIDE)
