"""Changes of systems on a timeline: what responders ask for first is what was changed just before.

A change is a line and nothing else. It raises no severity, answers no deadline, takes no incident
in hand, and nobody is told of it (decision 38).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.milestones import Milestones
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.incident.system_change import SystemChange

BEFORE = timedelta(hours=1)
"""So long before an incident began its changes are of interest."""
CHANGES_MAX = 50
"""So many changes stand on one timeline."""
FORMER_MAX = 10
"""Of those, so many may be older, and heard of while it goes on: somebody may backfill years."""


def note_change(command: c.NoteChange, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A change was heard of that may have to do with it."""
    former = not is_within(at, facts.milestones)
    most = FORMER_MAX if former else CHANGES_MAX
    if command.change.id in facts.changes or len(facts.changes) >= most:
        return []
    return [e.ChangeNoted(occurred_at=at, change=command.change)]


def fold_change(incident: KnownIncident, event: e.ChangeNoted) -> KnownIncident:
    """It stands in the timeline, once."""
    return with_facts(incident, changes=(*incident.facts.changes, event.change.id))


def period(milestones: Milestones) -> tuple[datetime, datetime | None] | None:
    """From when to when changes are of interest to an incident; no end: it goes on."""
    known = (milestones.impact_started_at, milestones.detected_at, milestones.declared_at)
    began_at = min(filter(None, known), default=None)
    return None if began_at is None else (began_at - BEFORE, milestones.resolved_at)


def is_within(at: datetime, milestones: Milestones) -> bool:
    """Whether a change at that time may have to do with an incident."""
    asked = period(milestones)
    return asked is not None and asked[0] <= at and (asked[1] is None or at <= asked[1])


def is_of(change: SystemChange, services: Collection[str], known: Collection[str]) -> bool:
    """Whether a change is one of these services. What names none may be of any, and an incident
    that names none may have any cause. Where a change was made counts as its service if it is
    called like one that is `known`.
    """
    named = change.service
    if named is None and change.origin and _folded(change.origin) in map(_folded, known):
        named = change.origin
    return named is None or not services or _folded(named) in map(_folded, services)


def _folded(name: str) -> str:
    return name.casefold()
