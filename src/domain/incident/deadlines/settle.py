"""How what clocks cause changes an incident: which due times are settled, and who knows of it."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule, mark
from domain.incident.events import IncidentEvent
from domain.incident.state import Discipline, KnownIncident, with_facts


def _timed(incident: KnownIncident, event: k.Timed) -> KnownIncident:
    """A due time has been acted upon."""
    hypothesis = event.hypothesis if isinstance(event, k.TimeboxExpired) else None
    name = mark(event.automatic.rule, hypothesis)
    return _with(incident, _settled(incident.facts.discipline, name, event))


def _settled(discipline: Discipline, name: str, event: Any) -> Discipline:
    known = discipline.settled.get(name)
    due_at = max(known, event.due_at) if known else event.due_at
    return replace(discipline, settled={**discipline.settled, name: due_at})


def _escalated(incident: KnownIncident, event: k.Escalated) -> KnownIncident:
    discipline = incident.facts.discipline
    if event.automatic is not None:
        discipline = _settled(discipline, event.automatic.rule, event)
    tiers = tuple(dict.fromkeys((*discipline.tiers, event.tier)))
    return _with(incident, replace(discipline, tiers=tiers))


def _suppressed(incident: KnownIncident, event: k.EscalationSuppressed) -> KnownIncident:
    return _with(incident, _settled(incident.facts.discipline, event.rule, event))


def _all_clear(incident: KnownIncident, event: k.AllClear) -> KnownIncident:
    known = incident.facts.discipline
    given = known.all_clears + 1
    return _with(incident, replace(known, all_clears=given, all_clear_at=event.occurred_at))


def _requested(incident: KnownIncident, event: k.PostmortemRequested) -> KnownIncident:
    discipline = _settled(incident.facts.discipline, DeadlineRule.POSTMORTEM, event)
    return _with(incident, replace(discipline, postmortem_due_at=event.due_at))


def _published(incident: KnownIncident, event: k.PostmortemPublished) -> KnownIncident:
    return _with(incident, replace(incident.facts.discipline, postmortem_url=event.url))


def _with(incident: KnownIncident, discipline: Discipline) -> KnownIncident:
    return with_facts(incident, discipline=discipline)


SETTLING: dict[type[IncidentEvent], Callable[[KnownIncident, Any], KnownIncident]] = {
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
