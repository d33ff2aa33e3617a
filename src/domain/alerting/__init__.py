"""What becomes of an alert: the rules, the firings, and what is not understood."""

from msgspec.structs import replace

from domain.alerting import (
    change_log,
    events,
    firing_history,
    firings,
    heartbeat,
    quarantine,
    storm_events,
    storms,
    waiting,
)
from domain.alerting.affected import Affected, AffectedComponent
from domain.alerting.change_log import ChangeEvent, ChangeReported, ChangeTally, ReportChange
from domain.alerting.events import AlertEnded, AlertRouted, AlertSpread, AlertUnheard, FiringEvent
from domain.alerting.firing_history import AlertRef, Arrival, Firing, FiringHistory
from domain.alerting.firings import End, FiringCommand, Note, Route, Spread
from domain.alerting.heartbeat import (
    Heartbeat,
    HeartbeatCommand,
    HeartbeatEvent,
    HeartbeatWatched,
    Watch,
)
from domain.alerting.quarantine import (
    PassOver,
    Quarantine,
    QuarantineCommand,
    QuarantineEvent,
    QuarantineState,
    SignalPassedOver,
    SignalQuarantined,
    Unremarkable,
)
from domain.alerting.rules import Action, AlertAttributes, RoutingDecision, Rulebook, route
from domain.alerting.storm_events import StormBegan, StormEvent
from domain.alerting.storms import Begin, Quiet, StormCommand, Storms
from domain.alerting.waiting import (
    QuarantineCleared,
    SignalsWaiting,
    Survey,
    WaitingEvent,
    WaitingTold,
)
from domain.kernel.aggregate import Aggregate, IdKind, Samples
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiables, Topic, to
from domain.kernel.totality import total
from domain.policy.audience import Audience

__all__ = [
    "CHANGES",
    "FIRINGS",
    "HEARTBEAT",
    "QUARANTINE",
    "STORMS",
    "THREADS",
    "WAITING",
    "WAITING_SIGNALS",
    "Action",
    "Affected",
    "AffectedComponent",
    "AlertAttributes",
    "AlertEnded",
    "AlertRef",
    "AlertRouted",
    "AlertSpread",
    "AlertUnheard",
    "Arrival",
    "ChangeReported",
    "End",
    "Firing",
    "FiringEvent",
    "FiringHistory",
    "Note",
    "ReportChange",
    "Route",
    "RoutingDecision",
    "Rulebook",
    "SignalPassedOver",
    "Spread",
    "route",
]


def _firing_samples() -> Samples[FiringCommand, FiringEvent]:
    from domain.alerting.samples import FIRING_SAMPLES  # noqa: PLC0415 - for documents and tests

    return FIRING_SAMPLES


def _quarantine_samples() -> Samples[QuarantineCommand, QuarantineEvent]:
    from domain.alerting.samples import QUARANTINE_SAMPLES  # noqa: PLC0415 - likewise

    return QUARANTINE_SAMPLES


def _storm_samples() -> Samples[StormCommand, StormEvent]:
    from domain.alerting.storm_samples import STORM_SAMPLES  # noqa: PLC0415 - likewise

    return STORM_SAMPLES


def _change_samples() -> Samples[ReportChange, ChangeEvent]:
    from domain.alerting.change_samples import CHANGE_SAMPLES  # noqa: PLC0415 - likewise

    return CHANGE_SAMPLES


def _waiting_samples() -> Samples[Survey, WaitingEvent]:
    from domain.alerting.samples import WAITING_SAMPLES  # noqa: PLC0415 - likewise

    return WAITING_SAMPLES


def _heartbeat_samples() -> Samples[HeartbeatCommand, HeartbeatEvent]:
    from domain.alerting.samples import HEARTBEAT_SAMPLES  # noqa: PLC0415 - likewise

    return HEARTBEAT_SAMPLES


FIRINGS: Aggregate[FiringCommand, FiringHistory, FiringEvent] = Aggregate(
    name="alert",
    plural="alerts",
    decider=Decider(initial=FiringHistory(), decide=firings.decide, evolve=firing_history.evolve),
    events=events.EVENTS,
    begin=(AlertRouted, AlertUnheard),
    opens=(Route, Note),
    samples=_firing_samples,
    over_gaps=True,
)
"""The firings of one alert."""

THREADS: Aggregate[FiringCommand, FiringHistory, FiringEvent] = replace(
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
    begin=(SignalQuarantined, SignalPassedOver),
    opens=(Quarantine, PassOver),
    samples=_quarantine_samples,
    over_gaps=True,
)
"""A stored signal that could not be used, or of which something was passed over."""

STORMS: Aggregate[StormCommand, Storms, StormEvent] = Aggregate(
    name="storm",
    plural="storms",
    decider=Decider(initial=Quiet(), decide=storms.decide, evolve=storms.evolve),
    events=storm_events.EVENTS,
    begin=(StormBegan,),
    opens=(Begin,),
    samples=_storm_samples,
    over_gaps=True,
)
"""The storms of one source. Its id is `<product>:<source>`."""

CHANGES: Aggregate[ReportChange, ChangeTally, ChangeEvent] = Aggregate(
    name="change",
    plural="changes",
    decider=Decider(initial=ChangeTally(), decide=change_log.decide, evolve=change_log.evolve),
    events=change_log.EVENTS,
    begin=change_log.EVENTS,
    opens=(ReportChange,),
    samples=_change_samples,
    over_gaps=True,
)
"""Changes of systems that are told in the same words."""

WAITING: Aggregate[Survey, WaitingTold, WaitingEvent] = Aggregate(
    name="quarantine",
    plural="quarantines",
    listed_at="/v1/quarantine",
    decider=Decider(initial=WaitingTold(), decide=waiting.decide, evolve=waiting.evolve),
    events=waiting.EVENTS,
    begin=waiting.EVENTS,
    opens=(Survey,),
    samples=_waiting_samples,
    over_gaps=True,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of the quarantine",
            waiting.EVENTS,
            {
                SignalsWaiting: to("waiting", Audience.ENGINEERING),
                QuarantineCleared: to("cleared", Audience.ENGINEERING),
            },
        ),
        heard={
            Audience.ENGINEERING: ("waiting", "cleared"),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=lambda state: Topic("Signals that were not understood", severity=state.severity),
        describe=waiting.describe,
        holds=waiting.holds,
    ),
)
"""All signals that could not be used, whose id is `WAITING_SIGNALS`."""

WAITING_SIGNALS = "signals"
"""The one quarantine that there is."""


HEARTBEAT: Aggregate[HeartbeatCommand, Heartbeat, HeartbeatEvent] = Aggregate(
    name="heartbeat",
    plural="heartbeats",
    decider=Decider(initial=Heartbeat(), decide=heartbeat.decide, evolve=heartbeat.evolve),
    events=heartbeat.EVENTS,
    begin=(HeartbeatWatched,),
    opens=(Watch,),
    id_kind=IdKind.SLUG,
    slug=lambda command: command.name,
    samples=_heartbeat_samples,
    deadlines=heartbeat.DEADLINES,
    snapshot=Heartbeat,
)
"""What has to be heard again and again, by its configured name."""
