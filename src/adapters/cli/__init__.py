"""The command line: `commandpost up`, and everything one may ask or tell a service.

A command's module is imported when it is asked for: whoever asks for the version does not wait for
a server to be loaded.
"""

import sys
from collections.abc import Iterable
from importlib import metadata
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from adapters.cli.listing import ALONE, COMMANDS, OFFLINE, SERVED

if TYPE_CHECKING:
    from adapters.registry import Registry
    from domain.kernel.aggregate import AnyAggregate

__all__ = ["app_of", "main"]

ASIDE = ("--help", "-h", "--version")
"""What is answered without any command."""


def app_of(aggregates: "Iterable[AnyAggregate]") -> App:
    """The command line, with a group of commands for each of these aggregates."""
    app = App(
        name="commandpost",
        version=lambda: metadata.version("commandpost"),
        help="Event-sourced incident coordination: incidents are a log.",
        help_format="plaintext",
        default_parameter=Parameter(negative=()),  # no --no-all, no --empty-status
    )
    for name, (where, what) in COMMANDS.items():
        app.command(f"{__name__}.{where}", name=name, help=what)
    for aggregate in aggregates:
        # It is made as it is asked for, from the registry that is in use then.
        app.command(
            f"{__name__}.aggregates:{aggregate.name}",
            name=aggregate.name,
            help=f"Commands on {aggregate.plural}: COMMAND [REF] FIELD=VALUE …",
        )
    return app


def main(registry: "Registry | None" = None) -> None:
    """The entry point `commandpost`. Exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    asked = sys.argv[1:2]
    if not asked or asked[0] in ASIDE:
        app_of(_public(registry) if asked != ["--version"] else ())()
        return
    if asked[0] in ALONE and sys.argv[1:3] not in SERVED:
        app_of(())()
        return
    if (where := OFFLINE.get(tuple(sys.argv[1:3]))) is not None:
        app = app_of(())
        app.command(f"{__name__}.{where}", name=asked[0])
        app()
        return
    import uvloop  # noqa: PLC0415 - see above, as the next three

    from adapters.cli.session import explain_failures, using  # noqa: PLC0415
    from adapters.registry import REGISTRY  # noqa: PLC0415
    from adapters.runtime.ending import interruptible  # noqa: PLC0415

    with explain_failures(), using(registry or REGISTRY):
        app = app_of(() if asked[0] in COMMANDS else _public(registry))
        result = uvloop.run(interruptible(app.run_async()))
        sys.exit(result if isinstance(result, int) else 0)


def _public(registry: "Registry | None") -> "Iterable[AnyAggregate]":
    """The aggregates that the public may command."""
    if registry is not None:
        return registry.public
    from domain.registry import AGGREGATES  # noqa: PLC0415 - products take as long to import

    return (each for each in AGGREGATES if each.commands)
