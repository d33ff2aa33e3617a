"""The command line: `commandpost up`, and everything one may ask or tell a service."""

import sys
from importlib import metadata

import uvloop
from cyclopts import App, Parameter

from adapters.cli import (
    asking,
    channels,
    demo,
    messages,
    notifications,
    policy,
    running,
    signals,
    telling,
    upkeep,
)
from adapters.cli.session import told

__all__ = ["app", "main"]

app = App(
    name="commandpost",
    version=lambda: metadata.version("commandpost"),
    help="Event-sourced incident coordination: incidents are a log.",
    help_format="plaintext",
    default_parameter=Parameter(negative=()),  # no --no-all, no --empty-status
)
for commands in (
    demo,
    running,
    telling,
    asking,
    messages,
    channels,
    notifications,
    signals,
    policy,
    upkeep,
):
    commands.add_to(app)


def main() -> None:
    """The entry point `commandpost`. Exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    with told():
        result = uvloop.run(app.run_async())
        sys.exit(result if isinstance(result, int) else 0)
