"""Where products deliver their webhooks.

How PagerDuty reads the answers (developer.pagerduty.com/docs/webhooks-behavior): 2xx is delivered;
5xx and 429 are tried again for 48 h; any other 4xx loses the delivery, and three of them disable
the subscription for a day. So who has shown who it is gets 202, whatever it sends.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, get, post
from litestar.params import FromPath

from adapters.http.body import TooLargeError, TooSlowError, head_of, on_too_large, read_request
from adapters.http.problems import ProblemError, on_problem, problem
from adapters.products.kit.shared_secret import as_form
from adapters.products.kit.source import Became, SourceKind
from handlers.ingest.receive import (
    InboundRequest,
    Receiver,
    UnauthenticError,
    UnknownSourceError,
    is_large,
)
from handlers.kernel.ports import Unavailable, Unwritable

log = structlog.get_logger(__name__)

RETRY_AFTER_S = 5
PROVEN = "the sender shows the secret of its source"


def webhook_routes(receiver: Receiver, sources: Iterable[SourceKind]) -> list[Any]:
    """The route handlers for `POST /v1/webhooks/{product}/{source}`."""
    return [
        each
        for it in sources
        if it.delivers
        for each in (_route(receiver, it, it.delivers), *_by_query(receiver, it, it.delivers))
    ]


def _by_query(receiver: Receiver, kind: SourceKind, what: str) -> list[Any]:
    """UptimeRobot calls an address with all that it says in the query, if nothing else is set."""
    if not kind.in_query:
        return []

    @get(
        f"/v1/webhooks/{kind.kind}/{{source:str}}",
        operation_id=f"receive_{kind.kind}_by_query",
        status_code=202,
        summary=f"Deliver {what}, from the query",
        description="For senders that call an address, and say all in its query.",
        tags=["webhooks"],
        opt={"answer": (Accepted,), "any_query": True, "open": PROVEN},
    )
    async def receive(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        return await receive_signal(receiver, request, kind.kind, source, _answer, read=as_form)

    return [receive]


def _route(receiver: Receiver, kind: SourceKind, what: str) -> Any:
    product, read = kind.kind, as_form if kind.in_query else _as_it_came

    @post(
        f"/v1/webhooks/{product}/{{source:str}}",
        operation_id=f"receive_{product}",
        status_code=202,
        request_max_body_size=None,  # the limit is kept by `read_body`
        summary=f"Deliver {what}",
        tags=["webhooks"],
        opt={
            "raw": {"application/json": dict[str, Any]},
            "answer": (Accepted,),
            "open": PROVEN,
        },
    )
    async def receive(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        return await receive_signal(receiver, request, product, source, _answer, read=read)

    return receive


def _as_it_came(delivery: InboundRequest) -> InboundRequest:
    return delivery


class Accepted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was delivered is kept at `position`; `became` where that is known soon."""

    position: int
    became: Became | None = None


Responder = Callable[[InboundRequest, int, Became | None], Response[Any]]
"""What to tell the sender of what is kept at a position, and of what became of it."""


def _answer(_: InboundRequest, position: int, became: Became | None) -> Response[Any]:
    return Response(Accepted(position, became), status_code=202)


async def receive_signal(  # noqa: PLR0913 - what differs between its entrances
    receiver: Receiver,
    request: Request[Any, Any, Any],
    product: str,
    source: str,
    answer: Responder,
    *,
    delivery: InboundRequest | None = None,
    read: Callable[[InboundRequest], InboundRequest] = _as_it_came,
) -> Response[Any]:
    """Keep what an authentic sender delivers, and only then answer. `delivery` is the request if
    it has been read already; else `read` finds in it what is said. The sender hears what became of
    it, if that is known soon.
    """
    try:
        if delivery is None:
            receiver.check_head(product, source, head_of(request))
            delivery = read(await read_request(request, receiver.body_bytes_max))
        position = await receiver.accept(product, source, delivery)
    except UnknownSourceError:
        return unknown_source(product)
    except TooLargeError as error:
        receiver.refused(product, source, "too_large")
        return on_too_large(request, error)
    except ProblemError as error:
        receiver.refused(product, source, "encoding")
        return on_problem(request, error)
    except UnauthenticError:
        log.warning("webhook.unauthentic", product=product, source=source)
        return problem(401, "signature.invalid", "the signature or secret is missing or wrong")
    except TooSlowError:
        receiver.refused(product, source, "too_slow")
        return problem(
            503,
            "storage.unavailable",
            "the body did not come in time; send it again",
            headers={"Retry-After": str(RETRY_AFTER_S), "Connection": "close"},
        )
    except Unavailable as unavailable:
        receiver.refused(product, source, "unavailable")
        log.warning("webhook.not_stored", product=product, source=source, reason=str(unavailable))
        return _not_stored(unavailable)
    log.info("webhook.kept", product=product, source=source, position=position)
    became = await _became(receiver, position)
    if is_large(delivery):
        return await asyncio.to_thread(answer, delivery, position, became)
    return answer(delivery, position, became)


async def _became(receiver: Receiver, position: int) -> Became | None:
    found = await receiver.became(position)
    if found is None:
        return None
    return Became(found.outcome, found.incidents, found.reason, found.flaws, found.warnings)


def _not_stored(why: Unavailable) -> Response[Any]:
    """Senders repeat by themselves; who reads their logs is told whom to call."""
    detail = "the delivery cannot be stored now; send it again"
    if isinstance(why, Unwritable):
        detail = f"the delivery cannot be stored: {why}. Call an operator; send it again"
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return problem(503, "storage.unavailable", detail, headers=headers)


def unknown_source(product: str) -> Response[Any]:
    """Nobody is configured to send this here."""
    return problem(404, "source.unknown", f"there is no {product} source of this name")
