"""Status updates: what stakeholders are told.

Source: brief, "Manage stakeholder communication … per audience".
"""

from datetime import datetime

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent, UpdateStatus
from domain.incident.state import KnownIncident, Open, with_response
from domain.incident.times import latest
from domain.kernel.refusal import Refused
from domain.policy.audience import Audience


def post_update(
    command: c.PostUpdate, incident: KnownIncident, at: datetime
) -> list[IncidentEvent]:
    """Tell stakeholders; the status is the present one unless the sender names another."""
    present = UpdateStatus(incident.stage) if isinstance(incident, Open) else UpdateStatus.RESOLVED
    status = command.status or present
    if command.headline and Audience.CUSTOMERS not in command.audiences:
        raise Refused(
            "update.headline_not_public",
            "a headline is what customers see, and this update is not addressed to them",
            field="headline",
            rule="A headline belongs to an update for customers.",
        )
    return [
        e.UpdatePosted(
            occurred_at=at,
            text=command.text,
            status=status,
            audiences=tuple(dict.fromkeys(command.audiences)),
            headline=command.headline,
        )
    ]


def fold_posted(incident: KnownIncident, event: e.UpdatePosted) -> KnownIncident:
    """One more, which may be backfilled."""
    known = incident.facts.response
    return with_response(
        incident,
        last_update_at=latest(known.last_update_at, event.occurred_at),
        updates=known.updates + 1,
        headline=event.headline or known.headline,
        public=known.public or Audience.CUSTOMERS in event.audiences,
    )
