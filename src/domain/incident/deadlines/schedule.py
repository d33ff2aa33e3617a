"""The clocks: for each process what is next, and when. Pure, total, and without memory.

Source: brief, "Severity Classification Matrix", "Escalation Triggers", "During Active Incidents",
"Step 3: Resolution & Stabilization", "Step 4: Post-Mortem"; docs/policy.md tells it for people.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import state as s
from domain.incident.deadlines.events import DeadlineRule, mark
from domain.incident.deadlines.history import DeadlineHistory, Moment, Reached, latest, soonest
from domain.incident.deadlines.ladder import next_tier, rises_to
from domain.policy import Level, Policy

Ask = Callable[[DeadlineHistory, datetime, Policy], c.Expire | None]
"""What is next? To be sent once its `fires_at` has come; None: nothing, until something happens."""


def _next(
    facts: s.Facts, rule: DeadlineRule, due_at: datetime, because: Moment, **more: Any
) -> c.Expire:
    fires_at = more.pop("fires_at", due_at)
    return c.Expire(
        rule=rule,
        fires_at=fires_at,
        due_at=due_at,
        caused_by=because.event,
        seen=facts.seen,
        **more,
    )


def _unanswered(situation: DeadlineHistory) -> s.Facts | None:
    """The facts of an incident or page that nobody has acknowledged."""
    facts = situation.facts
    live = isinstance(situation.incident, s.Triage | s.Open)
    return facts if facts and live and not facts.acknowledged else None


def _response_due(situation: DeadlineHistory, policy: Policy) -> tuple[datetime, Moment]:
    def due(reached: Reached) -> datetime:
        seconds = policy.levels[reached.severity].response_s
        if seconds is None:
            return policy.business_hours.next_end(reached.since.at)
        return reached.since.at + timedelta(seconds=seconds)

    assert situation.waiting is not None, "nobody has acknowledged it"
    found = soonest(situation.levels, situation.waiting, due)
    assert found is not None, "each severity has a response time"
    return found


def response(situation: DeadlineHistory, _now: datetime, policy: Policy) -> c.Expire | None:
    """The response time: nobody has acknowledged. One breach for each time it is unacknowledged."""
    facts, waiting = _unanswered(situation), situation.waiting
    if facts is None or waiting is None:
        return None
    last = facts.discipline.settled.get(DeadlineRule.RESPONSE)
    due_at, because = _response_due(situation, policy)
    if last is not None and (last > waiting.at or last >= due_at):
        return None
    return _next(facts, DeadlineRule.RESPONSE, due_at, because)


def escalation_of_level(
    situation: DeadlineHistory, _now: datetime, policy: Policy
) -> c.Expire | None:
    """Whom the matrix wants to know of it, once for each severity that it reaches."""
    facts = situation.facts
    if facts is None or not isinstance(situation.incident, s.Open):
        return None
    level, reached = policy.levels[facts.severity], situation.levels[-1]
    tier = policy.tier(level.escalates_to) if level.escalates_to else None
    at_once = level.escalate_after_s == 0
    if tier is None or (facts.acknowledged and not at_once) or not rises_to(tier, facts, policy):
        return None
    waiting = None if at_once else situation.waiting
    since = latest(reached.since, situation.opened, waiting)
    due_at = _after(since.at, level.escalate_after_s, policy)
    if facts.discipline.is_settled(DeadlineRule.ESCALATE_LEVEL, due_at):
        return None
    return _next(facts, DeadlineRule.ESCALATE_LEVEL, due_at, since)


def _after(at: datetime, seconds: int | None, policy: Policy) -> datetime:
    if seconds is None:
        return policy.business_hours.next_begin(at)
    return at + timedelta(seconds=seconds)


def escalation_of_response(
    situation: DeadlineHistory, _now: datetime, policy: Policy
) -> c.Expire | None:
    """Still nobody, for another response time, and another: one tier up each time."""
    facts = _unanswered(situation)
    if facts is None or next_tier(facts, policy) is None:
        return None
    if policy.levels[facts.severity].response_s is None:
        return None

    def due(reached: Reached) -> datetime | None:
        seconds = policy.levels[reached.severity].response_s
        return None if seconds is None else reached.since.at + timedelta(seconds=seconds)

    start = _again(facts, DeadlineRule.ESCALATE_RESPONSE, _due_moment(situation, policy))
    found = soonest(situation.levels, start, due)
    if found is None:
        return None
    return _next(facts, DeadlineRule.ESCALATE_RESPONSE, *found)


def _due_moment(situation: DeadlineHistory, policy: Policy) -> Moment:
    due_at, because = _response_due(situation, policy)
    return replace(because, at=due_at)


def _again(facts: s.Facts, rule: DeadlineRule, start: Moment) -> Moment:
    """From when on a rule counts that comes up again: `start`, or when it was last due."""
    last = facts.discipline.settled.get(rule)
    return start if last is None or last <= start.at else replace(start, at=last)


def escalation_of_cause(
    situation: DeadlineHistory, _now: datetime, policy: Policy
) -> c.Expire | None:
    """The root cause is not known after a time, and again: one tier up each time."""
    facts, incident, opened = situation.facts, situation.incident, situation.opened
    if facts is None or opened is None or not isinstance(incident, s.Open):
        return None
    sought = incident.stage is s.Stage.INVESTIGATING
    limited = policy.levels[facts.severity].root_cause_within_s is not None
    if not sought or not limited or next_tier(facts, policy) is None:
        return None

    def due(reached: Reached) -> datetime | None:
        within_s = policy.levels[reached.severity].root_cause_within_s
        return None if within_s is None else reached.since.at + timedelta(seconds=within_s)

    found = soonest(situation.levels, _again(facts, DeadlineRule.ESCALATE_CAUSE, opened), due)
    assert found is not None, "the present severity sets a time"
    return _next(facts, DeadlineRule.ESCALATE_CAUSE, *found)


def timebox(situation: DeadlineHistory, _now: datetime, policy: Policy) -> c.Expire | None:
    """Fifteen minutes for each hypothesis; the one that is over first."""
    facts = situation.facts
    if facts is None or not isinstance(situation.incident, s.Open):
        return None
    span = timedelta(seconds=policy.hypothesis_timebox_s)
    settled = facts.discipline.settled
    pursued = [
        (moment.at + span, name, moment)
        for name, moment in situation.paths.items()
        if mark(DeadlineRule.TIMEBOX, name) not in settled
    ]
    if not pursued:
        return None
    due_at, name, moment = min(pursued, key=lambda path: path[:2])
    return _next(facts, DeadlineRule.TIMEBOX, due_at, moment, hypothesis=name)


def cadence(situation: DeadlineHistory, now: datetime, policy: Policy) -> c.Expire | None:
    """Status updates at fixed intervals: a reminder before one is due, a breach when it is missed,
    which begins the next interval; or, by policy, an update that says "no change".
    """
    facts, opened = situation.facts, situation.opened
    if facts is None or opened is None or not isinstance(situation.incident, s.Open):
        return None
    start = _again(facts, DeadlineRule.UPDATE_OVERDUE, latest(opened, situation.updated))

    def due(reached: Reached) -> datetime:
        level = policy.levels[reached.severity]
        return reached.since.at + timedelta(seconds=level.update_cadence_s)

    found = soonest(situation.levels, start, due)
    assert found is not None, "each severity has a cadence"
    due_at, because = found
    level = policy.levels[facts.severity]
    ahead = due_at - _ahead(level, policy)
    if now < due_at and not facts.discipline.is_settled(DeadlineRule.UPDATE_DUE, due_at):
        return _next(facts, DeadlineRule.UPDATE_DUE, due_at, because, fires_at=ahead)
    if level.automatic_update:
        return _next(facts, DeadlineRule.UPDATE_AUTOMATIC, due_at, because)
    following = soonest(situation.levels, replace(start, at=due_at), due)
    next_due_at = following[0] if following else None
    return _next(facts, DeadlineRule.UPDATE_OVERDUE, due_at, because, next_due_at=next_due_at)


def _ahead(level: Level, policy: Policy) -> timedelta:
    """How long before an update is due its reminder comes."""
    return timedelta(seconds=min(policy.update_reminder_s, level.update_cadence_s // 3))


def monitoring(situation: DeadlineHistory, _now: datetime, policy: Policy) -> c.Expire | None:
    """Recovery is watched for 15 to 30 minutes: at either end somebody is asked to act."""
    facts, since = situation.facts, situation.mitigated
    if facts is None or since is None:
        return None
    for seconds, last in ((policy.monitoring_min_s, False), (policy.monitoring_max_s, True)):
        due_at = since.at + timedelta(seconds=seconds)
        if not facts.discipline.is_settled(DeadlineRule.MONITORING, due_at):
            return _next(facts, DeadlineRule.MONITORING, due_at, since, last=last)
    return None


def _resolved(situation: DeadlineHistory) -> s.Facts | None:
    """The facts of an incident that is over; a page in triage that went away was none."""
    facts = situation.facts
    over = isinstance(situation.incident, s.Closed)
    return facts if facts and over and not s.in_triage(facts) else None


def all_clear(situation: DeadlineHistory, _now: datetime, policy: Policy) -> c.Expire | None:
    """Some time after the resolution, if it has held."""
    facts, since = _resolved(situation), situation.closed
    if facts is None or since is None or situation.cleared:
        return None
    due_at = since.at + timedelta(seconds=policy.all_clear_after_s)
    return _next(facts, DeadlineRule.ALL_CLEAR, due_at, since)


def postmortem(situation: DeadlineHistory, _now: datetime, policy: Policy) -> c.Expire | None:
    """Asked for as the incident is resolved, by its highest severity; overdue 48 hours later."""
    facts, since = _resolved(situation), situation.closed
    if facts is None or since is None:
        return None
    seconds = policy.levels[situation.peak].postmortem_within_s
    if seconds is None or facts.discipline.postmortem_url:
        return None
    due_at = since.at + timedelta(seconds=seconds)
    if not facts.discipline.is_settled(DeadlineRule.POSTMORTEM, due_at):
        return _next(facts, DeadlineRule.POSTMORTEM, due_at, since, fires_at=since.at)
    if not facts.discipline.is_settled(DeadlineRule.POSTMORTEM_OVERDUE, due_at):
        return _next(facts, DeadlineRule.POSTMORTEM_OVERDUE, due_at, since)
    return None


def answer(rule: DeadlineRule, situation: DeadlineHistory) -> Moment | None:
    """What was faster than a breach or an escalation: the first answer that still holds."""
    answers = (
        (situation.identified, situation.mitigated, situation.closed)
        if rule is DeadlineRule.ESCALATE_CAUSE
        else (situation.acknowledged, situation.closed)
    )
    given = [moment for moment in answers if moment is not None]
    return min(given, key=lambda moment: moment.at, default=None)


PROCESSES: dict[str, Ask] = {
    "response": response,
    "escalation-level": escalation_of_level,
    "escalation-response": escalation_of_response,
    "escalation-cause": escalation_of_cause,
    "timebox": timebox,
    "cadence": cadence,
    "monitoring": monitoring,
    "all-clear": all_clear,
    "postmortem": postmortem,
}
"""All processes, by the name of their timer."""

ANSWERED: dict[str, DeadlineRule] = {
    "response": DeadlineRule.RESPONSE,
    "escalation-level": DeadlineRule.ESCALATE_LEVEL,
    "escalation-response": DeadlineRule.ESCALATE_RESPONSE,
    "escalation-cause": DeadlineRule.ESCALATE_CAUSE,
}
"""Those that race with an answer: where the log has that first, the loser is on record."""
