"""What is said of an incident: to whom, with which facts, and what channels get beside it."""

from collections.abc import Iterable

from domain.incident.events import IncidentEvent
from domain.incident.messages.internal_context import InternalContext, build_internal_context
from domain.incident.messages.public_context import PublicContext, build_public_context
from domain.incident.presentation.digest import ActionTaken, Digest
from domain.incident.presentation.of_events import PRESENTED
from domain.incident.state import Incident
from domain.incident.view import IncidentView, public_view, view
from domain.kernel.notifiable import Contexts
from domain.policy.audience import Audience

__all__ = [
    "CONTEXTS",
    "ActionTaken",
    "Digest",
    "InternalContext",
    "PublicContext",
    "build_internal_context",
    "build_public_context",
    "following",
]


def _show(
    incident_id: str, incident: Incident, position: int, context: InternalContext | PublicContext
) -> IncidentView:
    """The incident as it was then; beside a message to customers, what of it is public."""
    shown = view(incident_id, incident, position)
    assert shown is not None, "what is told of is known"
    return public_view(shown, context.title) if isinstance(context, PublicContext) else shown


def _after(digest: Digest, event: IncidentEvent) -> Digest:
    """The digest after one more event."""
    change = PRESENTED[type(event)].digest
    return change(digest, event) if change else digest


def following(digest: Digest, events: Iterable[IncidentEvent]) -> Digest:
    """The digest after more events."""
    for event in events:
        digest = _after(digest, event)
    return digest


CONTEXTS: Contexts[Incident, IncidentEvent] = Contexts(
    build={
        Audience.ENGINEERING: build_internal_context,
        Audience.EXECUTIVES: build_internal_context,
        Audience.CUSTOMERS: build_public_context,
    },
    digest=Digest(),
    follow=_after,
    show=_show,
)
