"""Root cause. Brief, "Escalation Triggers": "No root cause identified after 30 min (SEV1) or 2
hours (SEV2) → escalate to next tier"; and again after each such time.
"""

from datetime import datetime
from typing import Any

from domain.incident.deadlines.due_times import again, soonest, within
from domain.incident.deadlines.events import DeadlineRule, Escalated
from domain.incident.deadlines.expiry import expiry
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.ladder import escalate_to, next_tier, tell_tier
from domain.incident.deadlines.questions import first
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident, Open, Stage
from domain.kernel.deadline import Asked, Deadline, Expire, Moment
from domain.kernel.decider import Context
from domain.policy import Policy


def is_sought(_: Asked[Any], incident: Incident) -> bool:
    """The cause is not known, and users are still affected."""
    return isinstance(incident, Open) and incident.stage is Stage.INVESTIGATING


def due(history: DeadlineHistory, _now: datetime, policy: Policy) -> Expire | None:
    """One tier up each time, by the time of the severity."""
    facts = facts_of(history)
    limited = policy.levels[facts.severity].root_cause_within_s is not None
    if not limited or next_tier(facts, policy) is None:
        return None

    assert history.opened is not None, "it is open"
    start = again(facts, DeadlineRule.ESCALATE_CAUSE, history.opened)
    due_by = within(lambda level: level.root_cause_within_s, policy)
    found = soonest(history.levels, start, due_by)
    assert found is not None, "the present severity sets a time"
    return expiry(history, DeadlineRule.ESCALATE_CAUSE, *found)


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """The next tier is told."""
    tier = next_tier(incident.facts, context.policy)
    return escalate_to(tier, "the root cause is not known yet", command, context)


def answer(history: DeadlineHistory) -> Moment | None:
    """The cause, a mitigation, or the end."""
    return first(history.identified, history.mitigated, history.closed)


ROOT_CAUSE = Deadline(
    name="escalation-cause",
    rules=(DeadlineRule.ESCALATE_CAUSE,),
    is_open=is_sought,
    due=due,
    follows=follows,
    answer=answer,
    prompts={Escalated: tell_tier(is_sought)},
)
