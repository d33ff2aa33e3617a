"""The commands that stand beside the service: they need its servers, its configuration, or neither.

A command's module is imported when it is asked for.
"""

import sys
from collections.abc import Iterable
from importlib import metadata
from typing import TYPE_CHECKING

from cyclopts import App, Parameter

from adapters.cli.beside import BESIDE
from adapters.cli.listing import ALONE, COMMANDS, OFFLINE, SERVED

if TYPE_CHECKING:
    from adapters.registry import Registry
    from domain.kernel.aggregate import AnyAggregate

PACKAGE = __name__.rpartition(".")[0]


def app_of(aggregates: "Iterable[AnyAggregate]") -> App:
    """The command line, with a group for each of these aggregates that has more than commands."""
    app = App(
        name="commandpost",
        version=lambda: metadata.version("commandpost"),
        help="Event-sourced incident coordination: incidents are a log.",
        help_format="plaintext",
        default_parameter=Parameter(negative=()),  # no --no-all, no --empty-status
    )
    for name, (where, what) in COMMANDS.items():
        app.command(f"{PACKAGE}.{where}", name=name, help=what)
    for aggregate in aggregates:
        if aggregate.name in BESIDE:
            app.command(_group(aggregate.name), name=aggregate.name)
    return app


def _group(name: str) -> App:
    group = App(name=name)
    for each, (where, what) in BESIDE[name].items():
        group.command(f"{PACKAGE}.{where}", name=each, help=what)
    return group


def run(registry: "Registry | None" = None) -> None:
    """Run what the words of this process ask for."""
    asked = sys.argv[1:2]
    if asked and asked[0] in ALONE and sys.argv[1:3] not in SERVED:
        app_of(())()
        return
    if (where := OFFLINE.get(tuple(sys.argv[1:3]))) is not None:
        app = app_of(())
        app.command(f"{PACKAGE}.{where}", name=asked[0])
        app()
        return
    import uvloop  # noqa: PLC0415 - see above, as the next four

    from adapters.cli.explaining import explain_failures  # noqa: PLC0415
    from adapters.cli.session import using  # noqa: PLC0415
    from adapters.registry import REGISTRY  # noqa: PLC0415
    from adapters.runtime.ending import interruptible  # noqa: PLC0415

    known = registry or REGISTRY
    with explain_failures(), using(known):
        app = app_of(known.public)
        result = uvloop.run(interruptible(app.run_async()))
        sys.exit(result if isinstance(result, int) else 0)
