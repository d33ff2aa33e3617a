"""The OpenAPI document: what the framework knows of the routes, and the commands' own schemas."""

import copy
from typing import Any

import msgspec
from litestar import Litestar

from domain.incident.commands import COMMANDS
from handlers.answers import Answer

_REF = "#/components/schemas/{name}"
_GENERIC = "/v1/incidents/{ref}/{command}"


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
    """The whole document, one path for each command."""
    whole: dict[str, Any] = copy.deepcopy(app.openapi_schema.to_schema())
    bodies = _bodies(app)
    refs, schemas = msgspec.json.schema_components(
        [*COMMANDS.values(), *bodies.values(), Answer, ProblemDocument], ref_template=_REF
    )
    whole.setdefault("components", {}).setdefault("schemas", {}).update(schemas)
    problem, answer = refs[-1], refs[-2]
    paths = whole["paths"]
    generic = paths.pop(_GENERIC)["post"]
    declare = paths["/v1/incidents"]["post"]
    _describe(declare, "Declare", refs[0], answer, success="201")
    named = dict(zip(bodies, refs[len(COMMANDS) :], strict=False))
    for (name, kind), ref in zip(COMMANDS.items(), refs, strict=False):
        operation = copy.deepcopy(generic)
        operation["operationId"] = name
        operation["summary"] = name.replace("_", " ").capitalize()
        operation["description"] = kind.__doc__
        operation["parameters"] = [
            parameter for parameter in generic["parameters"] if parameter["name"] != "command"
        ]
        _describe(operation, operation["summary"], ref, answer, success="200")
        if name == "declare":
            operation["operationId"] = "declare_from_triage"
        paths[_GENERIC.replace("{command}", name)] = {"post": operation}
    for path in paths.values():
        for operation in path.values():
            if operation["operationId"] in named:
                operation["requestBody"] = _json(named[operation["operationId"]])
            _problems(operation, problem)
    return whole


def _bodies(app: Litestar) -> dict[str, type]:
    """What the routes read themselves, by operation id: they name it in `opt`."""
    handlers = [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
    return {each.operation_id: each.opt["body"] for each in handlers if "body" in each.opt}


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}, "required": True}


def query_parameters(whole: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Which query parameters each question has, by its operation id."""
    return {
        path["get"]["operationId"]: frozenset(
            parameter["name"]
            for parameter in path["get"].get("parameters", ())
            if parameter["in"] == "query"
        )
        for path in whole["paths"].values()
        if "get" in path
    }


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
