"""The one reader of bodies: raw, and never more than the limit."""

from typing import Any

from litestar import Request, Response

from adapters.http.problems import ProblemError, problem
from handlers.ingest.receive import BODY_BYTES_MAX, InboundRequest

DRAINED_BYTES_MAX = 8 * BODY_BYTES_MAX
"""So much of a body that is too large is read and thrown away, so that its sender hears why."""


class TooLargeError(Exception):
    """The body is larger than `BODY_BYTES_MAX`."""


async def read_request(request: Request[Any, Any, Any]) -> InboundRequest:
    """The request as it is received. Raises `TooLargeError`."""
    return InboundRequest(_headers(request), dict(request.query_params), await read_body(request))


def on_too_large(_: Request[Any, Any, Any], __: TooLargeError) -> Response[Any]:
    """The connection ends with the answer: what is left of the body is not read."""
    return problem(
        413,
        "body.too_large",
        f"the body is larger than {BODY_BYTES_MAX} bytes",
        field="body",
        rule=f"at most {BODY_BYTES_MAX} bytes",
        headers={"Connection": "close"},
    )


def _headers(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Lower-case names; a header that comes more than once is joined by commas (RFC 9110, 5.3).
    The correlation id is that of the request, so that it is kept with the signal.
    """
    headers: dict[str, str] = {}
    for name, value in request.headers.multi_items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    correlation_id = request.scope["state"].get("correlation_id")
    return headers | ({"x-correlation-id": correlation_id} if correlation_id else {})


async def read_command(request: Request[Any, Any, Any]) -> bytes:
    """The body of a command. A page of another site can send a form, or text of no type, without
    asking us; JSON it cannot. Raises `ProblemError`, `TooLargeError`.
    """
    given = request.headers.get("content-type")
    if given is not None and not _is_json(given):
        raise _not_json(given)
    body = await read_body(request)
    if body and given is None:
        raise _not_json("nothing")
    return body


def _is_json(content_type: str) -> bool:
    """`application/json`, or `application/<something>+json` (RFC 6839)."""
    kind, _, of = content_type.partition(";")[0].strip().lower().partition("/")
    return kind == "application" and (of == "json" or of.endswith("+json"))


def _not_json(given: str) -> ProblemError:
    return ProblemError(
        415, "media_type.unsupported", f"commands are taken in JSON; this one says {given[:100]}",
        field="Content-Type", rule="application/json",
    )  # fmt: skip


async def read_body(request: Request[Any, Any, Any]) -> bytes:
    """The raw body, of which never more than the limit is kept. Raises `TooLargeError`."""
    chunks: list[bytes] = []
    total = 0
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > DRAINED_BYTES_MAX:
        raise TooLargeError
    async for chunk in request.stream():
        total += len(chunk)
        if total <= BODY_BYTES_MAX:
            chunks.append(chunk)
        else:
            chunks.clear()
        if total > DRAINED_BYTES_MAX:
            break
    if total > BODY_BYTES_MAX:
        raise TooLargeError
    return b"".join(chunks)
