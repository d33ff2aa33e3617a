"""Where products deliver their webhooks.

How PagerDuty reads the answers (developer.pagerduty.com/docs/webhooks-behavior): 2xx is delivered;
5xx and 429 are tried again for 48 h; any other 4xx loses the delivery, and three of them disable
the subscription for a day. So who has shown who it is gets 202, whatever it sends.
"""

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, post
from litestar.params import FromPath

from adapters.http.problems import problem
from handlers.ingest.receive import (
    BODY_BYTES_MAX,
    InboundRequest,
    Receiver,
    UnauthenticError,
    UnknownSourceError,
)
from handlers.kernel.ports import Unavailable

log = structlog.get_logger(__name__)

DRAINED_BYTES_MAX = 8 * BODY_BYTES_MAX
"""So much of a body that is too large is read and thrown away, so that its sender hears why."""

RETRY_AFTER_S = 5


class TooLargeError(Exception):
    """The body is larger than `BODY_BYTES_MAX`."""


PRODUCTS = {
    "pagerduty": "a PagerDuty V3 webhook",
    "opsgenie": "an Opsgenie webhook",
    "alertmanager": "an Alertmanager webhook",
    "grafana": "a Grafana webhook",
    "statuspage": "what a provider's Statuspage tells its subscribers",
}
"""What is delivered, by the product in the path."""


def webhook_routes(reception: Receiver) -> list[Any]:
    """The route handlers for `POST /v1/webhooks/{product}/{source}`."""
    return [_route(reception, product, what) for product, what in PRODUCTS.items()]


def _route(reception: Receiver, product: str, what: str) -> Any:
    @post(
        f"/v1/webhooks/{product}/{{source:str}}",
        operation_id=f"receive_{product}",
        status_code=202,
        request_max_body_size=None,  # the limit is kept by `read_body`
        summary=f"Deliver {what}",
        tags=["webhooks"],
        opt={"raw": {"application/json": dict[str, Any]}, "answer": (Accepted,)},
    )
    async def receive(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        return await receive_signal(reception, request, product, source, _kept)

    return receive


class Accepted(msgspec.Struct, frozen=True):
    """What was delivered is kept at `position`, and will be translated."""

    position: int


Answer = Callable[[InboundRequest, int], Response[Any]]
"""What to tell the sender of what is kept at a position."""


def _kept(_: InboundRequest, position: int) -> Response[Any]:
    return Response(Accepted(position), status_code=202)


async def receive_signal(
    reception: Receiver,
    request: Request[Any, Any, Any],
    product: str,
    source: str,
    answer: Answer,
    delivery: InboundRequest | None = None,
) -> Response[Any]:
    """Keep what an authentic sender delivers, and only then answer. `delivery` is the request if
    it has been read already.
    """
    try:
        reception.source(product, source)
        delivery = delivery or await delivery_of(request)
        position = await reception.accept(product, source, delivery)
    except UnknownSourceError:
        return unknown_source(product)
    except TooLargeError as error:
        reception.refused(product, source, "too_large")
        return on_too_large(request, error)
    except UnauthenticError:
        log.warning("webhook.unauthentic", product=product, source=source)
        return problem(401, "signature.invalid", "the signature or secret is missing or wrong")
    except Unavailable as unavailable:
        reception.refused(product, source, "unavailable")
        log.warning("webhook.not_stored", product=product, source=source, reason=str(unavailable))
        return problem(
            503,
            "storage.unavailable",
            "the delivery cannot be stored now; send it again",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )
    log.info("webhook.kept", product=product, source=source, position=position)
    return answer(delivery, position)


def unknown_source(product: str) -> Response[Any]:
    """Nobody is configured to send this here."""
    return problem(404, "source.unknown", f"there is no {product} source of this name")


async def delivery_of(request: Request[Any, Any, Any]) -> InboundRequest:
    """The request as reception takes it. Raises `TooLargeError`."""
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
