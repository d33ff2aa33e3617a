"""Where services send signals: `POST /v1/signals/{source}` as CloudEvents, in each of their modes,
or in the shape of PagerDuty's Events API v2, which also has the path that tools made for it expect.

Everything is kept before it is answered, also what is not understood; the answer says what is wrong
with it.
"""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from adapters.http.problems import problem
from adapters.http.webhooks import (
    TooLargeError,
    delivery_of,
    on_too_large,
    receive_signal,
    unknown_source,
)
from adapters.products.cloudevents.translate import SignalEvent
from adapters.products.events_v2 import answer as enqueued
from handlers.ingest.receive import InboundRequest, Receiver, UnauthenticError
from handlers.ingest.translation import Unintelligible

RAW: dict[str, Any] = {
    "application/cloudevents+json": SignalEvent,
    "application/cloudevents-batch+json": list[SignalEvent],
    "application/json": dict[str, Any],
}
"""What is sent: an event, a batch of events, the data alone (the attributes are headers then), or
an event of the Events API v2.
"""

KINDS = ("cloudevents", "events_v2")


class Fault(msgspec.Struct, frozen=True):
    """What is not understood of a signal; it waits in quarantine."""

    code: str
    detail: str


class Taken(msgspec.Struct, frozen=True):
    """What was sent is kept at `position`; `accepted` of its events are understood."""

    position: int
    accepted: int
    problems: tuple[Fault, ...] = ()


class Enqueued(msgspec.Struct, frozen=True):
    """The answer of the Events API v2."""

    status: str
    message: str
    dedup_key: str


def signal_routes(reception: Receiver) -> list[Any]:
    """The route handlers for signals of services."""

    @post(
        "/v1/signals/{source:str}",
        operation_id="send_signal",
        status_code=202,
        request_max_body_size=None,  # the limit is kept by `read_body`
        summary="Send a signal",
        tags=["signals"],
        opt={"raw": RAW, "answer": (Taken, Enqueued)},
    )
    async def send(request: Request[Any, Any, Any], source: FromPath[str]) -> Response[Any]:
        """Send a CloudEvent (structured, binary or a batch), or an event in the shape of the Events
        API v2, as the kind of the source says.
        """
        kind = reception.kind(source)
        if kind not in KINDS:
            return unknown_source("signal")

        def told(delivery: InboundRequest, position: int) -> Response[Any]:
            if kind == "events_v2":
                return _enqueued(delivery)
            outcomes = reception.understood(kind, source, delivery)
            faults = [each for each in outcomes if isinstance(each, Unintelligible)]
            problems = tuple(Fault(each.code, each.reason) for each in faults)
            return Response(Taken(position, len(outcomes) - len(faults), problems), status_code=202)

        return await receive_signal(reception, request, kind, source, told)

    @post(
        "/v2/enqueue",
        operation_id="enqueue_event",
        status_code=202,
        request_max_body_size=None,
        summary="Send an event as to PagerDuty",
        tags=["signals"],
        opt={"raw": {"application/json": dict[str, Any]}, "answer": (Enqueued,)},
    )
    async def enqueue(request: Request[Any, Any, Any]) -> Response[Any]:
        """Send an event of the Events API v2; the routing key, a secret of the source, names it."""
        try:
            delivery = await delivery_of(request)
            source = reception.sender("events_v2", delivery)
        except TooLargeError as error:
            return on_too_large(request, error)
        except UnauthenticError:
            return problem(401, "signature.invalid", "the routing key is missing or wrong")
        return await receive_signal(
            reception, request, "events_v2", source, lambda sent, _: _enqueued(sent), delivery
        )

    return [send, enqueue]


def _enqueued(delivery: InboundRequest) -> Response[Any]:
    status, body = enqueued(delivery.body)
    return Response(body, status_code=status)
