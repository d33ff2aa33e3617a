"""The clocks: for each process what is next, and when. Pure, total, and without memory.

Source: brief, "Severity Classification Matrix", "Escalation Triggers", "During Active Incidents",
"Step 3: Resolution & Stabilization", "Step 4: Post-Mortem"; docs/policy.md tells it for people.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from domain.incident import commands as c
from domain.incident import state as s
from domain.incident.clocks import Rule, mark
from domain.incident.escalation import next_tier, rises_to
from domain.policy import Level, Policy, Severity
from handlers.processes.situation import Moment, Reached, Situation

Ask = Callable[[Situation, datetime, Policy], c.RunOut | None]
"""What is next? To be sent once its `fires_at` has come; None: nothing, until something happens."""


def _next(rule: Rule, due_at: datetime, because: Moment, **more: Any) -> c.RunOut:
    fires_at = more.pop("fires_at", due_at)
    return c.RunOut(rule=rule, fires_at=fires_at, due_at=due_at, caused_by=because.event, **more)


def _soonest(
    levels: Iterable[Reached], present: Severity, due: Callable[[Reached], datetime | None]
) -> tuple[datetime, Moment] | None:
    """The earliest due time that any severity up to the present one has set: a raise may bring it
    forward, never put it off; what a higher severity had set falls with it.
    """
    found = [
        (at, reached.since)
        for reached in levels
        if not reached.severity.outranks(present) and (at := due(reached)) is not None
    ]
    return min(found, key=lambda pair: pair[0], default=None)


def _unanswered(situation: Situation) -> s.Facts | None:
    """The facts of an incident or page that nobody has acknowledged."""
    facts = situation.facts
    live = isinstance(situation.incident, s.Triage | s.Open)
    return facts if facts and live and not facts.acknowledged else None


def _response_due(
    situation: Situation, facts: s.Facts, policy: Policy
) -> tuple[datetime, Moment] | None:
    def due(reached: Reached) -> datetime:
        seconds = policy.levels[reached.severity].response_s
        if seconds is None:
            return policy.business_hours.next_end(reached.since.at)
        return reached.since.at + timedelta(seconds=seconds)

    assert situation.waiting is not None, "nobody has acknowledged it"
    return _soonest(_levels_from(situation.levels, situation.waiting), facts.severity, due)


def response(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """The response time: nobody has acknowledged. One breach for each time it is unacknowledged."""
    facts = _unanswered(situation)
    found = _response_due(situation, facts, policy) if facts else None
    if facts is None or found is None or facts.discipline.is_settled(Rule.RESPONSE, found[0]):
        return None
    return _next(Rule.RESPONSE, *found)


def escalation_of_level(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Whom the matrix wants to know of it, once for each severity that it reaches."""
    facts = situation.facts
    if facts is None or not isinstance(situation.incident, s.Open):
        return None
    level, reached = policy.levels[facts.severity], situation.levels[-1]
    tier = policy.tier(level.escalates_to) if level.escalates_to else None
    answered = facts.acknowledged and level.escalate_after_s != 0
    if tier is None or answered or not rises_to(tier, facts, policy):
        return None
    assert situation.declared is not None, "an open incident has been declared"
    since = max(reached.since, situation.declared, key=lambda moment: moment.at)
    due_at = _after(since.at, level.escalate_after_s, policy)
    if facts.discipline.is_settled(Rule.ESCALATE_LEVEL, due_at):
        return None
    return _next(Rule.ESCALATE_LEVEL, due_at, since)


def _after(at: datetime, seconds: int | None, policy: Policy) -> datetime:
    if seconds is None:
        return policy.business_hours.next_begin(at)
    return at + timedelta(seconds=seconds)


def escalation_of_response(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Still nobody, for another response time, and another: one tier up each time."""
    facts = _unanswered(situation)
    found = _response_due(situation, facts, policy) if facts else None
    if facts is None or found is None or next_tier(facts, policy) is None:
        return None
    seconds = policy.levels[facts.severity].response_s
    if seconds is None:
        return None
    due_at, because = found
    last = facts.discipline.settled.get(Rule.ESCALATE_RESPONSE, due_at)
    return _next(Rule.ESCALATE_RESPONSE, max(last, due_at) + timedelta(seconds=seconds), because)


def escalation_of_cause(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """The root cause is not known after a time, and again: one tier up each time."""
    facts, incident = situation.facts, situation.incident
    if facts is None or not isinstance(incident, s.Open):
        return None
    seconds = policy.levels[facts.severity].root_cause_within_s
    sought = incident.stage is s.Stage.INVESTIGATING
    if seconds is None or not sought or next_tier(facts, policy) is None:
        return None

    def due(reached: Reached) -> datetime | None:
        within_s = policy.levels[reached.severity].root_cause_within_s
        return None if within_s is None else reached.since.at + timedelta(seconds=within_s)

    found = _soonest(situation.levels, facts.severity, due)
    assert found is not None, "the present severity sets a time"
    due_at, because = found
    last = facts.discipline.settled.get(Rule.ESCALATE_CAUSE)
    if last is not None and last >= due_at:
        due_at = last + timedelta(seconds=seconds)
    return _next(Rule.ESCALATE_CAUSE, due_at, because)


def timebox(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Fifteen minutes for each hypothesis; the one that is over first."""
    facts = situation.facts
    if facts is None or not isinstance(situation.incident, s.Open):
        return None
    span = timedelta(seconds=policy.hypothesis_timebox_s)
    settled = facts.discipline.settled
    pursued = [
        (moment.at + span, name, moment)
        for name, moment in situation.paths.items()
        if mark(Rule.TIMEBOX, name) not in settled
    ]
    if not pursued:
        return None
    due_at, name, moment = min(pursued, key=lambda path: path[:2])
    return _next(Rule.TIMEBOX, due_at, moment, hypothesis=name)


def cadence(situation: Situation, now: datetime, policy: Policy) -> c.RunOut | None:
    """Status updates at fixed intervals: a reminder before one is due, a breach when it is missed,
    which begins the next interval; or, by policy, an update that says "no change".
    """
    facts, begun = situation.facts, situation.updated or situation.declared
    if facts is None or begun is None or not isinstance(situation.incident, s.Open):
        return None
    missed = facts.discipline.settled.get(Rule.UPDATE_OVERDUE)
    start = begun if missed is None or missed < begun.at else Moment(missed, begun.event, "missed")

    def due(reached: Reached) -> datetime:
        level = policy.levels[reached.severity]
        return reached.since.at + timedelta(seconds=level.update_cadence_s)

    found = _soonest(_levels_from(situation.levels, start), facts.severity, due)
    assert found is not None, "the present severity has a cadence"
    due_at, because = found
    level = policy.levels[facts.severity]
    ahead = due_at - _ahead(level, policy)
    if now < due_at and not facts.discipline.is_settled(Rule.UPDATE_DUE, due_at):
        return _next(Rule.UPDATE_DUE, due_at, because, fires_at=ahead, updates=facts.updates)
    rule = Rule.UPDATE_AUTOMATIC if level.automatic_update else Rule.UPDATE_OVERDUE
    return _next(rule, due_at, because, updates=facts.updates)


def _levels_from(levels: tuple[Reached, ...], start: Moment) -> list[Reached]:
    """The severity at a moment, as if it had been reached then, and those reached later."""
    before = [reached for reached in levels if reached.since.at <= start.at]
    later = [reached for reached in levels if reached.since.at > start.at]
    held = before[-1].severity if before else levels[0].severity
    return [Reached(held, start), *later]


def _ahead(level: Level, policy: Policy) -> timedelta:
    """How long before an update is due its reminder comes."""
    return timedelta(seconds=min(policy.update_reminder_s, level.update_cadence_s // 3))


def monitoring(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Recovery is watched for 15 to 30 minutes: at either end somebody is asked to act."""
    facts, since = situation.facts, situation.mitigated
    if facts is None or since is None:
        return None
    for seconds, last in ((policy.monitoring_min_s, False), (policy.monitoring_max_s, True)):
        due_at = since.at + timedelta(seconds=seconds)
        if not facts.discipline.is_settled(Rule.MONITORING, due_at):
            return _next(Rule.MONITORING, due_at, since, last=last)
    return None


def all_clear(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Some time after the resolution, if it has held."""
    facts, since = situation.facts, situation.closed
    if facts is None or since is None or facts.is_clear:
        return None
    if not isinstance(situation.incident, s.Closed):
        return None
    return _next(Rule.ALL_CLEAR, since.at + timedelta(seconds=policy.all_clear_after_s), since)


def postmortem(situation: Situation, _now: datetime, policy: Policy) -> c.RunOut | None:
    """Asked for as the incident is resolved, by its highest severity; overdue 48 hours later."""
    facts, since = situation.facts, situation.closed
    if facts is None or since is None or not isinstance(situation.incident, s.Closed):
        return None
    seconds = policy.levels[situation.peak].postmortem_within_s
    if seconds is None or facts.discipline.postmortem_url:
        return None
    due_at = since.at + timedelta(seconds=seconds)
    if not facts.discipline.is_settled(Rule.POSTMORTEM, due_at):
        return _next(Rule.POSTMORTEM, due_at, since, fires_at=since.at)
    if not facts.discipline.is_settled(Rule.POSTMORTEM_OVERDUE, due_at):
        return _next(Rule.POSTMORTEM_OVERDUE, due_at, since)
    return None


def answer(rule: Rule, situation: Situation) -> Moment | None:
    """What has made an escalation needless: the first answer that still holds."""
    answers = (
        (situation.identified, situation.mitigated, situation.closed)
        if rule is Rule.ESCALATE_CAUSE
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

ESCALATIONS: dict[str, Rule] = {
    "escalation-level": Rule.ESCALATE_LEVEL,
    "escalation-response": Rule.ESCALATE_RESPONSE,
    "escalation-cause": Rule.ESCALATE_CAUSE,
}
"""Those whose needless firing is recorded, with what answered it."""
