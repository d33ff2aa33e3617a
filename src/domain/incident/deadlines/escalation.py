"""Escalation. Brief, severity matrix: "Escalation: VP Eng + CTO immediately (SEV1), Eng Manager
within 15 min (SEV2), Team lead next standup (SEV3), Backlog triage (SEV4)", acknowledged or not;
and, as its escalation policy says, the next level each time that nobody has answered the one
before, as far up as the severity climbs.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.incident.deadlines.due_times import latest
from domain.incident.deadlines.events import DeadlineRule, Escalated
from domain.incident.deadlines.expiry import expiry
from domain.incident.deadlines.history import (
    DeadlineHistory,
    acknowledgement,
    facts_of,
    is_raised_since,
)
from domain.incident.deadlines.ladder import (
    climb_due,
    climbs_to,
    escalate_to,
    fold_escalated,
    hears,
    owes_next,
    tell_tier,
    tier_of_level,
)
from domain.incident.deadlines.questions import asks, is_going_on, is_unacknowledged
from domain.incident.deadlines.response import response_due
from domain.incident.deadlines.timed_rule import RuleWords, TimedRule
from domain.incident.events import IncidentEvent
from domain.incident.state import (
    LIVE,
    Closed,
    Incident,
    KnownIncident,
    Open,
    in_triage,
    was_acknowledged,
)
from domain.kernel.deadline import Asked, Deadline, Expire
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Level, Policy, Severity, Tier


def _goes_on_or_was_over(asked: Asked[KnownIncident], incident: Incident) -> bool:
    """Whether it goes on, as it did then: who heard of it when it was over hears of it anyway."""
    return is_going_on(incident) or not isinstance(asked.then, LIVE)


def _may_have_been_worse(incident: KnownIncident, _: Policy) -> bool:
    """Whether it is over, and might turn out to have been more severe."""
    return isinstance(incident, Closed)


def _tier_of_level(incident: Incident, policy: Policy) -> Tier | None:
    """Whom the matrix wants to know of it, unless they do; nobody before it is declared."""
    if not isinstance(incident, Open | Closed) or in_triage(incident.facts):
        return None
    return tier_of_level(incident.facts, policy)


def level_due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """Once for each severity that it reaches; once it is over, of what it turns out to have been
    more severe than.
    """
    facts = facts_of(history)
    level, reached = policy.levels[facts.severity], history.levels[-1]
    if _tier_of_level(history.incident, policy) is None:
        return None
    if level.highest_tier is None and level.escalates_to in history.heard:
        return None  # who is told once is not told again, after a reopening either
    if history.closed is not None and not is_raised_since(history, history.closed):
        return None
    since = latest(reached.since, history.opened)
    due_at = _after(since.at, level.escalate_after_s, policy)
    for carried in history.carried.values():
        if carried.severity is facts.severity:
            # Who would have heard of the duplicate by then hears of this one then, or now.
            due_at = min(due_at, _after(carried.since.at, level.escalate_after_s, policy))
            due_at = max(due_at, since.at)
    if facts.discipline.is_settled(DeadlineRule.ESCALATE_LEVEL, due_at):
        return None
    return expiry(history, DeadlineRule.ESCALATE_LEVEL, due_at, since)


def _after(at: datetime, seconds: int | None, policy: Policy) -> datetime:
    if seconds is None:
        return policy.business_hours.next_standup(at)
    return at + timedelta(seconds=seconds)


def escalate_by_level(
    command: Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    """The tier of the matrix is told."""
    severity, policy = incident.facts.severity, context.policy
    reason = f"{severity} ({policy.levels[severity].name})"
    return escalate_to(_tier_of_level(incident, policy), incident.facts, reason, command, context)


def response_due_again(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """Still nobody, for another response time, and another: one tier up each time, and the highest
    again.
    """
    due_at, because = response_due(history, policy)
    missed, rule = replace(because, at=due_at), DeadlineRule.ESCALATE_RESPONSE
    return climb_due(history, rule, missed, lambda level: level.response_s, policy)


def escalate_without_response(
    command: Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    """The next tier is told."""
    tier = climbs_to(incident.facts, context.policy)
    again = "again" if was_acknowledged(incident.facts) else "yet"
    reason = f"nobody has acknowledged it {again}"
    return escalate_to(tier, incident.facts, reason, command, context)


def level_says(policy: Policy, severity: Severity) -> str:
    level = policy.levels[severity]
    tier = policy.tier(level.escalates_to) if level.escalates_to else None
    to = hears(tier) if tier else "nobody hears"
    return f"{to} of a {severity} {_when(level)}, acknowledged or not."


def _when(level: Level) -> str:
    if level.escalate_after_s is None:
        return "at the next standup"
    return f"after {span(level.escalate_after_s)}" if level.escalate_after_s else "at once"


def unanswered_says(policy: Policy, severity: Severity) -> str:
    seconds = policy.levels[severity].response_s
    every = span(seconds) if seconds is not None else "its response time"
    return (
        f"While nobody acknowledges a {severity}, the next tier hears of it for each further"
        f" {every}, as far up as the level climbs."
    )


BY_LEVEL = TimedRule(
    deadline=Deadline(
        name="escalation-level",
        rules=(DeadlineRule.ESCALATE_LEVEL,),
        is_open=asks(is_going_on),
        regardless=_may_have_been_worse,
        due=level_due,
        follows=escalate_by_level,
        answer=lambda history: history.closed,
        # Once it was due, the tier hears of it although somebody has answered since.
        prompts={Escalated: tell_tier(_goes_on_or_was_over)},
    ),
    owed=owes_next(level_due, tier_of_level, ""),
    marks=(DeadlineRule.ESCALATE_LEVEL,),
    folds={Escalated: fold_escalated},
    words={
        DeadlineRule.ESCALATE_LEVEL: RuleWords(
            level_says,
            "a lower severity, or the end of the incident, before it was due",
            "escalation",
        )
    },
)
WITHOUT_RESPONSE = TimedRule(
    deadline=Deadline(
        name="escalation-response",
        rules=(DeadlineRule.ESCALATE_RESPONSE,),
        is_open=asks(is_unacknowledged),
        due=response_due_again,
        follows=escalate_without_response,
        answer=acknowledgement,
        prompts={Escalated: tell_tier(asks(is_unacknowledged))},
    ),
    owed=owes_next(response_due_again, climbs_to, ", unless somebody acknowledges it"),
    marks=(DeadlineRule.ESCALATE_RESPONSE,),
    folds={Escalated: fold_escalated},
    words={
        DeadlineRule.ESCALATE_RESPONSE: RuleWords(
            unanswered_says, "an acknowledgement before it was due", "escalation"
        )
    },
)
