"""How what clocks cause changes an incident: which due times are settled, and who knows of it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.incident import clocks as k
from domain.incident.clocks import Rule, mark
from domain.incident.events import IncidentEvent
from domain.incident.state import Discipline, Recorded, with_facts


def _timed(incident: Recorded, event: k.Timed) -> Recorded:
    """A due time has been acted upon."""
    hypothesis = event.hypothesis if isinstance(event, k.TimeboxExpired) else None
    name = mark(event.automatic.rule, hypothesis)
    return _with(incident, _settled(incident.facts.discipline, name, event))


def _settled(discipline: Discipline, name: str, event: Any) -> Discipline:
    known = discipline.settled.get(name)
    due_at = max(known, event.due_at) if known else event.due_at
    return replace(discipline, settled={**discipline.settled, name: due_at})


def _escalated(incident: Recorded, event: k.Escalated) -> Recorded:
    discipline = incident.facts.discipline
    if event.automatic is not None:
        discipline = _settled(discipline, event.automatic.rule, event)
    tiers = tuple(dict.fromkeys((*discipline.tiers, event.tier)))
    return _with(incident, replace(discipline, tiers=tiers))


def _suppressed(incident: Recorded, event: k.EscalationSuppressed) -> Recorded:
    return _with(incident, _settled(incident.facts.discipline, event.rule, event))


def _all_clear(incident: Recorded, event: k.AllClear) -> Recorded:
    known = incident.facts.discipline
    given = known.all_clears + 1
    return _with(incident, replace(known, all_clears=given, all_clear_at=event.occurred_at))


def _requested(incident: Recorded, event: k.PostmortemRequested) -> Recorded:
    discipline = _settled(incident.facts.discipline, Rule.POSTMORTEM, event)
    return _with(incident, replace(discipline, postmortem_due_at=event.due_at))


def _published(incident: Recorded, event: k.PostmortemPublished) -> Recorded:
    return _with(incident, replace(incident.facts.discipline, postmortem_url=event.url))


def _with(incident: Recorded, discipline: Discipline) -> Recorded:
    return with_facts(incident, discipline=discipline)


SETTLING: dict[type[IncidentEvent], Callable[[Recorded, Any], Recorded]] = {
    k.ResponseOverdue: _timed,
    k.Escalated: _escalated,
    k.EscalationSuppressed: _suppressed,
    k.TimeboxExpired: _timed,
    k.UpdateDue: _timed,
    k.UpdateOverdue: _timed,
    k.MonitoringEnded: _timed,
    k.AllClear: _all_clear,
    k.PostmortemRequested: _requested,
    k.PostmortemOverdue: _timed,
    k.PostmortemPublished: _published,
}
