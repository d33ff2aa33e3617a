"""Two incidents that are one: a duplicate ends, and the other carries on."""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent
from domain.incident.state import Duplicate, Facts, KnownIncident, with_facts
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused


def merge(command: c.Merge, context: Context, at: datetime) -> list[IncidentEvent]:
    """End here; the executor has replaced a reference by the id, and gives its number along."""
    if not context.number:
        raise Refused("incident.unknown", "there is no incident to merge into", field="into")
    return [
        e.Merged(
            occurred_at=at, into=command.into, into_number=context.number, reason=command.reason
        )
    ]


def attach_duplicate(command: c.AttachDuplicate, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Carry another incident on, which is attached once."""
    if command.duplicate in facts.about.duplicates:
        return []
    return [
        e.DuplicateAttached(
            occurred_at=at,
            duplicate=command.duplicate,
            duplicate_number=command.duplicate_number,
        )
    ]


def fold_merged(incident: KnownIncident, event: e.Merged, actor: str) -> Duplicate:
    """Over, for good."""
    facts, at = settle(incident), event.occurred_at
    return Duplicate(facts, event.into, event.into_number, at, by=actor)


def fold_attached(incident: KnownIncident, event: e.DuplicateAttached) -> KnownIncident:
    """One more that turned out to be this one."""
    about = incident.facts.about
    duplicates = (*about.duplicates, event.duplicate)
    return with_facts(incident, about=replace(about, duplicates=duplicates))
