"""Root cause. Brief, "Escalation Triggers": "No root cause identified after 30 min (SEV1) or 2
hours (SEV2) → escalate to next tier"; and again after each such time. That it was not known in time
is a breach, also when nobody is left to tell. A cause that is withdrawn starts the time again.
"""

from datetime import datetime
from typing import Any

from domain.incident.deadlines.due_times import soonest, within
from domain.incident.deadlines.events import DeadlineRule, Escalated, RootCauseOverdue
from domain.incident.deadlines.expiry import breach_once, record
from domain.incident.deadlines.history import DeadlineHistory, is_sought
from domain.incident.deadlines.ladder import climb_due, climbs_to, escalate_to, tell_tier
from domain.incident.deadlines.questions import first, to_engineering
from domain.incident.events import IncidentEvent
from domain.incident.state import Incident, KnownIncident
from domain.kernel.deadline import Asked, Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.policy import Level, Policy


def is_unknown(_: Asked[Any], incident: Incident) -> bool:
    """The cause is not known, and users are still affected."""
    return is_sought(incident)


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


OVERDUE = Deadline(
    name="root-cause",
    rules=(DeadlineRule.CAUSE,),
    is_open=is_unknown,
    due=breach_due,
    follows=breach,
    prompts={
        RootCauseOverdue: Prompt(kind="root_cause_overdue", to=to_engineering, holds=is_unknown)
    },
)
ROOT_CAUSE = Deadline(
    name="escalation-cause",
    rules=(DeadlineRule.ESCALATE_CAUSE,),
    is_open=is_unknown,
    due=due,
    follows=follows,
    answer=answer,
    prompts={Escalated: tell_tier(is_unknown)},
)
