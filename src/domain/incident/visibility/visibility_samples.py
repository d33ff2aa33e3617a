"""One example of each event about who sees an incident, with every optional field given."""

from domain.incident import events as e
from domain.incident.corrections.correction_samples import clock
from domain.incident.events import IncidentEvent
from domain.sight import Sight

VISIBILITY_EVENTS: tuple[IncidentEvent, ...] = (
    e.VisibilitySet(
        occurred_at=clock(12, 30),
        private=Sight(("ada", "grace"), ("security",)),
        reason="a person is concerned",
        by_role=True,
    ),
)
