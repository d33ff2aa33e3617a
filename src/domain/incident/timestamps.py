"""All times that a duration of an incident may count between."""

from datetime import datetime

from msgspec.structs import asdict

from domain.incident.milestones import Milestones
from domain.incident.state import KnownIncident


class Timestamps(Milestones, frozen=True):
    """The milestones, and when customers were told first (by an update for them)."""

    first_public_at: datetime | None = None


def timestamps_of(incident: KnownIncident) -> Timestamps:
    """Those of one incident, as far as they are known."""
    facts = incident.facts
    return Timestamps(**asdict(facts.milestones), first_public_at=facts.response.first_public_at)
