"""Write docs/openapi.json and docs/asyncapi.json from the code: `python scripts/interface_docs.py`.

The documents are those of a service that serves nothing: routes and structs are all they need.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from adapters.http.slack import slack_routes
from adapters.interfaces import asyncapi
from adapters.runtime.endpoints import application
from projections.registry import READ_MODELS

DOCS = Path(__file__).resolve().parent.parent / "docs"


def openapi() -> dict[str, Any]:
    """The OpenAPI document, as `/openapi.json` answers it."""
    nothing: Any = SimpleNamespace(
        service=SimpleNamespace(read_models=None),
        telemetry=None,
        reception=None,
        intake=None,
        store=None,
        catalog=READ_MODELS,
    )
    health: Any = None
    document: dict[str, Any] = application(nothing, health, slack_routes(nothing)).state.openapi
    return document


def written(document: dict[str, Any]) -> str:
    """The file of a document."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


DOCUMENTS = {"openapi.json": openapi, "asyncapi.json": asyncapi.document}

if __name__ == "__main__":
    for name, write in DOCUMENTS.items():
        (DOCS / name).write_text(written(write()))
