"""The one reader of bodies: raw, and never more than their limit."""

import asyncio
from typing import Any

from litestar import Request, Response

from adapters.http.charset import in_utf8
from adapters.http.content_coding import (
    ACCEPTED,
    GZIP_MAGIC,
    Decoded,
    ExpandsError,
    UnknownCodingError,
    decoded,
)
from adapters.http.problems import ProblemError, problem
from handlers.ingest.receive import DAMAGE, InboundRequest

BODY_BYTES_MAX = 1024 * 1024
"""Of a command, and of whatever else people and programs ask; signals have a limit of their own."""
DRAINED_BYTES_MAX = 8 * BODY_BYTES_MAX
"""So much beyond its limit is read of a body and thrown away, so that its sender hears why."""


BODY_S = 30.0
"""From the headers to the end of a body; for the largest signal that is 560 kB a second."""
IN_FLIGHT_BYTES_MAX = 48 * BODY_BYTES_MAX
"""Of all bodies that are being read; at least the largest one."""


class TooSlowError(Exception):
    """The body has not come in `BODY_S`, or others waited for its place."""


class TooLargeError(Exception):
    """The body has more than `bytes_max` bytes."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(bytes_max)
        self.bytes_max = bytes_max


def head_of(request: Request[Any, Any, Any]) -> InboundRequest:
    """The request without its body."""
    return InboundRequest(_headers(request), dict(request.query_params), b"")


async def read_request(
    request: Request[Any, Any, Any], bytes_max: int = BODY_BYTES_MAX
) -> InboundRequest:
    """The request as it is received, with its body as it was sent and decoded. Raises
    `TooLargeError`, `TooSlowError`, `ProblemError`.
    """
    sent = await read_body(request, bytes_max)
    headers = _headers(request)
    headers.pop(DAMAGE, None)
    body, flaw = await _expanded(sent, headers.get("content-encoding", ""), bytes_max)
    if flaw:
        headers[DAMAGE] = flaw
    body = in_utf8(body, headers.get("content-type", ""))
    return InboundRequest(headers, dict(request.query_params), body, sent)


async def _expanded(sent: bytes, coding: str, bytes_max: int) -> Decoded:
    """A body without its content codings, by a thread where it has any, as a small one may be of
    many bytes. Raises `TooLargeError`, `ProblemError`.
    """
    if not coding and not sent.startswith(GZIP_MAGIC):
        return Decoded(sent)
    try:
        return await asyncio.to_thread(decoded, sent, coding, bytes_max)
    except ExpandsError:
        raise TooLargeError(bytes_max) from None
    except UnknownCodingError as unknown:
        raise ProblemError(
            415, "encoding.unsupported", f"a body in {unknown} is not understood",
            field="Content-Encoding", rule=ACCEPTED, headers={"Accept-Encoding": ACCEPTED},
        ) from None  # fmt: skip


def on_too_large(_: Request[Any, Any, Any], error: TooLargeError) -> Response[Any]:
    """The connection ends with the answer: what is left of the body is not read."""
    return problem(
        413,
        "body.too_large",
        f"the body is larger than {error.bytes_max} bytes",
        field="body",
        rule=f"at most {error.bytes_max} bytes",
        headers={"Connection": "close"},
    )


def on_too_slow(_: Request[Any, Any, Any], __: TooSlowError) -> Response[Any]:
    return problem(
        408,
        "body.too_slow",
        f"the body did not come within {BODY_S:.0f} s, or too many others waited",
        field="body",
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
    coding = ",".join(request.headers.getall("content-encoding", []))
    body, flaw = await _expanded(await read_body(request), coding, BODY_BYTES_MAX)
    if flaw:  # a command says what it says, or nothing
        raise ProblemError(400, "body.damaged", f"{flaw}; send it again", field="body")
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


async def read_body(request: Request[Any, Any, Any], bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The raw body, of which never more than the limit is kept. Raises `TooLargeError`,
    `TooSlowError`.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > bytes_max + DRAINED_BYTES_MAX:
        raise TooLargeError(bytes_max)
    try:
        async with asyncio.timeout(BODY_S) as until:
            try:
                return await _read(request, until, bytes_max)
            finally:
                _IN_FLIGHT.end(until)
    except TimeoutError:
        raise TooSlowError from None


async def _read(request: Request[Any, Any, Any], until: asyncio.Timeout, bytes_max: int) -> bytes:
    chunks: list[bytes] = []
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
        if total <= bytes_max:
            chunks.append(chunk)
            _IN_FLIGHT.grow(until, len(chunk))
        else:
            chunks.clear()
            _IN_FLIGHT.end(until)
        if total > bytes_max + DRAINED_BYTES_MAX:
            break
    if total > bytes_max:
        raise TooLargeError(bytes_max)
    return b"".join(chunks)


class _InFlight:
    """The bodies that this process is reading. Beyond the limit in all, the one that has been read
    for longest is given up, by ending its time: an honest one takes milliseconds.
    """

    def __init__(self) -> None:
        self._bytes: dict[asyncio.Timeout, int] = {}  # the oldest first
        self._total = 0

    def grow(self, body: asyncio.Timeout, by: int) -> None:
        self._bytes[body] = self._bytes.get(body, 0) + by
        self._total += by
        while self._total > IN_FLIGHT_BYTES_MAX and len(self._bytes) > 1:
            oldest = next(iter(self._bytes))
            self.end(oldest)
            if not oldest.expired():
                oldest.reschedule(asyncio.get_running_loop().time())

    def end(self, body: asyncio.Timeout) -> None:
        self._total -= self._bytes.pop(body, 0)


_IN_FLIGHT = _InFlight()
