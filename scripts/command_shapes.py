"""What the decoder takes of commands, as tables of Markdown."""

from collections.abc import Iterable
from typing import Any

import msgspec

_FORMATS = {
    "date-time": "time",
    "date": "date",
    "time": "time of day",
    "partial-time": "time of day",
    "duration": "duration (ISO 8601, such as `PT30M`)",
    "uuid": "UUID",
    "decimal": "number, as text",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}


class Shapes:
    """The fields of these commands, and of the structs within them."""

    def __init__(self, commands: Iterable[type[msgspec.Struct]]) -> None:
        kinds = tuple(commands)
        _, self._parts = msgspec.json.schema_components(kinds, ref_template="{name}")
        self._commands = {kind.__name__ for kind in kinds}

    def table(self, name: str) -> list[str]:
        """The fields of one struct, `occurred_at` apart; nothing, if it has none."""
        node = self._parts[name]
        required = set(node.get("required", ()))
        rows = [
            f"| `{field}` | {self._type(kind)} | {'required' if field in required else ''} |"
            for field, kind in node["properties"].items()
            if field != "occurred_at"
        ]
        return ["| field | what it takes | |", "|---|---|---|", *rows, ""] if rows else []

    def within(self, heading: str) -> list[str]:
        """The structs within the commands, a section each."""
        objects = {name for name, part in self._parts.items() if part.get("type") == "object"}
        sections: list[str] = []
        for name in sorted(objects - self._commands):
            sections += [f"{heading} {name}", "", *self.table(name)]
        return sections

    def _type(self, field: dict[str, Any]) -> str:
        match field:
            case {"anyOf": choices}:
                return " or ".join(self._type(choice) for choice in choices)
            case {"$ref": name} if "enum" in self._parts[name]:
                return ", ".join(f"`{value}`" for value in self._parts[name]["enum"])
            case {"$ref": name}:
                return f"[{name}](#{name.lower()})"
            case {"type": "array", "items": item}:
                most = f"at most {field['maxItems']}: " if "maxItems" in field else ""
                return f"list of {most}{self._type(item)}"
            case {"type": "object", "additionalProperties": value}:
                keys = self._type({"type": "string"} | field.get("propertyNames", {}))
                return f"object with keys of {keys}, each {self._type(value)}"
            case {"enum": values}:
                return ", ".join(f"`{value}`" for value in values)
            case {"type": "string"}:
                return _text(field)
            case {"type": "integer" | "number"}:
                return _number(field)
        return {"null": "null", "boolean": "true or false"}.get(field.get("type", ""), "any value")


def _text(field: dict[str, Any]) -> str:
    match field:
        case {"format": format_}:
            return _FORMATS[format_]
        case {"contentEncoding": "base64"}:
            return "bytes in Base64"
        case {"maxLength": most}:
            return f"text, at most {most:,} characters"
        case {"pattern": pattern}:
            in_a_table = pattern.replace("|", "\\|")
            return f"text that matches `{in_a_table}`"
    return "text"


def _number(field: dict[str, Any]) -> str:
    number = "whole number" if field["type"] == "integer" else "number"
    match field:
        case {"minimum": least, "maximum": most}:
            return f"{number} from {least:,} to {most:,}"
    bounds = [f"{words} {field[bound]:,}" for bound, words in _BOUNDS.items() if bound in field]
    return ", ".join([number, *bounds])
