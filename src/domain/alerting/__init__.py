"""What becomes of an alert: the rules, the firings, and what is not understood."""

from msgspec.structs import replace

from domain.alerting import firings, quarantine
from domain.alerting.firings import (
    AlertEnded,
    AlertRouted,
    End,
    Firing,
    FiringEvent,
    FiringHistory,
    Route,
)
from domain.alerting.quarantine import (
    Quarantine,
    QuarantineCommand,
    QuarantineEvent,
    QuarantineState,
    SignalQuarantined,
    Unremarkable,
)
from domain.alerting.rules import Action, AlertAttributes, Decision, Rulebook, route
from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider

__all__ = [
    "FIRINGS",
    "QUARANTINE",
    "THREADS",
    "Action",
    "AlertAttributes",
    "AlertEnded",
    "AlertRouted",
    "Decision",
    "End",
    "Firing",
    "FiringEvent",
    "FiringHistory",
    "Route",
    "Rulebook",
    "route",
]


def _firing_samples() -> Samples[Route | End, FiringEvent]:
    from domain.alerting.samples import FIRING_SAMPLES  # noqa: PLC0415 - for documents and tests

    return FIRING_SAMPLES


def _quarantine_samples() -> Samples[QuarantineCommand, QuarantineEvent]:
    from domain.alerting.samples import QUARANTINE_SAMPLES  # noqa: PLC0415 - likewise

    return QUARANTINE_SAMPLES


FIRINGS: Aggregate[Route | End, FiringHistory, FiringEvent] = Aggregate(
    name="alert",
    plural="alerts",
    decider=Decider(initial=FiringHistory(), decide=firings.decide, evolve=firings.evolve),
    events=firings.EVENTS,
    begin=(AlertRouted,),
    opens=(Route,),
    samples=_firing_samples,
    over_gaps=True,
)
"""The firings of one alert."""

THREADS: Aggregate[Route | End, FiringHistory, FiringEvent] = replace(
    FIRINGS, name="thread", plural="threads"
)
"""The firings of all alerts that have something in common."""

QUARANTINE: Aggregate[QuarantineCommand, QuarantineState, QuarantineEvent] = Aggregate(
    name="signal",
    plural="signals",
    decider=Decider(
        initial=Unremarkable(),
        decide=quarantine.decide,
        evolve=quarantine.evolve,
    ),
    events=quarantine.EVENTS,
    begin=(SignalQuarantined,),
    opens=(Quarantine,),
    samples=_quarantine_samples,
    over_gaps=True,
)
"""A stored signal that could not be used."""
