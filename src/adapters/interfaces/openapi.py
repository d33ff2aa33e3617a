"""The OpenAPI document: what the framework knows of the routes, and the commands' own schemas."""

import copy
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from domain.kernel.aggregate import AnyAggregate
from handlers.entrance.service import answer_type
from projections.read_model import POSITION_MAX

_REF = "#/components/schemas/{name}"
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of the service: the one in `admin-token` in its state folder, or one"
    " that `commandpost token create` has made.",
}
_NOTHING = {"null", "[]", "{}", '""'}
_OF_ONE_THAT_IS_THERE = {"declare": "declare_from_triage"}
"""Commands that open one, and may find it there: an incident in triage is declared."""


class ProblemDocument(msgspec.Struct, kw_only=True):
    """RFC 9457, with a stable `code`, and the `field` and `rule` at fault where there are any."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    field: str | None = None
    rule: str | None = None


def document(app: Litestar) -> dict[str, Any]:
    """The whole document, one path for each command of each aggregate that the routes are for."""
    whole: dict[str, Any] = copy.deepcopy(app.openapi_schema.to_schema())
    bodies, raw, answers = _options(app, "body"), _options(app, "raw"), _options(app, "answer")
    aggregates, own = _options(app, "commands"), _options(app, "parameters")
    free = _options(app, "open")
    kinds = [kind for each in aggregates.values() for kind in each.commands.values()]
    kinds += [*bodies.values(), *map(answer_type, aggregates.values()), ProblemDocument]
    kinds += [kind for taken in raw.values() for kind in taken.values()]
    kinds += [kind for given in answers.values() for kind in given]
    refs, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    ref_of = dict(zip(kinds, refs, strict=True))
    whole.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
    paths = whole["paths"]
    for aggregate in aggregates.values():
        _add_commands(paths, aggregate, ref_of, schemas)
    for schema in whole["components"]["schemas"].values():
        _tell_defaults(schema)
    whole["components"]["securitySchemes"] = {"token": _TOKEN}
    for path in paths.values():
        for operation in path.values():
            name = operation["operationId"]
            operation["security"] = [] if name in free else [{"token": []}]
            _restrict(operation, own.get(name, {}))
            if name in bodies:
                operation["requestBody"] = _json(ref_of[bodies[name]])
            if name in raw:
                operation["requestBody"] = _content(
                    {media: ref_of[kind] for media, kind in raw[name].items()}
                )
            if name in answers:
                described = operation["responses"]["202"]
                found = [ref_of[kind] for kind in answers[name]]
                schema = found[0] if len(found) == 1 else {"anyOf": found}
                described["content"] = {"application/json": {"schema": schema}}
            _problems(operation, ref_of[ProblemDocument])
    return whole


def _tell_defaults(schema: dict[str, Any]) -> None:
    """What a member is taken for if it is left out, in words: generators of clients send what the
    document calls a default, or require it.
    """
    for member in schema.get("properties", {}).values():
        default = msgspec.json.encode(member.pop("default", None)).decode()
        if default not in _NOTHING:
            described = member.get("description", "")
            member["description"] = f"{described} Left out, it is {default}.".lstrip()


def _add_commands(
    paths: dict[str, Any], aggregate: AnyAggregate, ref_of: dict[Any, Any], schemas: dict[str, Any]
) -> None:
    """A path for each command instead of the one that takes them all."""
    path = f"/v1/{aggregate.plural}"
    whole = f"{path}/{{ref}}/{{command}}"
    generic, answer = paths.pop(whole)["post"], ref_of[answer_type(aggregate)]
    opening = aggregate.opening
    for name, kind in aggregate.commands.items():
        operation = copy.deepcopy(generic)
        operation["operationId"] = aggregate.qualified(name)
        operation["description"] = kind.__doc__
        operation["parameters"] = [
            parameter for parameter in generic["parameters"] if parameter["name"] != "command"
        ]
        summary = name.replace("_", " ").capitalize()
        _describe(operation, summary, ref_of[kind], answer, success="200")
        operation["requestBody"]["required"] = bool(schemas[kind.__name__].get("required"))
        if name == opening:
            _describe(paths[path]["post"], summary, ref_of[kind], answer, success="201")
            paths[path]["post"]["requestBody"]["required"] = True
            if name not in _OF_ONE_THAT_IS_THERE:
                continue
            operation["operationId"] = _OF_ONE_THAT_IS_THERE[name]
        paths[whole.replace("{command}", name)] = {"post": operation}


TIME = {"type": "string", "format": "date-time"}
WHOLE = {"type": "integer", "minimum": 0, "maximum": POSITION_MAX}
PARAMETERS: dict[str, dict[str, Any]] = {
    "as_of": TIME,
    "known_at": TIME,
    "min_position": WHOLE,
    "Idempotency-Key": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "Commandpost-Actor": {"type": "string", "minLength": 1, "maxLength": 200},
}
"""What parameters take that the framework hands on as plain texts."""


def _restrict(operation: dict[str, Any], own: Mapping[str, Any]) -> None:
    known = {**PARAMETERS, **own}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in known and parameter["in"] != "path":
            parameter["schema"] = known[parameter["name"]]


def _options(app: Litestar, what: str) -> dict[str, Any]:
    """What the routes say of themselves in `opt`, by operation id: the `body` that they read, the
    `raw` bodies that they keep, by media type, their `answer`, and what `parameters` take.
    """
    handlers = [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
    return {each.operation_id: each.opt[what] for each in handlers if what in each.opt}


def _content(schemas: dict[str, Any]) -> dict[str, Any]:
    content = {media: {"schema": schema} for media, schema in schemas.items()}
    return {"content": content, "required": True}


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}, "required": True}


def query_parameters(app: Litestar) -> dict[str, frozenset[str]]:
    """Which query parameters each question has that the document shows, by its operation id."""
    found = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute) and "GET" in route.route_handler_map:
            handler, taken = route.route_handler_map["GET"]
            if handler.include_in_schema and handler.operation_id is not None:
                names = {each.field_alias for each in taken.expected_query_params}
                found[str(handler.operation_id)] = frozenset(names)
    return found


def _describe(
    operation: dict[str, Any], summary: str, body: Any, answer: Any, *, success: str
) -> None:
    operation["summary"] = summary
    operation["requestBody"] = {"content": {"application/json": {"schema": body}}}
    operation["responses"] = {
        success: {
            "description": "Done, or nothing new to say",
            "content": {"application/json": {"schema": answer}},
        }
    }


def _problems(operation: dict[str, Any], problem: Any) -> None:
    """Errors look alike everywhere."""
    operation["responses"].pop("400", None)
    operation["responses"]["default"] = {
        "description": "A problem document with a stable code",
        "content": {"application/problem+json": {"schema": problem}},
    }
