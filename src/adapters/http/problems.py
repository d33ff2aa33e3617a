"""Errors as problem documents (RFC 9457) with a stable `code`."""

from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from domain.kernel.refusal import Refused
from handlers.entrance.outage import outage_of
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 1

_TITLES = {
    429: "Too many",
    400: "Not understood",
    401: "Not authentic",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Not possible now",
    413: "Too large",
    415: "Not in this form",
    421: "Not this service",
    422: "Not valid",
    500: "Fault in the service",
    503: "Not available now",
}

log = structlog.get_logger()


class ProblemError(Exception):
    """A request that is refused before it is looked into; the arguments are those of `problem`."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str,
        rule: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.field, self.rule, self.headers = field, rule, headers


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    rule: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response[dict[str, Any]]:
    """A response with a problem document; `field` and `rule` where there are any."""
    body = document(status, code, detail, field, rule)
    return Response(body, status_code=status, media_type=PROBLEM_JSON, headers=headers)


def document_of(refused: Refused) -> dict[str, Any]:
    """The problem document of a refusal or an outage, for entrances other than HTTP."""
    match refused.code:
        case (
            "service.unavailable" | "log.unwritable" | "read_model.being_built" | "query.too_costly"
        ):
            status = 503
        case "service.fault":
            status = 500
        case "rate.exceeded":
            status = 429
        case _:
            status = status_of(refused)
    return document(status, refused.code, refused.detail, refused.field, refused.rule)


def document(
    status: int, code: str, detail: str, field: str | None = None, rule: str | None = None
) -> dict[str, Any]:
    """A problem document; `document_of` finds the status."""
    body: dict[str, Any] = {
        "type": f"urn:commandpost:problem:{code}",
        "title": _TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return body | {key: value for key, value in (("field", field), ("rule", rule)) if value}


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal: what the request says, or what is possible as things stand.

    What an aggregate refuses says so itself; the codes named here are those of the entrances.
    """
    if refused.invalid:
        return 422
    match refused.code.split("."):
        case ["token", "missing" | "malformed" | "unknown" | "expired" | "revoked"]:
            return 401
        case ["session", "ended"] | ["person", "not_active"]:
            return 401
        case ["permission", _]:
            return 403
        case ["token" | "feed", "not_found"]:
            return 404
        case ["body", "not_json"]:
            return 400
        case ["actor" | "body" | "field" | "time" | "query" | "idempotency" | "id", *_]:
            return 422
        case ["notification", "unknown"]:
            return 409
        case [what, "unknown"]:  # in the path, or else in the body
            return 404 if refused.field in {what, "position"} else 422
        case _:
            return 409


def on_problem(_: Request[Any, Any, Any], error: ProblemError) -> Response[Any]:
    return problem(
        error.status,
        error.code,
        error.detail,
        field=error.field,
        rule=error.rule,
        headers=error.headers,
    )


def on_refused(_: Request[Any, Any, Any], refused: Refused) -> Response[Any]:
    return problem(
        status_of(refused), refused.code, refused.detail, field=refused.field, rule=refused.rule
    )


def on_unavailable(_: Request[Any, Any, Any], error: Unavailable) -> Response[Any]:
    log.warning("http.unavailable", error=str(error))
    code, detail, retry_after_s = outage_of(error)
    return problem(503, code, detail, headers={"Retry-After": str(retry_after_s)})


def on_lagging(_: Request[Any, Any, Any], error: Lagging) -> Response[Any]:
    return problem(
        503,
        "read_model.lagging",
        f"the read model has not caught up: {error}",
        field="min_position",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What the framework refuses: unknown paths, methods, parameters."""
    if error.status_code == 405 and _names_no_command(request):
        return problem(404, "path.unknown", "Not Found")
    code = {404: "path.unknown", 405: "method.not_allowed", 413: "body.too_large"}.get(
        error.status_code, "request.invalid"
    )
    extra = error.extra if isinstance(error.extra, list) else []
    keys = [item["key"] for item in extra if isinstance(item, dict) and "key" in item]
    rules = [item["message"] for item in extra if isinstance(item, dict) and "message" in item]
    status = 422 if keys else error.status_code
    return problem(
        status,
        "query.invalid" if keys else code,
        "; ".join(f"{key}: {rule}" for key, rule in zip(keys, rules, strict=False)) or error.detail,
        field=keys[0] if keys else None,
        rule=rules[0] if rules else None,
        headers=dict(error.headers or {}),
    )


def _names_no_command(request: Request[Any, Any, Any]) -> bool:
    """Whether only the route of all commands has such a path, and there is no command of its name:
    what does not exist takes no other method either.
    """
    above, _, last = request.url.path.rstrip("/").rpartition("/")
    routes = {str(route.path): route for route in request.app.routes}
    form = f"{above.rpartition('/')[0]}/{{ref:str}}"
    route = routes.get(f"{form}/{{command:str}}")
    if route is None or f"{form}/{last}" in routes:
        return False
    handlers: Any = getattr(route, "route_handlers", ())
    known = [each.opt["commands"].commands for each in handlers if "commands" in each.opt]
    return not any(last in commands for commands in known)


def on_fault(_: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: logged whole, told in general."""
    log.error("http.fault", exc_info=error)
    return problem(500, "service.fault", "the service met a fault; it has been logged")
