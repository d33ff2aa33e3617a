"""Where services send signals: `POST /v1/signals/{source}`, in the form of any kind of source that
signals, and at the paths that tools made for such a form expect.

Everything is kept before it is answered, also what is not understood; the answer says what is wrong
with it.
"""

from collections.abc import Iterable
from textwrap import fill
from typing import Any

from litestar import HttpMethod, Request, Response, Router, post, route
from litestar.params import FromPath
from msgspec.structs import replace

from adapters.http.body import read_request
from adapters.http.problems import problem
from adapters.http.webhooks import PROVEN, Responder, receive_signal, unknown_source
from adapters.products.kit.source import Became, SharedAddress, Signals, SourceKind
from handlers.ingest.receive import FORM, InboundRequest, Receiver, UnauthenticError

REQUEST_ORIGIN, ALLOWED_ORIGIN = "WebHook-Request-Origin", "WebHook-Allowed-Origin"
REQUEST_RATE, ALLOWED_RATE = "WebHook-Request-Rate", "WebHook-Allowed-Rate"


def signal_routes(receiver: Receiver, sources: Iterable[SourceKind]) -> list[Any]:
    """The route handlers for signals of services: one address for all kinds of sources that
    signal, and those that a kind has for all of its sources.
    """
    signalling = {it.kind: it.signals for it in sources if it.signals}
    if not signalling:
        return []

    path = "/v1/signals/{source:str}"

    @route(path, http_method=HttpMethod.OPTIONS, status_code=200, include_in_schema=False)
    async def welcome(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        kind = receiver.kind(source)
        if kind not in signalling:
            return unknown_source("signal")
        return _welcome(request, handshake=signalling[kind].handshake)

    @post(
        path,
        operation_id="send_signal",
        status_code=202,
        request_max_body_size=None,  # the limit is kept by `read_body`
        summary="Send a signal",
        description=_description(signalling.values()),
        tags=["signals"],
        opt={
            "raw": {media: of for it in signalling.values() for media, of in it.media.items()},
            "answer": tuple(answer for it in signalling.values() for answer in it.answers),
            "open": PROVEN,
        },
    )
    async def send(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        kind = receiver.kind(source)
        if kind not in signalling:
            return unknown_source("signal")
        answer = _answering(receiver, kind, source, signalling[kind])
        return await receive_signal(receiver, request, kind, source, answer)

    # Together and in this order: else the framework answers OPTIONS by itself.
    own = Router("/", route_handlers=[welcome, send])
    shared = (
        _shared(receiver, kind, signals, address)
        for kind, signals in signalling.items()
        for address in signals.shared
    )
    return [own, *shared]


def _welcome(request: Request[Any, Any, Any], *, handshake: bool) -> Response[Any]:
    """Tell a sender that its events are welcome, if it asks.

    Source: github.com/cloudevents/spec, "HTTP 1.1 Web Hooks for Event Delivery", 4. Who is welcome
    still has to show a secret with each delivery; so this asks for none. The address that a
    callback would go to is not called: we answer at once.
    """
    headers = {"Allow": "OPTIONS, POST"}
    origin = request.headers.get(REQUEST_ORIGIN)
    if origin and handshake:
        rate = request.headers.get(REQUEST_RATE, "")
        headers[ALLOWED_ORIGIN] = origin
        headers[ALLOWED_RATE] = rate if rate.isdecimal() else "*"
    return Response(b"", status_code=200, headers=headers)


def _description(signalling: Iterable[Signals]) -> str:
    """In lines as long as those of the descriptions that are written out in the code."""
    sent = ", or ".join(each.a for each in signalling)
    return fill(f"Send {sent}, as the kind of the source says.", 90)


def _shared(receiver: Receiver, kind: str, signals: Signals, address: SharedAddress) -> Any:
    """An address that all sources of a kind share."""

    @post(
        address.path,
        operation_id=address.operation_id,
        status_code=202,
        request_max_body_size=None,
        summary=address.summary,
        description=address.description,
        tags=["signals"],
        opt={"raw": dict(signals.media), "answer": signals.answers, "open": PROVEN},
    )
    async def send(request: Request[Any, Any, Any]) -> Response[Any]:
        try:
            delivery = await read_request(request, receiver.body_bytes_max)
            delivery = replace(delivery, headers={**delivery.headers, FORM: address.form})
            source = receiver.sender(kind, delivery)
        except UnauthenticError:
            return problem(401, "signature.invalid", address.unauthentic)
        answer = _answering(receiver, kind, source, signals)
        return await receive_signal(receiver, request, kind, source, answer, delivery=delivery)

    return send


def _answering(receiver: Receiver, kind: str, source: str, signals: Signals) -> Responder:
    def answer(delivery: InboundRequest, position: int, became: Became | None) -> Response[Any]:
        reply = signals.answer(receiver.understood(kind, source, delivery), position, became)
        return Response(reply.content, status_code=reply.status)

    return answer
