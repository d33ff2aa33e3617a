"""Write docs/openapi.json, docs/asyncapi.json and what the command line knows of commands from the
code: `python scripts/interface_docs.py`.

The documents are those of a service that serves nothing: routes and structs are all they need.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from adapters.cli.beside import BESIDE
from adapters.cli.over_http.catalogue import FILE as CATALOGUE
from adapters.http.contact_checks import contact_check_routes
from adapters.http.product_routes import product_routes
from adapters.interfaces import asyncapi
from adapters.interfaces.command_catalogue import catalogue_of, in_lines
from adapters.products.kit.channel import Host
from adapters.registry import REGISTRY, Registry
from adapters.runtime.endpoints import application
from adapters.runtime.open_channels import channel_routes

DOCS = Path(__file__).resolve().parent.parent / "docs"


def openapi(registry: Registry = REGISTRY) -> dict[str, Any]:
    """The OpenAPI document, as `/openapi.json` answers it."""
    nobody: Any = None
    nothing: Any = SimpleNamespace(
        registry=registry,
        service=SimpleNamespace(read_models=None, sights=None),
        telemetry=None,
        receiver=None,
        translator=None,
        store=None,
        gate=None,
        access_keeper=None,
        clock=SimpleNamespace(now=None),
        projectors=SimpleNamespace(status=None),
    )
    host = Host(nobody, nobody, nobody, nobody)
    routes = [
        *product_routes(channel_routes(registry.products, {}, host)),
        *contact_check_routes({}, nobody),
    ]
    document: dict[str, Any] = application(nothing, nobody, routes).state.openapi()
    return document


def written(document: dict[str, Any]) -> str:
    """The file of a document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


DOCUMENTS = {"openapi.json": openapi, "asyncapi.json": asyncapi.document}


def command_catalogue() -> str:
    """What the command line knows of commands."""
    return in_lines(catalogue_of(REGISTRY.aggregates, REGISTRY.read_models, BESIDE))


if __name__ == "__main__":
    for name, write in DOCUMENTS.items():
        (DOCS / name).write_text(written(write()))
    CATALOGUE.write_text(command_catalogue())
