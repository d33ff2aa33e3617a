"""Incidents of which there is something to tell, as commits of a log."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from domain.incident import events as e
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.impact import Impact
from domain.kernel.commit import Commit, Event, Recorded
from domain.notification.intent import Intent, intents_of
from domain.policy import DEFAULT, Functionality, Severity
from handlers.projecting.folder import Folder
from projections.outbox.intents import INTENTS, NOTIFIABLE

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def declared(severity: Severity = Severity.SEV1, **more: Any) -> e.Declared:
    values: dict[str, Any] = {
        "occurred_at": NOON,
        "number": 7,
        "title": "Payments fail",
        "severity": severity,
        "policy_version": DEFAULT.version,
        "services": ("checkout",),
        "impact": Impact(percent_affected=30.0, functionality=Functionality.KEY_FEATURE_DOWN),
    }
    return e.Declared(**{**values, **more})


def changed(severity: Severity, previous: Severity) -> e.SeverityChanged:
    return e.SeverityChanged(
        occurred_at=at(4), severity=severity, previous=previous, reason="it spreads"
    )


def upgraded(severity: Severity, previous: Severity) -> e.SeverityUpgraded:
    return e.SeverityUpgraded(
        occurred_at=NOON,
        severity=severity,
        previous=previous,
        reason="data may be lost",
        automatic=e.Automatic(rule="data", policy_version=DEFAULT.version, caused_by="c1/0"),
    )


def alert(
    kind: AlertKind,
    minutes: float,
    severity: Severity | None = None,
    *,
    opens: Opens = Opens.INCIDENT,
) -> e.AlertReceived:
    return e.AlertReceived(
        occurred_at=at(minutes),
        alert=Alert(
            product="pagerduty",
            source="pd",
            alert_id="P1",
            event_id=f"{kind}-{minutes}",
            kind=kind,
            opens=opens,
            title="Error rate above 5%",
            service="checkout",
        ),
        policy_version=DEFAULT.version,
        severity=severity,
        number=7,
        unassessed=Severity.SEV2,
    )


def update(minutes: float, text: str = "Rolling back.") -> e.UpdatePosted:
    return e.UpdatePosted(occurred_at=at(minutes), text=text, status=e.UpdateStatus.MITIGATING)


def mitigated(minutes: float = 30) -> e.Mitigated:
    return e.Mitigated(occurred_at=at(minutes), mitigation="Rolled back")


def resolved(minutes: float = 60) -> e.Resolved:
    return e.Resolved(occurred_at=at(minutes), resolution="Rolled back, queue drained")


def log(*commits: Event | Sequence[Event]) -> list[Recorded[Event]]:
    """Commits of incident `x`, one event each or several."""
    positions = count(1)
    return [
        Recorded(
            (position := next(positions)),
            "incident.x",
            Commit(
                id=f"c{position}",
                actor="ana",
                correlation_id="k",
                recorded_at=at(100 + position),
                events=tuple(events) if isinstance(events, list | tuple) else (events,),  # type: ignore[arg-type]
            ),
        )
        for events in commits
    ]


def intents(story: Sequence[Recorded[Event]]) -> list[Intent]:
    """What is to be told of it, to whom."""
    folder, names = Folder(INTENTS), [column.name for column in NOTIFIABLE.columns]
    rows = folder.fold(folder.select(story)).rows.get(NOTIFIABLE.name, {}).values()
    found = [dict(zip(names, row, strict=True)) for row in rows if row]
    return [intent for row in found for intent in intents_of(row)]
