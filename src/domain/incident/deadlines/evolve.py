"""How what is due changes an incident: which due times are settled, and who knows of it."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineEvent, DeadlineRule
from domain.incident.events import IncidentEvent
from domain.incident.state import Discipline, KnownIncident, with_facts
from domain.kernel.deadline import mark
from domain.kernel.totality import kinds, total

Fold = Callable[[KnownIncident, Any], KnownIncident]


def _act(incident: KnownIncident, event: k.Timed) -> KnownIncident:
    """A due time has been acted upon."""
    return _with(incident, _settle(incident.facts.discipline, event.automatic.rule, event))


def _settle(discipline: Discipline, name: str, event: Any) -> Discipline:
    known = discipline.settled.get(name)
    due_at = max(known, event.due_at) if known else event.due_at
    return replace(discipline, settled={**discipline.settled, name: due_at})


def _pivot(incident: KnownIncident, event: k.TimeboxExpired) -> KnownIncident:
    name = mark(event.automatic.rule, event.hypothesis)
    return _with(incident, _settle(incident.facts.discipline, name, event))


def _escalate(incident: KnownIncident, event: k.Escalated) -> KnownIncident:
    discipline = incident.facts.discipline
    if event.automatic is not None:
        discipline = _settle(discipline, event.automatic.rule, event)
    tiers = tuple(dict.fromkeys((*discipline.tiers, event.tier)))
    return _with(incident, replace(discipline, tiers=tiers))


def _suppress(incident: KnownIncident, event: k.EscalationSuppressed) -> KnownIncident:
    return _with(incident, _settle(incident.facts.discipline, event.rule, event))


def _clear(incident: KnownIncident, event: k.AllClear) -> KnownIncident:
    known = incident.facts.discipline
    given = known.all_clears + 1
    return _with(incident, replace(known, all_clears=given, all_clear_at=event.occurred_at))


def _request(incident: KnownIncident, event: k.PostmortemRequested) -> KnownIncident:
    discipline = _settle(incident.facts.discipline, DeadlineRule.POSTMORTEM, event)
    return _with(incident, replace(discipline, postmortem_due_at=event.due_at))


def _publish(incident: KnownIncident, event: k.PostmortemPublished) -> KnownIncident:
    return _with(incident, replace(incident.facts.discipline, postmortem_url=event.url))


def _with(incident: KnownIncident, discipline: Discipline) -> KnownIncident:
    return with_facts(incident, discipline=discipline)


FOLDS: Mapping[type[IncidentEvent], Fold] = total(
    "folds of deadlines",
    kinds(DeadlineEvent),
    {
        k.ResponseOverdue: _act,
        k.Escalated: _escalate,
        k.EscalationSuppressed: _suppress,
        k.TimeboxExpired: _pivot,
        k.UpdateDue: _act,
        k.UpdateOverdue: _act,
        k.MonitoringEnded: _act,
        k.AllClear: _clear,
        k.PostmortemRequested: _request,
        k.PostmortemOverdue: _act,
        k.PostmortemPublished: _publish,
    },
)
"""That something was due is settled by it; some events say more."""
