"""From the body of a request to a command, or a refusal that names the field and the rule."""

import re
from typing import Any, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.refusal import Refused

C = TypeVar("C", bound=msgspec.Struct)

_PATH = re.compile(r"^(?P<rule>.*?)(?: - at (?P<key>`key` in )?`\$\.?(?P<path>.*?)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*?)`")
_MISSING = re.compile(r"Object missing required field `(?P<name>.*?)`")
_ENUM = re.compile(r"Invalid enum value (?P<value>.*)", re.DOTALL)
_STEP = re.compile(r"\[(?P<place>\d+|\.\.\.)\]|(?P<name>[^.\[\]]+)")


def decode_command(aggregate: Aggregate[C, Any, Any], name: str, body: bytes) -> C:
    """The command `name` of an aggregate with the fields of a JSON object; no body means no fields.

    Raises `Refused`: `command.unknown`, `body.not_json`, `body.invalid` or `field.*`.
    """
    kind = aggregate.commands.get(name)
    if kind is None:
        raise Refused(
            "command.unknown",
            f"there is no command {name}",
            field="command",
            rule=f"one of {', '.join(aggregate.commands)}",
        )
    return decode_body(body or b"{}", kind)


def decode_body(body: bytes, kind: type[C]) -> C:
    """A JSON object as a struct. Raises `Refused`."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(str(error), kind) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise not_json(error) from error


def not_json(error: Exception) -> Refused:
    """That the bytes are not JSON at all."""
    return Refused(
        "body.not_json",
        f"the body is not JSON: {error}",
        field="body",
        rule="a JSON object in UTF-8 (RFC 8259)",
    )


def invalid(message: str, kind: type[msgspec.Struct] | None = None) -> Refused:
    """What msgspec found wrong, as a refusal: the field by its path, the rule in words."""
    matched = _PATH.match(message)
    assert matched is not None
    rule, path = matched["rule"], matched["path"] or ""
    unknown, missing, enum = _UNKNOWN.match(rule), _MISSING.match(rule), _ENUM.match(rule)
    if unknown:
        field = ".".join(filter(None, (path, unknown["name"])))
        return Refused("field.unknown", f"there is no field {field}", field=field, rule=rule)
    if missing:
        field = ".".join(filter(None, (path, missing["name"])))
        return Refused("field.missing", f"{field} is required", field=field, rule=rule)
    field = path or "body"
    if enum:
        allowed = _keys(kind, path) if matched["key"] else _allowed(kind, path)
        rule = f"one of {allowed}" if allowed else rule
        detail = f"{field}: {enum['value']} is not {rule}" if allowed else f"{field}: {rule}"
        return Refused("field.unknown_value", detail, field=field, rule=rule)
    if "timezone" in rule:
        return Refused(
            "time.no_zone",
            f"{field} has no time zone; write it like 2018-10-21T22:52:00Z",
            field=field,
            rule="RFC 3339 with a zone",
        )
    return Refused("field.invalid", f"{field}: {rule}", field=field, rule=rule)


def _allowed(kind: type[msgspec.Struct] | None, path: str) -> str:
    """The values that an enumeration at `path` allows, also one in a list or a table."""
    if kind is None:
        return ""
    (node,), parts = msgspec.json.schema_components([kind], ref_template="{name}")
    node = _resolved(node, parts)
    for step in _STEP.finditer(path):
        if step["name"]:
            node = node.get("properties", {}).get(step["name"], {})
        else:
            node = node.get("additionalProperties" if step["place"] == "..." else "items", {})
        node = _resolved(node, parts)
    return ", ".join(str(value) for value in node.get("enum", ()))


def _keys(kind: type[msgspec.Struct] | None, path: str) -> str:
    """The keys that a table of a command allows; a JSON schema says nothing of them."""
    if kind is None:
        return ""
    fields = {each.encode_name: each.type for each in msgspec.structs.fields(kind)}
    table = msgspec.inspect.type_info(fields[path]) if path in fields else None
    key = table.key_type if isinstance(table, msgspec.inspect.DictType) else None
    if not isinstance(key, msgspec.inspect.EnumType):
        return ""
    return ", ".join(sorted(str(each.value) for each in key.cls))


def _resolved(node: Any, parts: dict[str, Any]) -> dict[str, Any]:
    """What a part of a schema refers to; of several kinds, the one that is not null."""
    while True:
        if "anyOf" in node:
            node = next(each for each in node["anyOf"] if each.get("type") != "null")
        elif "$ref" in node:
            node = parts[node["$ref"]]
        else:
            return node if isinstance(node, dict) else {}
