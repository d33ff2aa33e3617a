"""All deadlines of an incident, one line each. The order is that in which they are asked."""

from datetime import datetime

from domain.incident.deadlines.alerts_over import ALERTS_OVER
from domain.incident.deadlines.all_clear import ALL_CLEAR
from domain.incident.deadlines.cadence import CADENCE
from domain.incident.deadlines.escalation import BY_LEVEL, WITHOUT_RESPONSE
from domain.incident.deadlines.events import (
    DeadlineEvent,
    DeadlineRule,
    Escalated,
    EscalationSuppressed,
    PostmortemPublished,
    RecordFiled,
    Seen,
)
from domain.incident.deadlines.first_updates import CUSTOMER_UPDATE, FIRST_UPDATE
from domain.incident.deadlines.history import DeadlineHistory, follow, running
from domain.incident.deadlines.ladder import tell_tier
from domain.incident.deadlines.monitoring import MONITORING
from domain.incident.deadlines.postmortem import POSTMORTEM
from domain.incident.deadlines.questions import is_going_on
from domain.incident.deadlines.response import RESPONSE
from domain.incident.deadlines.root_cause import OVERDUE, ROOT_CAUSE
from domain.incident.deadlines.short_record import SHORT_RECORD
from domain.incident.deadlines.timebox import TIMEBOX
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident, Undeclared
from domain.kernel.deadline import Deadlines, Expire, Prompts, Suppress
from domain.kernel.decider import Context
from domain.kernel.totality import kinds, total


def _settled(incident: KnownIncident, mark: str) -> datetime | None:
    return incident.facts.discipline.settled.get(mark)


def _seen(incident: KnownIncident) -> Seen:
    return incident.facts.seen


def _suppressed(command: Suppress, at: datetime) -> IncidentEvent:
    return EscalationSuppressed(
        occurred_at=at,
        rule=command.rule,
        due_at=command.due_at,
        by=command.by,
        because=command.because,
    )


DEADLINES: Deadlines[DeadlineHistory, KnownIncident, IncidentEvent] = Deadlines(
    initial=DeadlineHistory(),
    follow=follow,
    running=running,
    settled=_settled,
    seen=_seen,
    suppressed=_suppressed,
    all=(
        RESPONSE,
        BY_LEVEL,
        WITHOUT_RESPONSE,
        OVERDUE,
        ROOT_CAUSE,
        TIMEBOX,
        CADENCE,
        FIRST_UPDATE,
        CUSTOMER_UPDATE,
        MONITORING,
        ALERTS_OVER,
        ALL_CLEAR,
        POSTMORTEM,
        SHORT_RECORD,
    ),
    told={
        Escalated: tell_tier(is_going_on),  # by a responder
        EscalationSuppressed: None,
        PostmortemPublished: None,
        RecordFiled: None,
    },
    snapshot=DeadlineHistory,
)
_ORPHANS = set(DeadlineRule).difference(*(deadline.rules for deadline in DEADLINES.all))
if _ORPHANS:
    raise TypeError(f"rules of the deadlines: nothing about {', '.join(sorted(_ORPHANS))}")
TOLD: Prompts[KnownIncident] = total(
    "what is told of deadlines",
    kinds(DeadlineEvent),
    {kind: prompt for kind, prompt in DEADLINES.prompts() if kind in kinds(DeadlineEvent)},
)
"""What is told of each event that a clock, or a person in its stead, causes."""


def decide(command: Expire | Suppress, incident: Incident, context: Context) -> list[IncidentEvent]:
    """What a clock causes; nothing is due of what nobody has recorded."""
    if isinstance(incident, Undeclared):
        return []
    return DEADLINES.decide(command, incident, context)
