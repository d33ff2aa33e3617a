"""What is written from docs/openapi.json is what the document says now."""

from pathlib import Path

import client_models
import msgspec
import pytest
from client_models import PACKAGE, Document, write

from commandpost_client import models
from commandpost_client.wire import Command, Wire


def test_the_package_is_up_to_date(tmp_path: Path):
    """`make docs` writes it."""
    write(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_text() == (PACKAGE / path.name).read_text(), path.name


STRUCTS = [it for it in vars(models).values() if isinstance(it, type) and issubclass(it, Wire)]


def test_every_answer_can_be_read():
    for kind in STRUCTS:
        msgspec.json.Decoder(kind)


def test_every_command_of_the_document_can_be_sent():
    docs = client_models.ROOT / "docs"
    openapi, asyncapi = (
        msgspec.json.decode((docs / f"{name}.json").read_bytes())
        for name in ("openapi", "asyncapi")
    )
    document = Document(openapi, asyncapi)
    commands = {it.__name__ for it in STRUCTS if issubclass(it, Command) and it is not Command}
    assert commands == set(document.commands) == set(document.subjects)
    assert {"Declare", "PostUpdate", "OverrideTurns"} < commands


@pytest.mark.parametrize(
    ("schema", "open_values", "written"),
    [
        ({"type": "string", "format": "date-time"}, True, "datetime"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, True, "int | None"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Level"}}, False, "list[Level]"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Level"}}, True, "list[str]"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, True, "dict[str, float]"),
        (
            {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
            True,
            "Any",
        ),
        ({"enum": ["a", "b"]}, False, 'Literal["a", "b"]'),
        ({}, True, "Any"),
    ],
)
def test_types_as_python_writes_them(schema: dict[str, object], open_values: bool, written: str):
    schemas = {"Level": {"enum": ["low"]}, "A": {"type": "object"}, "B": {"type": "object"}}
    document = Document({"components": {"schemas": schemas}, "paths": {}}, {})
    assert document.type_of(schema, open_values=open_values) == written
