"""Examples of firings, quarantine and heartbeats: events, commands, and the way into each phase.

Documents, tests and templates are made from them; the service itself never imports this module.
"""

from datetime import UTC, datetime

from msgspec.structs import replace

from domain.alerting.affected import Affected, AffectedComponent
from domain.alerting.events import EVENTS as FIRING_EVENTS
from domain.alerting.events import AlertEnded, AlertRouted, AlertSpread, AlertUnheard, FiringEvent
from domain.alerting.firing_history import PHASES as FIRING_PHASES
from domain.alerting.firing_history import alert_of
from domain.alerting.firings import End, FiringCommand, Note, Route, Spread
from domain.alerting.heartbeat import EVENTS as HEARTBEAT_EVENTS
from domain.alerting.heartbeat import PHASES as HEARTBEAT_PHASES
from domain.alerting.heartbeat import (
    Beat,
    HeartbeatCommand,
    HeartbeatEvent,
    HeartbeatHeard,
    HeartbeatSilent,
    HeartbeatUnwatched,
    HeartbeatWatched,
    Unwatch,
    Watch,
)
from domain.alerting.quarantine import EVENTS as QUARANTINE_EVENTS
from domain.alerting.quarantine import (
    Discard,
    PassOver,
    Quarantine,
    QuarantineCommand,
    QuarantineEvent,
    QuarantineState,
    Release,
    SignalDiscarded,
    SignalPassedOver,
    SignalQuarantined,
    SignalReleased,
)
from domain.alerting.rules import Action
from domain.alerting.storms import incident_of
from domain.alerting.waiting import EVENTS as WAITING_EVENTS
from domain.alerting.waiting import PHASES as WAITING_PHASES
from domain.alerting.waiting import (
    QuarantineCleared,
    SignalsWaiting,
    Survey,
    WaitingCause,
    WaitingEvent,
)
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds, phases
from domain.policy import Severity


def clock(hour: int, minute: int = 0) -> datetime:
    """A time of the day on which all examples are."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


INCIDENT = "01890a5d-ac96-774b-bcce-b302099a8057"
DATABASE = AffectedComponent("rb5wq1dczvbm", "Database")
ROUTED = AlertRouted(
    occurred_at=clock(12),
    product="alertmanager",
    source="prod",
    alert_id="a1bc48475b20e73d",
    episode="2026-05-04T12:00:00+00:00",
    incident="01890a5d-ac96-774b-bcce-b302099a8057",
    opens=Opens.TRIAGE,
    action=Action.ATTACH,
    rule="payments",
    because="alerts of one service belong together",
    until=clock(14),
    flap_window_s=300,
    title="HighErrorRate: errors above 5 %",
    service="checkout",
    severity=Severity.SEV2,
    signal=7,
    thread="thread.01890a5d-ac96-774b-bcce-b302099a8058",
    heard_at=clock(12, 1),
    place=1,
    event_id="6f3f7c9a2b11",
    storm=incident_of("alertmanager", "prod", 1),
    affected=Affected((DATABASE,), whole=True, page="j2mfxwj97wnj"),
)
ENDED = AlertEnded(
    occurred_at=clock(12, 30),
    product="alertmanager",
    source="prod",
    alert_id="a1bc48475b20e73d",
    episode="2026-05-04T12:00:00+00:00",
    stated=True,
    incident_over=True,
    signal=9,
    place=1,
    heard_at=clock(12, 31),
    event_id="7c9a2b116f3f",
)
UNHEARD = AlertUnheard(
    occurred_at=clock(11),
    alert=Alert(
        product="alertmanager",
        source="prod",
        alert_id="a1bc48475b20e73d",
        event_id="2b116f3f7c9a",
        kind=AlertKind.RESOLVED,
        title="HighErrorRate: errors above 5 %",
    ),
    stated=True,
    signal=5,
    place=1,
    heard_at=clock(11, 1),
    over=True,
)
SPREAD = AlertSpread(
    occurred_at=clock(12, 10),
    product="statuspage",
    source="db-provider",
    alert_id="lbkhbwn21v5q",
    episode="2026-05-04T12:00:00+00:00",
    affected=Affected(
        (DATABASE, AffectedComponent("kr09ddfgbfsf", "API")), whole=True, page="j2mfxwj97wnj"
    ),
)
ROUTE, END, NOTE = Route(routed=ROUTED, own=INCIDENT), End(ended=ENDED), Note(unheard=UNHEARD)
SPREADS = Spread(alert=alert_of(ROUTED), episode=ROUTED.episode, affected=SPREAD.affected)
IGNORED = Route(routed=replace(ROUTED, incident=None, action=Action.IGNORE))

FIRING_SAMPLES: Samples[FiringCommand, FiringEvent] = complete(
    Samples(
        events=(ROUTED, SPREAD, ENDED, UNHEARD),
        commands={"route": ROUTE, "spread": SPREADS, "end": END, "note": NOTE},
        phases={
            "unheard": (),
            "noted": (NOTE,),
            "ignored": (IGNORED,),
            "firing": (ROUTE,),
            "spread": (ROUTE, SPREADS),
            "over": (ROUTE, END),
        },
    ),
    FIRING_EVENTS,
    kinds(FiringCommand),
    FIRING_PHASES,
)

HOLD = Quarantine(
    product="pagerduty",
    source="payments",
    code="event_type.unknown",
    reason="unknown event type: incident.exploded",
    received_at=clock(11, 59),
    body_bytes=512,
)
PASS_OVER = PassOver(
    product="generic",
    source="monitors",
    reason="a test message",
    incidents=("01890a5d-ac96-774b-bcce-b302099a8057",),
)
DISCARD = Discard(reason="a trial of the integration")

QUARANTINE_SAMPLES: Samples[QuarantineCommand, QuarantineEvent] = complete(
    Samples(
        events=(
            SignalQuarantined(
                occurred_at=clock(12),
                product="pagerduty",
                source="payments",
                code="event_type.unknown",
                reason="unknown event type: incident.exploded",
                received_at=clock(11, 59),
                body_bytes=512,
                severity=Severity.SEV1,
                tells=True,
            ),
            SignalReleased(
                occurred_at=clock(12, 30), incidents=("01890a5d-ac96-774b-bcce-b302099a8057",)
            ),
            SignalDiscarded(occurred_at=clock(12, 40), reason="a trial of the integration"),
            SignalPassedOver(
                occurred_at=clock(12, 50),
                product="generic",
                source="monitors",
                reason="a test message",
                flaws=("`startsAt` is no time",),
                follows=True,
                incidents=(INCIDENT,),
            ),
        ),
        commands={
            "quarantine": HOLD,
            "release": Release(incidents=(INCIDENT,)),
            "discard": DISCARD,
            "pass_over": PASS_OVER,
        },
        phases={
            "unremarkable": (),
            "held": (HOLD,),
            "released": (HOLD, Release()),
            "discarded": (HOLD, DISCARD),
            "passed_over": (PASS_OVER,),
        },
    ),
    QUARANTINE_EVENTS,
    kinds(QuarantineCommand),
    phases(QuarantineState),
)

CAUSE = WaitingCause(
    product="pagerduty",
    source="payments",
    code="event_type.unknown",
    count=12,
    position=17,
    reason="unknown event type: incident.exploded",
    severity=Severity.SEV1,
)
SURVEY = Survey(count=12, causes=(CAUSE,), since=clock(11, 50), last=clock(11, 51))

WAITING_SAMPLES: Samples[Survey, WaitingEvent] = complete(
    Samples(
        events=(
            SignalsWaiting(
                occurred_at=clock(12),
                count=12,
                since=clock(11, 50),
                severity=Severity.SEV1,
                causes=(CAUSE,),
            ),
            QuarantineCleared(occurred_at=clock(12, 30)),
        ),
        commands={"survey": SURVEY},
        phases={"empty": (), "waiting": (SURVEY,)},
    ),
    WAITING_EVENTS,
    (Survey,),
    WAITING_PHASES,
)

WATCH = Watch(
    name="prod",
    silence_s=900,
    severity=Severity.SEV1,
    service="monitoring",
    title="Alerts of prod do not arrive",
)
BEAT = Beat(at=clock(12, 25), signal=7)

HEARTBEAT_SAMPLES: Samples[HeartbeatCommand, HeartbeatEvent] = complete(
    Samples(
        events=(
            HeartbeatWatched(
                occurred_at=clock(12),
                silence_s=900,
                severity=Severity.SEV1,
                service="monitoring",
                title="Alerts of prod do not arrive",
            ),
            HeartbeatHeard(occurred_at=clock(12, 5), signal=7),
            HeartbeatSilent(occurred_at=clock(12, 21), due_at=clock(12, 21), heard_at=clock(12, 5)),
            HeartbeatUnwatched(occurred_at=clock(13)),
        ),
        commands={"watch": WATCH, "beat": BEAT, "unwatch": Unwatch()},
        phases={"unwatched": (), "awaited": (WATCH,), "alive": (WATCH, BEAT)},
    ),
    HEARTBEAT_EVENTS,
    kinds(HeartbeatCommand),
    HEARTBEAT_PHASES,
)
