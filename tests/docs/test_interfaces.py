"""docs/openapi.json and docs/asyncapi.json are what the code says, and hold together."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from domain_docs import SAMPLES
from interface_docs import DOCS, DOCUMENTS, written
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from adapters.registry import REGISTRY
from domain.incident.commands import COMMANDS

ASYNCAPI = DOCUMENTS["asyncapi.json"]()


def refs(node: Any) -> Iterator[str]:
    """Every reference in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for member in node.values():
            yield from refs(member)
    elif isinstance(node, list):
        for item in node:
            yield from refs(item)


def found(document: Any, ref: str) -> Any:
    assert ref.startswith("#/")
    for step in ref.removeprefix("#/").split("/"):
        document = document[step]
    return document


def validator(payload: Any) -> Draft202012Validator:
    schema = {**payload, "components": ASYNCAPI["components"]}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_up_to_date(name: str):
    assert (DOCS / name).read_text() == written(DOCUMENTS[name]()), "run `make docs`"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_reference_leads_somewhere(name: str):
    document = DOCUMENTS[name]()
    assert all(found(document, ref) is not None for ref in refs(document))


def test_the_openapi_document_is_one():
    validate(msgspec.json.decode(written(DOCUMENTS["openapi.json"]())))


def test_every_command_is_a_request_with_a_reply():
    operations, channels = ASYNCAPI["operations"], ASYNCAPI["channels"]
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    named = {each.qualified(name) for each in REGISTRY.public for name in each.commands}
    assert set(operations) == {*named, "signal"}
    for name in COMMANDS:
        channel = found(ASYNCAPI, operations[name]["channel"]["$ref"])
        assert channel is channels[name]
        assert channel["address"] == f"commands.incident.{name}"
        (message,) = operations[name]["messages"]
        assert found(ASYNCAPI, message["$ref"])["$ref"] == f"#/components/messages/{name}"
        assert found(ASYNCAPI, operations[name]["reply"]["channel"]["$ref"])["address"] is None


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_of_each_command_is_a_message(name: str):
    body = msgspec.json.decode(msgspec.json.encode(SAMPLES[name]))
    check = validator(ASYNCAPI["components"]["messages"][name]["payload"])
    check.validate({"incident": "INC-1", **body})
    assert not check.is_valid({**body, "incident": "INC-1", "no_such_field": 1})
    assert check.is_valid(body) is (name == "declare"), "all others name their incident"


def test_an_example_of_a_signal_is_a_message():
    check = validator(ASYNCAPI["components"]["messages"]["signal"]["payload"])
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "x.trigger"}
    check.validate({**event, "data": {"dedup_key": "k", "impact": {"users_affected": 7}}})
    assert not check.is_valid({**event, "data": {"severety": "high"}})
    assert not check.is_valid({**event, "specversion": "0.3"})
