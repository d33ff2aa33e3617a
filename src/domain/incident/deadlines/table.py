"""All deadlines of an incident, one line each. The order is that in which they are asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from domain.incident.deadlines.alerts_over import ALERTS_OVER
from domain.incident.deadlines.all_clear import ALL_CLEAR, fold_given
from domain.incident.deadlines.cadence import CADENCE
from domain.incident.deadlines.escalation import BY_LEVEL, WITHOUT_RESPONSE
from domain.incident.deadlines.events import (
    AllClear,
    DeadlineEvent,
    DeadlineRule,
    Escalated,
    EscalationSuppressed,
    PostmortemPublished,
    RecordFiled,
    SeenIncident,
    Timed,
)
from domain.incident.deadlines.first_updates import CUSTOMER_UPDATE, FIRST_UPDATE
from domain.incident.deadlines.history import DeadlineHistory, follow, running
from domain.incident.deadlines.ladder import fold_escalated, tell_tier
from domain.incident.deadlines.monitoring import MONITORING
from domain.incident.deadlines.postmortem import POSTMORTEM, fold_published
from domain.incident.deadlines.questions import asks, is_going_on
from domain.incident.deadlines.response import RESPONSE
from domain.incident.deadlines.root_cause import OVERDUE, ROOT_CAUSE
from domain.incident.deadlines.short_record import SHORT_RECORD, fold_filed
from domain.incident.deadlines.timebox import TIMEBOX
from domain.incident.deadlines.timed_rule import Fold, TimedRule, check
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident, Undeclared, with_facts
from domain.kernel.deadline import Deadlines, Expire, Prompt, Prompts, Suppress
from domain.kernel.decider import Context
from domain.kernel.totality import kinds, total


def _settled(incident: KnownIncident, mark: str) -> datetime | None:
    return incident.facts.discipline.settled.get(mark)


def _seen(incident: KnownIncident) -> SeenIncident:
    return incident.facts.seen


def _suppressed(command: Suppress, at: datetime) -> IncidentEvent:
    return EscalationSuppressed(
        occurred_at=at,
        rule=command.rule,
        due_at=command.due_at,
        by=command.by,
        because=command.because,
    )


def _fold_suppressed(incident: KnownIncident, event: EscalationSuppressed) -> KnownIncident:
    """The question had been answered."""
    discipline = incident.facts.discipline.settle(event.rule, event.due_at)
    return with_facts(incident, discipline=discipline)


TIMED_RULES: tuple[TimedRule, ...] = (
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
)


class Beside(NamedTuple):
    """What is told of an event that people cause, too, and how it changes the incident."""

    prompt: Prompt[KnownIncident, Any] | None
    fold: Fold


BESIDE: Mapping[type[Any], Beside] = total(
    "what is not of a clock alone",
    [kind for kind in kinds(DeadlineEvent) if not issubclass(kind, Timed)],
    {
        Escalated: Beside(tell_tier(asks(is_going_on)), fold_escalated),  # by a responder
        EscalationSuppressed: Beside(None, _fold_suppressed),
        AllClear: Beside(ALL_CLEAR.deadline.prompts[AllClear], fold_given),
        PostmortemPublished: Beside(None, fold_published),
        RecordFiled: Beside(None, fold_filed),
    },
)
DEADLINES: Deadlines[DeadlineHistory, KnownIncident, IncidentEvent] = Deadlines(
    initial=DeadlineHistory(),
    follow=follow,
    running=running,
    settled=_settled,
    seen=_seen,
    suppressed=_suppressed,
    all=tuple(timed.deadline for timed in TIMED_RULES),
    told={kind: beside.prompt for kind, beside in BESIDE.items()},
    snapshot=DeadlineHistory,
)
for timed in TIMED_RULES:
    check(timed)
total(
    "rules of the deadlines",
    DeadlineRule,
    {rule: words for timed in TIMED_RULES for rule, words in timed.words.items()},
)
TOLD: Prompts[KnownIncident] = total(
    "what is told of deadlines",
    kinds(DeadlineEvent),
    {kind: prompt for kind, prompt in DEADLINES.prompts() if kind in kinds(DeadlineEvent)},
)
"""What is told of each event that a clock, or a person in its stead, causes."""

FOLDS: Mapping[type[IncidentEvent], Fold] = total(
    "folds of deadlines",
    kinds(DeadlineEvent),
    {
        **{kind: fold for timed in TIMED_RULES for kind, fold in timed.folds.items()},
        **{kind: beside.fold for kind, beside in BESIDE.items()},
    },
)
"""That something was due is settled by it; some events say more."""


def decide(command: Expire | Suppress, incident: Incident, context: Context) -> list[IncidentEvent]:
    """What a clock causes; nothing is due of what nobody has recorded."""
    if isinstance(incident, Undeclared):
        return []
    return DEADLINES.decide(command, incident, context)
