"""What the public may know of an incident, and nothing else: what customers are told is made of
this alone, so what is private cannot get into it.
"""

from datetime import datetime

import msgspec

from domain.incident import events as e
from domain.incident.carried_on import brought_headline
from domain.incident.events import IncidentEvent
from domain.incident.presentation.corrected_update import CorrectedUpdate, public_correction
from domain.incident.state import Incident, Open, Undeclared, status
from domain.kernel.notifiable import MessageContext
from domain.policy import Policy
from domain.policy.audience import Audience

UNNAMED = "Our service"
"""What an incident is called that has no public title, and of which no service is known."""


class PublicContext(msgspec.Struct, frozen=True, kw_only=True):
    """An incident at an event, for customers. `headline` is its public title, if it has one;
    `text` is that of an update to them, no other words of responders are here; `next_update_s` is
    in how many seconds they hear again, while it goes on; `corrected` is an update to them that
    was put right.
    """

    kind: str
    at: datetime
    headline: str | None
    services: tuple[str, ...]
    status: str
    text: str | None
    automatic: bool
    started_at: datetime | None
    resolved_at: datetime | None
    next_update_s: int | None
    corrected: CorrectedUpdate | None = None

    @property
    def audience(self) -> Audience:
        """Whom it is for, as in an internal context."""
        return Audience.CUSTOMERS

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of the templates that may word it, the most special first. What customers are
        told never comes from a template that others share.
        """
        return (f"{self.audience.value}.{self.kind}", self.audience.value)

    @property
    def least(self) -> tuple[str, str]:
        """The least that can be said: a subject and a text, still without what is private."""
        return f"[UPDATE] {', '.join(self.services) or UNNAMED}", self.text or self.status

    @property
    def title(self) -> str:
        """What the incident is called in public."""
        return self.headline or ", ".join(self.services) or UNNAMED


def build_public_context(
    _audience: Audience,
    kind: str,
    context: MessageContext[Incident, IncidentEvent],
    policy: Policy,
) -> PublicContext:
    """What customers may know of an event."""
    incident, event, digest, _ = context
    assert not isinstance(incident, Undeclared), "what is told of is known"
    facts = incident.facts
    update = _public(event)
    return PublicContext(
        kind=kind,
        at=event.occurred_at,
        headline=(update and update.headline) or digest.headline or brought_headline(facts),
        services=facts.about.services,
        status=update.status.value if update else status(incident),
        text=update.text if update else None,
        automatic=update is not None and update.automatic is not None,
        started_at=facts.milestones.began_at,
        resolved_at=facts.milestones.resolved_at,
        next_update_s=policy.levels[facts.severity].cadence_s(Audience.CUSTOMERS)
        if isinstance(incident, Open)
        else None,
        corrected=public_correction(event),
    )


def _public(event: IncidentEvent) -> e.UpdatePosted | None:
    """The event, if its words are for customers: such updates are the only words that are."""
    if isinstance(event, e.UpdatePosted) and Audience.CUSTOMERS in event.audiences:
        return event
    return None
