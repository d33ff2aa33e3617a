"""Root cause. Brief, "Escalation Triggers": "No root cause identified after 30 min (SEV1) or 2
hours (SEV2) → escalate to next tier"; and again after each such time. That it was not known in time
is a breach, also when nobody is left to tell. A cause that is withdrawn starts the time again.
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident.deadlines.due_times import soonest, within
from domain.incident.deadlines.events import DeadlineRule, Escalated, RootCauseOverdue
from domain.incident.deadlines.expiry import breach_once, in_time, record, settle
from domain.incident.deadlines.history import DeadlineHistory, first
from domain.incident.deadlines.ladder import (
    climb_due,
    climbs_to,
    escalate_to,
    fold_escalated,
    owes_next,
    tell_tier,
)
from domain.incident.deadlines.questions import asks, is_sought, to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import KnownIncident
from domain.kernel.deadline import Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Level, Policy, Severity


def breach_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """One breach for each time that it is sought."""
    assert history.sought is not None, "it is sought"
    found = cause_known_by(history, policy)
    return breach_once(history, DeadlineRule.CAUSE, history.sought, found)


def cause_known_by(history: DeadlineHistory, policy: Policy) -> tuple[datetime, Moment] | None:
    """Until when, and because of what."""
    assert history.sought is not None, "it is sought"
    return soonest(history.levels, history.sought, within(_seconds_of, policy))


def breach(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """It is on record."""
    return record(RootCauseOverdue, command, context, severity=incident.facts.severity)


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """One tier up each time, by the time of the severity, and the highest again."""
    assert history.sought is not None, "it is sought"
    return climb_due(history, DeadlineRule.ESCALATE_CAUSE, history.sought, _seconds_of, policy)


def _seconds_of(level: Level) -> int | None:
    return level.root_cause_within_s


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """The next tier is told."""
    tier = climbs_to(incident.facts, context.policy)
    return escalate_to(tier, incident.facts, "the root cause is not known yet", command, context)


def answer(history: DeadlineHistory) -> Moment | None:
    """The cause, a mitigation, or the end."""
    return first(history.identified, history.mitigated, history.closed)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    if found := cause_known_by(history, policy):
        yield Owed(DeadlineRule.CAUSE, *found, "the root cause is identified")


def says(policy: Policy, severity: Severity) -> str:
    within = in_time(policy.levels[severity].root_cause_within_s)
    return f"The root cause of a {severity} is identified {within}; that it is not is a breach."


def escalation_says(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].root_cause_within_s
    each = span(seconds) if seconds is not None else "its time"
    return (
        f"While the root cause of a {severity} is not known, the next tier hears of it for each"
        f" {each}, as far up as the level climbs."
    )


_PREVENTED_BY = "a root cause (identify_root_cause) or a mitigation before it was due"
OVERDUE = TimedRule(
    deadline=Deadline(
        name="root-cause",
        rules=(DeadlineRule.CAUSE,),
        is_open=asks(is_sought),
        due=breach_due,
        follows=breach,
        prompts={
            RootCauseOverdue: Prompt(
                kind="root_cause_overdue", to=to_engineering, holds=asks(is_sought)
            )
        },
    ),
    owed=owed,
    marks=(DeadlineRule.CAUSE,),
    folds={RootCauseOverdue: settle},
    words={DeadlineRule.CAUSE: RuleWords(says, _PREVENTED_BY, "root cause")},
)
ROOT_CAUSE = TimedRule(
    deadline=Deadline(
        name="escalation-cause",
        rules=(DeadlineRule.ESCALATE_CAUSE,),
        is_open=asks(is_sought),
        due=due,
        follows=follows,
        answer=answer,
        prompts={Escalated: tell_tier(asks(is_sought))},
    ),
    owed=owes_next(due, climbs_to, ", unless the root cause is identified"),
    marks=(DeadlineRule.ESCALATE_CAUSE,),
    folds={Escalated: fold_escalated},
    words={DeadlineRule.ESCALATE_CAUSE: RuleWords(escalation_says, _PREVENTED_BY, "escalation")},
)
