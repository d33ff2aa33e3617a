"""How what is due changes an incident: which due times are settled, and who knows of it."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.incident.deadlines import (
    all_clear,
    cadence,
    ladder,
    postmortem,
    short_record,
    timebox,
)
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineEvent
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident, with_facts
from domain.kernel.totality import kinds, total

Fold = Callable[[KnownIncident, Any], KnownIncident]


def _act(incident: KnownIncident, event: k.Timed) -> KnownIncident:
    """A due time has been acted upon."""
    discipline = incident.facts.discipline.settle(event.automatic.rule, event.due_at)
    return with_facts(incident, discipline=discipline)


def _suppress(incident: KnownIncident, event: k.EscalationSuppressed) -> KnownIncident:
    """The question had been answered."""
    discipline = incident.facts.discipline.settle(event.rule, event.due_at)
    return with_facts(incident, discipline=discipline)


FOLDS: Mapping[type[IncidentEvent], Fold] = total(
    "folds of deadlines",
    kinds(DeadlineEvent),
    {
        k.ResponseOverdue: _act,
        k.RootCauseOverdue: _act,
        k.Escalated: ladder.fold_escalated,
        k.EscalationSuppressed: _suppress,
        k.TimeboxExpired: timebox.fold_expired,
        k.UpdateDue: cadence.fold_settled,
        k.UpdateOverdue: cadence.fold_settled,
        k.FirstUpdateOverdue: _act,
        k.MonitoringEnded: _act,
        k.AlertsOver: _act,
        k.AllClear: all_clear.fold_given,
        k.PostmortemRequested: postmortem.fold_requested,
        k.PostmortemOverdue: _act,
        k.PostmortemPublished: postmortem.fold_published,
        k.RecordOverdue: _act,
        k.RecordFiled: short_record.fold_filed,
    },
)
"""That something was due is settled by it; some events say more."""
