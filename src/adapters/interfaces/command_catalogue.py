"""The commands of all aggregates as one document: their fields, defaults and an example. The
command line reads it, so that it knows them without importing a single rule.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any

import msgspec

from domain.incident.deadlines.owed import LABELS
from domain.kernel.aggregate import AnyAggregate
from projections.read_model import ReadModel, Resource

Beside = Mapping[str, Mapping[str, tuple[str, str]]]
"""Commands that the group of an aggregate has besides, each with what it does behind its place."""

_TIMES = {"date-time": "time", "date": "date"}
_PLAIN = {"integer": "whole number", "number": "number", "boolean": "true or false"}


def catalogue_of(
    aggregates: Iterable[AnyAggregate], read_models: Iterable[ReadModel], beside: Beside
) -> dict[str, Any]:
    """`aggregates` by name, each with its `commands`, its `list` where one is handed out row by
    row, and what stands `beside` these; `deadlines` are the words for what is due.
    """
    public = [each for each in aggregates if each.commands]
    resources = [each for model in read_models for each in model.resources if each.answers is None]
    return {
        "aggregates": {
            each.name: {
                **_aggregate(each, resources),
                "beside": [
                    {"name": name, "does": " ".join(what.split())}
                    for name, (_, what) in beside.get(each.name, {}).items()
                ],
            }
            for each in public
        },
        "deadlines": {str(rule): label for rule, label in LABELS.items()},
    }


def in_lines(catalogue: Mapping[str, Any]) -> str:
    """The document with a line for each command, so that changes to several can be merged."""
    blocks = []
    for name, each in catalogue["aggregates"].items():
        kept = {key: value for key, value in each.items() if key != "commands"}
        commands = ",\n".join(
            f"   {_json(key)}: {_json(value)}" for key, value in each["commands"].items()
        )
        head = _json(kept)[:-1]
        blocks.append(f'  {_json(name)}: {head}, "commands": {{\n{commands}\n  }}}}')
    aggregates = ",\n".join(blocks)
    deadlines = _json(catalogue["deadlines"])
    return f'{{\n "aggregates": {{\n{aggregates}\n }},\n "deadlines": {deadlines}\n}}\n'


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _aggregate(aggregate: AnyAggregate, resources: Iterable[Resource]) -> dict[str, Any]:
    kinds = tuple(aggregate.commands.values())
    _, parts = msgspec.json.schema_components(kinds, ref_template="{name}")
    samples = aggregate.samples().commands if aggregate.samples else {}
    path = f"/v1/{aggregate.plural}"
    lists = [{"list": _list(each)} for each in resources if each.path == path]
    return {
        "plural": aggregate.plural,
        "opening": aggregate.opening,
        "slug": aggregate.id_kind == "slug",
        "prefix": aggregate.prefix,
        **(lists[0] if lists else {}),
        "commands": {
            name: {
                "does": " ".join(cleandoc(kind.__doc__ or "").split()),
                "fields": list(_fields(parts[kind.__name__], parts)),
                "example": _example(aggregate, name, samples.get(name)),
            }
            for name, kind in aggregate.commands.items()
        },
    }


def _list(resource: Resource) -> dict[str, Any]:
    takes: Any = resource.question.takes
    names = {field.encode_name for field in msgspec.structs.fields(takes)}
    return {
        "help": " ".join(resource.description.split()),
        "filters": sorted(names - {"after", "before", "limit"}),
    }


def _fields(part: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    required = set(part.get("required", ()))
    for name, node in part["properties"].items():
        known = {"name": name, **_taken(node, parts)}
        if name in required:
            known["required"] = True
        elif node.get("default") not in (None, (), [], {}, False):
            known["default"] = node["default"]
        yield known


def _taken(node: Mapping[str, Any], parts: Mapping[str, Any]) -> dict[str, Any]:
    """What a field takes, in a word or two: `words` are all that there are."""
    match node:
        case {"anyOf": choices}:
            some = [each for each in choices if each.get("type") != "null"]
            return _taken(some[0], parts) if len(some) == 1 else {"takes": "json"}
        case {"$ref": name} if "enum" in parts[name]:
            return {"takes": "word", "words": parts[name]["enum"]}
        case {"$ref": name} if "properties" in parts[name]:
            inner = [
                {key: value for key, value in each.items() if key != "fields"}
                for each in _fields(parts[name], {**parts, name: {}})
            ]
            return {"takes": "object", "fields": inner}
        case {"enum": words}:
            return {"takes": "word", "words": words}
        case {"type": "array", "items": item}:
            return {"takes": "list", "of": _taken(item, parts)}
        case {"type": "string"}:
            return {"takes": _TIMES.get(node.get("format", ""), "text")}
        case {"type": kind} if kind in _PLAIN:
            return {"takes": _PLAIN[kind]}
    return {"takes": "json"}


def _example(aggregate: AnyAggregate, name: str, sample: msgspec.Struct | None) -> str:
    """How it is said, such as `resolve INC-1 resolution='disk extended'`."""
    words = [name]
    if name != aggregate.opening:
        words.append(f"{aggregate.prefix}-1" if aggregate.prefix else "REF")
    given = msgspec.to_builtins(sample) if sample is not None else {}
    words += [f"{key}={shlex.quote(_said(value))}" for key, value in given.items()]
    return " ".join(words)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else _json(value)
