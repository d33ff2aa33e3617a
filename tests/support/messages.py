"""A message to send, as channels get it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident import events as e
from domain.incident.impact import Impact
from domain.incident.view import IncidentView, view
from domain.kernel.subject import Subject
from domain.notification import Audience
from domain.notification.intent import Intent
from domain.policy import DEFAULT, Severity
from handlers.notify.render import Message

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
INCIDENT_ID = "01970001-0000-7000-8000-000000000000"


def incident(**more: Any) -> IncidentView:
    """An incident that has just been declared."""
    values: dict[str, Any] = {
        "occurred_at": NOON,
        "number": 7,
        "title": "Errors",
        "severity": Severity.SEV1,
        "policy_version": DEFAULT.version,
        "services": ("checkout",),
        "impact": Impact(percent_affected=30.0),
    }
    shown = view(
        INCIDENT_ID, INCIDENT.evolve(INCIDENT.initial, e.Declared(**{**values, **more})), 1
    )
    assert shown is not None
    return shown


def intent(number: int = 1, **more: Any) -> Intent:
    """Of an event at position `number`; its id follows from that."""
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "event_id": "c1/0",
        "position": number,
        "audience": Audience.ENGINEERING,
        "kind": "declared",
        "severity": Severity.SEV1,
        "peak": Severity.SEV1,
        "occurred_at": NOON,
        "recorded_at": NOON + timedelta(seconds=1),
        "subject": Subject(
            aggregate="incident",
            id=more.pop("incident_id", INCIDENT_ID),
            title="Errors",
            reference="INC-7",
            services=("checkout",),
        ),
    }
    return Intent(**{**values, **more})


def message(
    number: int = 1,
    subject: str = "[SEV1] checkout — Errors",
    text: str = "INC-7: Errors\nImpact: 30% of users",
    **more: Any,
) -> Message:
    """A message; `more` are fields of its intent."""
    return Message(intent=intent(number, **more), subject=subject, text=text, show=incident)


def about(sent: Message, **changes: Any) -> Message:
    """The message with another incident below it."""
    assert sent.shown is not None
    changed = replace(sent.shown, **changes)
    return replace(sent, show=lambda: changed)
