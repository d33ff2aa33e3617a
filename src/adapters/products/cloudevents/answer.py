"""What a service that signals over HTTP is told: what of it is understood, and what is not."""

from typing import Any

import msgspec

from adapters.products.cloudevents.translate import SignalEvent
from adapters.products.kit.route import RouteReply
from adapters.products.kit.source import Became, Signals
from handlers.ingest.reports import ChangeReport, Report, Translation, Unintelligible, flaws_in


class Fault(msgspec.Struct, frozen=True):
    """What is not understood of a signal; it waits in quarantine."""

    code: str
    detail: str


class Taken(msgspec.Struct, frozen=True):
    """What was sent is kept at `position`; `accepted` of its events are understood, but for
    `flaws`.
    """

    position: int
    accepted: int
    problems: tuple[Fault, ...] = ()
    flaws: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    became: Became | msgspec.UnsetType = msgspec.UNSET


def answer(translation: Translation, position: int, became: Became | None = None) -> RouteReply:
    """202 in any case: it is kept."""
    faults = [each for each in translation if isinstance(each, Unintelligible)]
    problems = tuple(Fault(each.code, each.reason) for each in faults)
    accepted = sum(isinstance(each, Report | ChangeReport) for each in translation)
    flaws = flaws_in(translation) or msgspec.UNSET
    return RouteReply(202, Taken(position, accepted, problems, flaws, became or msgspec.UNSET))


SIGNALS = Signals(
    a="a CloudEvent (structured, binary or a batch)",
    media={
        "application/cloudevents+json": SignalEvent,
        "application/cloudevents-batch+json": list[SignalEvent],
        # The data alone: the attributes are headers then.
        "application/json": dict[str, Any],
    },
    answers=(Taken,),
    answer=answer,
    handshake=True,
)
