"""The command line: `commandpost up`, and everything one may ask or tell a service."""

import sys
from importlib import metadata

import uvloop
from cyclopts import App, Parameter

from adapters.cli import (
    aggregates,
    catalog,
    channels,
    commands,
    demo,
    heartbeats,
    log,
    maintenance,
    messages,
    notifications,
    policy,
    provision,
    queries,
    signals,
    sources,
    state,
    up,
)
from adapters.cli.session import explain_failures, using
from adapters.registry import REGISTRY, Registry

__all__ = ["app_of", "main"]


def app_of(registry: Registry) -> App:
    """The command line of a service that is made of this."""
    app = App(
        name="commandpost",
        version=lambda: metadata.version("commandpost"),
        help="Event-sourced incident coordination: incidents are a log.",
        help_format="plaintext",
        default_parameter=Parameter(negative=()),  # no --no-all, no --empty-status
    )
    for module in (
        demo,
        up,
        provision,
        commands,
        queries,
        messages,
        channels,
        notifications,
        signals,
        sources,
        heartbeats,
        catalog,
        policy,
        maintenance,
        log,
        state,
    ):
        module.add_to(app)
    aggregates.add_to(app, registry)
    return app


def main(registry: Registry = REGISTRY) -> None:
    """The entry point `commandpost`. Exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    with explain_failures(), using(registry):
        result = uvloop.run(app_of(registry).run_async())
        sys.exit(result if isinstance(result, int) else 0)
