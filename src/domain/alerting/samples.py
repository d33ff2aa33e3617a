"""Examples of firings and of the quarantine: events, commands, and the way into each phase.

Documents, tests and templates are made from them; the service itself never imports this module.
"""

from datetime import UTC, datetime

from msgspec.structs import replace

from domain.alerting.firings import EVENTS as FIRING_EVENTS
from domain.alerting.firings import AlertEnded, AlertRouted, End, FiringEvent, Route
from domain.alerting.quarantine import EVENTS as QUARANTINE_EVENTS
from domain.alerting.quarantine import (
    Discard,
    Quarantine,
    QuarantineCommand,
    QuarantineEvent,
    Release,
    SignalDiscarded,
    SignalQuarantined,
    SignalReleased,
)
from domain.alerting.rules import Action
from domain.incident.alerts.alert import Opens
from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.policy import Severity


def clock(hour: int, minute: int = 0) -> datetime:
    """A time of the day on which all examples are."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


INCIDENT = "01890a5d-ac96-774b-bcce-b302099a8057"
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
)
ENDED = AlertEnded(
    occurred_at=clock(12, 30),
    product="alertmanager",
    source="prod",
    alert_id="a1bc48475b20e73d",
    episode="2026-05-04T12:00:00+00:00",
)
ROUTE, END = Route(routed=ROUTED, own=INCIDENT), End(ended=ENDED)
IGNORED = Route(routed=replace(ROUTED, incident=None, action=Action.IGNORE))

FIRING_SAMPLES: Samples[Route | End, FiringEvent] = complete(
    Samples(
        events=(ROUTED, ENDED),
        commands={"route": ROUTE, "end": END},
        phases={"unheard": (), "ignored": (IGNORED,), "firing": (ROUTE,), "over": (ROUTE, END)},
    ),
    FIRING_EVENTS,
    kinds(Route | End),
)

HOLD = Quarantine(
    product="pagerduty",
    source="payments",
    code="event_type.unknown",
    reason="unknown event type: incident.exploded",
    received_at=clock(11, 59),
    body_bytes=512,
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
            ),
            SignalReleased(
                occurred_at=clock(12, 30), incidents=("01890a5d-ac96-774b-bcce-b302099a8057",)
            ),
            SignalDiscarded(occurred_at=clock(12, 40), reason="a trial of the integration"),
        ),
        commands={
            "quarantine": HOLD,
            "release": Release(incidents=(INCIDENT,)),
            "discard": DISCARD,
        },
        phases={
            "unremarkable": (),
            "held": (HOLD,),
            "released": (HOLD, Release()),
            "discarded": (HOLD, DISCARD),
        },
    ),
    QUARANTINE_EVENTS,
    kinds(QuarantineCommand),
)
