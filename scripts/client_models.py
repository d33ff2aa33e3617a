"""Write models and calls of the Python client: `python scripts/client_models.py`.

docs/openapi.json is made of our structs, so few of JSON Schema's words are in it; an unknown one
ends the script. What only requests hold names its values, as the service refuses others. What
answers hold takes any text: a later release may have a value more.
"""

import inspect
import json
import keyword
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "clients/python/src/commandpost_client"
HEAD = '''"""{what}

Written from docs/openapi.json by scripts/client_models.py. Do not edit.
"""
'''
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
FORMATS = {"date-time": "datetime", "date": "date", "duration": "str", None: "str"}
JSON = "application/json"
SIGNAL = "SignalEvent"
"""What is sent and is no command."""

Schema = dict[str, Any]


class Document:
    """The schemas of an OpenAPI document, and which of them answers hold; which subjects commands
    have says the AsyncAPI document.
    """

    def __init__(self, document: Schema, messages: Schema) -> None:
        self.subjects = {
            _last(message["payload"]["$ref"]): channel["address"]
            for channel in messages.get("channels", {}).values()
            if (channel["address"] or "").startswith("commands.")
            for name in channel["messages"]
            if "$ref" in (message := messages["components"]["messages"][name])["payload"]
        }
        self.schemas: dict[str, Schema] = document["components"]["schemas"]
        self.operations = [
            (path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method in {"get", "post"}
        ]
        self.commands = {
            request: (path, answer)
            for path, method, operation in self.operations
            if method == "post" and (request := _named(operation.get("requestBody", {})))
            if (answer := self._outcome(operation))
        }
        self._on_the_way: set[str] = set()
        self.answered: list[str] = []
        for _, _, operation in self.operations:
            for name in sorted(_held(_success(operation))):
                self._reach(name, self.answered)
        self.sent: list[str] = []
        for request in (*self.commands, SIGNAL):
            if request in self.schemas:
                self._reach(request, self.sent)
        self.tags = _tags(self.schemas)

    def _outcome(self, operation: Schema) -> str | None:
        """The schema of the answer, where that is the outcome of a command."""
        name = _named(_success(operation))
        return name if name and "outcome" in self.schemas[name]["properties"] else None

    def _reach(self, name: str, into: list[str]) -> None:
        """Whatever a schema holds, the parts before the whole."""
        if name in into or name in self._on_the_way:
            return
        self._on_the_way.add(name)
        for held in sorted(_held(self.schemas[name])):
            self._reach(held, into)
        self._on_the_way.discard(name)
        into.append(name)

    def type_of(self, schema: Schema, *, open_values: bool) -> str:
        """How Python writes it; `open_values` takes any text where values are listed."""
        if "$ref" in schema:
            return self._type_of_reference(_last(schema["$ref"]), open_values=open_values)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._union(
                    [self.type_of(it, open_values=open_values) for it in schema[word]]
                )
        match schema.get("type"):
            case "array" if "items" in schema and "prefixItems" not in schema:
                return f"list[{self.type_of(schema['items'], open_values=open_values)}]"
            case "array":
                return "list[Any]"
            case "object" | None if "enum" not in schema:
                held = schema.get("additionalProperties")
                inner = self.type_of(held, open_values=open_values) if held else "Any"
                return f"dict[str, {inner}]" if schema.get("type") else "Any"
            case "null":
                return "None"
            case "string":
                return FORMATS[schema.get("format")]
            case None:
                values = ", ".join(f'"{it}"' for it in schema["enum"])
                return "str" if open_values else f"Literal[{values}]"
            case kind:
                return PLAIN[kind]

    def _type_of_reference(self, name: str, *, open_values: bool) -> str:
        if "enum" in self.schemas[name]:
            return "str" if open_values else name
        return name

    def _union(self, members: list[str]) -> str:
        """msgspec tells dictionaries from objects by nothing, and numbers from each other."""
        distinct = list(dict.fromkeys(members))
        structs = [it for it in distinct if it in self.schemas and it not in self.tags]
        if len(structs) > 1:
            return "Any"
        return " | ".join(sorted(distinct, key=lambda it: it == "None"))

    def struct(self, name: str) -> str:
        """The class of one schema."""
        schema, open_values = self.schemas[name], name in self.answered
        tag = self.tags.get(name)
        lines = [f"class {name}({self._bases(name)}):", *_docstring(schema)]
        if name in self.commands:
            lines += ["", *self._way(name)]
        required = schema.get("required", ())
        fields = [
            self._field(field, it, required=field in required, open_values=open_values)
            for field, it in schema.get("properties", {}).items()
            if not (tag and field == tag[0])
        ]
        lines += ["", *fields] if fields else []
        return "\n".join(lines if len(lines) > 1 else [*lines, "    pass"])

    def _bases(self, name: str) -> str:
        base = f"Command[{self.commands[name][1]}]" if name in self.commands else "Wire"
        tag = self.tags.get(name)
        tagged = f', tag_field="{tag[0]}", tag="{tag[1]}"' if tag else ""
        return f"{base}, frozen=True, kw_only=True, omit_defaults=True{tagged}"

    def _way(self, name: str) -> list[str]:
        plural, *rest = self.commands[name][0].removeprefix("/v1/").split("/")
        opens = f"/v1/{plural}" in {path for path, _, it in self.operations if _asks_for(it, name)}
        command = rest[-1] if rest else ""
        names = f'"{plural}", "{command}", "{self.subjects[name]}"'
        given = f"{names}, {self.commands[name][1]}, opens={opens}"
        return [f"    ROUTE: ClassVar[Route] = Route({given})"]

    def _field(self, name: str, schema: Schema, *, required: bool, open_values: bool) -> str:
        kind = self.type_of(schema, open_values=open_values)
        called = f"{name}_" if keyword.iskeyword(name) else name
        given = f'name="{name}"' if called != name else ""
        if required:
            return f"    {called}: {kind}" + (f" = field({given})" if given else "")
        value = f"field(default=UNSET, {given})" if given else "UNSET"
        optional = self._union([*kind.split(" | "), "UnsetType"])
        return f"    {called}: {optional} = {value}"

    def models(self) -> str:
        """The module of what is sent and answered."""
        names = [
            it for it in dict.fromkeys((*self.answered, *self.sent)) if it != "ProblemDocument"
        ]
        structs = [it for it in names if "enum" not in self.schemas[it]]
        values = [
            f"{it} = Literal[{', '.join(json.dumps(each) for each in self.schemas[it]['enum'])}]"
            for it in sorted(names)
            if "enum" in self.schemas[it]
        ]
        return "\n".join(
            [
                HEAD.format(what="What is sent to the service, and what it answers."),
                "from __future__ import annotations",
                "",
                "from datetime import date, datetime",
                "from typing import Any, ClassVar, Literal",
                "",
                "from msgspec import UNSET, UnsetType, field",
                "",
                "from commandpost_client.wire import Command, Route, Wire",
                "",
                *values,
                *(
                    f"\n\n{self.struct(it)}"
                    for it in sorted(structs, key=lambda it: it in self.commands)
                ),
                "",
            ]
        )

    def reads(self) -> str:
        """The module of what may be asked."""
        calls = [
            self.read(path, operation)
            for path, method, operation in self.operations
            if method == "get" and self._is_read(path, operation)
        ]
        used = sorted(
            set(re.findall(r"\w+", " ".join(kind for _, kind in calls))) & {*self.answered}
        )
        return "\n".join(
            [
                HEAD.format(
                    what="What may be asked: each function says how, `ask` of a client does it."
                ),
                "from collections.abc import Sequence",
                "from datetime import date, datetime",
                "from typing import Any, Literal",
                "",
                f"from commandpost_client.models import ({', '.join(used)})",
                "from commandpost_client.wire import Call, call",
                "",
                *(f"\n\n{text}" for text, _ in calls),
                "",
            ]
        )

    def _is_read(self, path: str, operation: Schema) -> bool:
        """Pictures, calendars and streams are no answers in JSON, whatever the document says."""
        aside = ("/events", ".svg", ".ics", "/{source}")
        return (
            path.startswith("/v1/")
            and JSON in _success(operation)["content"]
            and not path.endswith(aside)
        )

    def read(self, path: str, operation: Schema) -> tuple[str, str]:
        """The function of one operation, and the type of its answer."""
        answer = self.type_of(_success(operation)["content"][JSON]["schema"], open_values=True)
        given = operation.get("parameters", ())
        inside = [it["name"] for it in given if it["in"] == "path"]
        asked = [it for it in given if it["in"] == "query"]
        parameters = [f"{it}: str" for it in inside]
        if asked:
            parameters += ["*", *(self._parameter(it) for it in asked)]
        names = ", ".join(f'"{it["name"]}": {_python(it["name"])}' for it in asked)
        literal = f'f"{path}"' if inside else f'"{path}"'
        lines = [
            f"def {operation['operationId']}({', '.join(parameters)}) -> Call[{answer}]:",
            *_docstring(operation),
            f"    return call({literal}, {answer}, {{{names}}})",
        ]
        return "\n".join(lines), answer

    def _parameter(self, parameter: Schema) -> str:
        kind = self.type_of(parameter["schema"], open_values=False)
        if kind.startswith("list["):
            kind = f"Sequence[{kind.removeprefix('list[')}"
        name = _python(parameter["name"])
        if parameter.get("required"):
            return f"{name}: {kind}"
        return f"{name}: {kind}{'' if kind.endswith('None') else ' | None'} = None"


def _python(name: str) -> str:
    plain = name.replace("-", "_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def _last(reference: str) -> str:
    return reference.rsplit("/", 1)[1]


def _success(operation: Schema) -> Schema:
    codes = sorted(it for it in operation.get("responses", ()) if it.startswith("2"))
    return operation["responses"][codes[0]] if codes else {}


def _named(body: Schema) -> str | None:
    """The schema that a body refers to by name."""
    schema = body.get("content", {}).get(JSON, {}).get("schema", {})
    return _last(schema["$ref"]) if "$ref" in schema else None


def _asks_for(operation: Schema, name: str) -> bool:
    return _named(operation.get("requestBody", {})) == name


def _held(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_held, schema))
    if not isinstance(schema, dict):
        return set()
    own = {_last(schema["$ref"])} if isinstance(schema.get("$ref"), str) else set()
    return own.union(*(_held(it) for key, it in schema.items() if key != "discriminator"))


def _tags(schemas: dict[str, Schema]) -> dict[str, tuple[str, str]]:
    """By which field, with which value, a struct is told from others."""
    found: dict[str, tuple[str, str]] = {}
    for schema in schemas.values():
        for it in schema.get("properties", {}).values():
            told = it.get("discriminator", {})
            for value, where in told.get("mapping", {}).items():
                found[_last(where)] = (told["propertyName"], value)
    return found


def _docstring(schema: Schema) -> list[str]:
    text = inspect.cleandoc(schema.get("description", "")).replace("\\", "\\\\")
    if not text:
        return []
    paragraphs = [textwrap.wrap(it, 90, break_long_words=False) for it in text.split("\n\n")]
    first, *rest = [line for it in paragraphs for line in (*it, "")][:-1]
    if not rest:
        return [f'    """{first}"""']
    return [f'    """{first}', *(f"    {line}".rstrip() for line in rest), '    """']


BLOCKING = {
    "for programs with asyncio": "for programs without asyncio",
    "async with AsyncCommandpost": "with Commandpost",
    "AsyncCommandpost": "Commandpost",
    "from asyncio import sleep": "from time import sleep",
    "AsyncIterator": "Iterator",
    "AsyncClient": "Client",
    "AsyncBaseTransport": "BaseTransport",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "aclose": "close",
    "aread": "read",
    "aiter_lines": "iter_lines",
    "async ": "",
    "await ": "",
}


def blocking(source: str) -> str:
    """The same client without asyncio, so that neither knows what the other does not."""
    for word, instead in BLOCKING.items():
        source = source.replace(word, instead)
    head = source.split('"""', 2)[1]
    return HEAD.format(what=head).replace("docs/openapi.json", "asynchronous.py") + source.split(
        '"""', 2
    )[2].lstrip("\n")


def write(into: Path = PACKAGE, documents: Path = ROOT / "docs") -> None:
    """The modules, in the format of all our sources."""
    made = Document(
        json.loads((documents / "openapi.json").read_text()),
        json.loads((documents / "asyncapi.json").read_text()),
    )
    source = (PACKAGE / "asynchronous.py").read_text()
    modules = {
        "models.py": made.models(),
        "reads.py": made.reads(),
        "synchronous.py": blocking(source),
    }
    for name, text in modules.items():
        (into / name).write_text(text)
    ruff = [sys.executable, "-m", "ruff"]
    configured = ["--config", ROOT / "pyproject.toml", *(into / name for name in modules)]
    # Both are ours: the program is the one that checks this file.
    subprocess.run([*ruff, "check", "-q", "--select", "F401,I", "--fix", *configured], check=True)  # noqa: S603
    subprocess.run([*ruff, "format", "-q", *configured], check=True)  # noqa: S603


if __name__ == "__main__":
    write()
