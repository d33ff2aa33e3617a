"""Messages to try a channel with: about an incident that is not there, and says so."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from domain.incident import INCIDENT, Incident, IncidentEvent, events
from domain.incident.view import view
from domain.kernel.subject import Subject
from domain.notification import Audience
from domain.notification.intent import Intent, intent_id
from domain.policy import Severity
from handlers.notify.render import Message

TITLE = "Test of this channel, nothing is wrong"
REFERENCE = "INC-0"


def test_messages(audience: Audience, now: datetime, new_id: Callable[[], str]) -> list[Message]:
    """A beginning and an end, both of the lowest severity, so that nothing stays open anywhere."""
    incident_id = new_id()
    declared = events.Declared(
        occurred_at=now,
        number=0,  # as in the reference
        title=TITLE,
        severity=Severity.SEV4,
        policy_version="test",
        kind=events.Kind.TEST,
    )
    resolved = events.Resolved(occurred_at=now, resolution="the test has ended")
    incident: Incident = INCIDENT.initial
    messages = []
    told: tuple[tuple[str, IncidentEvent, str, str], ...] = (
        ("declared", declared, f"[TEST] {TITLE}", "Somebody tries this channel.\nImpact: none"),
        ("resolved", resolved, "[TEST] The test has ended", "Resolution: it was only a test"),
    )
    for position, (kind, event, subject, text) in enumerate(told, start=1):
        incident = INCIDENT.evolve(incident, event)
        source = f"{incident_id}/{position}"
        intent = Intent(
            id=intent_id(source, audience),
            subject=Subject(aggregate="incident", id=incident_id, title=TITLE, reference=REFERENCE),
            event_id=source,
            position=position,
            audience=audience,
            kind=kind,
            severity=Severity.SEV4,
            peak=Severity.SEV4,
            occurred_at=now,
            recorded_at=now,
        )
        show = partial(view, incident_id, incident, position)
        messages.append(Message(intent=intent, subject=subject, text=text, show=show))
    return messages
