"""What the sender of an event hears, as from PagerDuty."""

from typing import Any

import msgspec

from adapters.products.events_v2.change_events import CHANGE
from adapters.products.events_v2.translate import give_key
from adapters.products.kit.route import RouteReply
from adapters.products.kit.source import Became, SharedAddress, Signals
from handlers.ingest.reports import ChangeReport, Report, Translation, Unintelligible, flaws_in


class Enqueued(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer of the Events API v2, and beside it what of the event could not be read."""

    status: str
    message: str
    dedup_key: str
    flaws: tuple[str, ...] = ()
    became: Became | None = None


class ChangeEnqueued(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer of the Events API v2 to a change event."""

    status: str
    message: str
    flaws: tuple[str, ...] = ()
    became: Became | None = None


def answer(translation: Translation, position: int, became: Became | None = None) -> RouteReply:
    """202, or 400 for what says nothing; it is kept all the same."""
    faults = [each.reason for each in translation if isinstance(each, Unintelligible)]
    told = [each for each in translation if isinstance(each, Report | ChangeReport)]
    if not told:
        errors = faults
        invalid = {"status": "invalid event", "message": "Event object is invalid"}
        return RouteReply(400, {**invalid, "errors": errors})
    outcome, *_ = told  # of several it hears the key of the first
    flaws = (*flaws_in(translation), *faults)
    if isinstance(outcome, ChangeReport):
        processed = ChangeEnqueued("success", "Change event processed", flaws, became)
        return RouteReply(202, processed)
    key = outcome.alert.alert_id
    if outcome.keyless:
        key = give_key(key, position)
    return RouteReply(202, Enqueued("success", "Event processed", key, flaws, became))


UNAUTHENTIC = "the routing key is missing or wrong"

SIGNALS = Signals(
    a="an event in the shape of the Events API v2",
    media={"application/json": dict[str, Any]},
    answers=(Enqueued, ChangeEnqueued),
    answer=answer,
    shared=(
        SharedAddress(
            path="/v2/enqueue",
            operation_id="enqueue_event",
            summary="Send an event as to PagerDuty",
            description="Send an event of the Events API v2; the routing key, a secret of the"
            " source, names it.",
            unauthentic=UNAUTHENTIC,
        ),
        SharedAddress(
            path="/v2/change/enqueue",
            operation_id="enqueue_change_event",
            summary="Send a change event as to PagerDuty",
            description="Send a change event of the Events API v2, such as a deployment: a line on"
            " the timelines of incidents of its service.",
            unauthentic=UNAUTHENTIC,
            form=CHANGE,
        ),
    ),
)
