"""Cadence. Brief, "During Active Incidents": "Communicate status updates at fixed intervals, even
if the update is 'no change, still investigating'"; every 15 min (SEV1), 30 min (SEV2), 2 hours
(SEV3), daily (SEV4).
"""

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from domain.incident.deadlines.due_times import Reached, again, latest, soonest, within
from domain.incident.deadlines.events import DeadlineRule, UpdateDue, UpdateOverdue
from domain.incident.deadlines.expiry import cite, expiry, record
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.questions import to_engineering
from domain.incident.events import IncidentEvent, UpdatePosted, UpdateStatus
from domain.incident.state import Incident, KnownIncident, Open, Stage
from domain.kernel.deadline import Asked, Deadline, Expire, Moment, Prompt
from domain.kernel.decider import Context
from domain.kernel.totality import total
from domain.policy import Level, Policy
from domain.policy.audience import Audience, Audiences


def is_owed(asked: Asked[KnownIncident], incident: Incident) -> bool:
    """No update has come since, nor was another one missed: of that, there is a prompt as well."""
    then = asked.then.facts
    if not isinstance(incident, Open) or incident.facts.response.updates != then.response.updates:
        return False
    missed, known = incident.facts.discipline.settled, then.discipline.settled
    return missed.get(DeadlineRule.UPDATE_OVERDUE) == known.get(DeadlineRule.UPDATE_OVERDUE)


def due(history: DeadlineHistory, now: datetime, policy: Policy) -> Expire | None:
    """A reminder before an update is due, a breach when it is missed, which begins the next
    interval; or, by policy, an update that says "no change". Those that were missed in a row,
    after an outage of ours, are one breach.
    """
    facts = facts_of(history)
    level = policy.levels[facts.severity]
    start = again(facts, DeadlineRule.UPDATE_OVERDUE, latest(history.opened, history.updated))
    interval_end = within(lambda level: level.update_cadence_s, policy)
    found = soonest(history.levels, start, interval_end)
    assert found is not None, "each severity has a cadence"
    due_at, because = found
    if now < due_at and not facts.discipline.is_settled(DeadlineRule.UPDATE_DUE, due_at):
        ahead = due_at - _ahead(level, policy)
        return expiry(history, DeadlineRule.UPDATE_DUE, due_at, because, fires_at=ahead)
    if level.automatic_update:
        return expiry(history, DeadlineRule.UPDATE_AUTOMATIC, due_at, because)
    last, times = _count_missed(history.levels, replace(start, at=due_at), now, policy)
    run = {"fires_at": due_at, "first_due_at": due_at, "times": times} if times > 1 else {}
    return expiry(history, DeadlineRule.UPDATE_OVERDUE, last, because, **run)


def _count_missed(
    levels: tuple[Reached, ...], first: Moment, now: datetime, policy: Policy
) -> tuple[datetime, int]:
    """Of updates missed in a row from `first` on: when the last one was due, and how many."""
    last, times = first, 1
    interval_end = within(lambda level: level.update_cadence_s, policy)
    while True:
        found = soonest(levels, last, interval_end)
        if found is None or found[0] > now:
            return last.at, times
        # As long as no other severity is reached, one interval is like the next: years of an
        # incident that was left open are counted at once.
        interval = found[0] - last.at
        change = next((each.since.at for each in levels if each.since.at > last.at), now)
        alike = max(1, (min(change, now) - last.at) // interval)
        last, times = replace(last, at=last.at + alike * interval), times + alike


def _ahead(level: Level, policy: Policy) -> timedelta:
    """How long before an update is due its reminder comes."""
    return timedelta(seconds=min(policy.update_reminder_s, level.update_cadence_s // 3))


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A reminder, a breach, or an update of our own."""
    match command.rule:
        case DeadlineRule.UPDATE_DUE:
            return record(UpdateDue, command, context)
        case DeadlineRule.UPDATE_AUTOMATIC:
            return _say_no_change(command, incident, context)
    return record(
        UpdateOverdue, command, context, first_due_at=command.first_due_at, missed=command.times
    )


def _say_no_change(
    command: Expire, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    assert isinstance(incident, Open), "an update is owed"
    return [
        UpdatePosted(
            occurred_at=context.now,
            text=f"No change, still {_DOING[incident.stage]}.",
            status=UpdateStatus(incident.stage),
            automatic=cite(command, context),
        )
    ]


_DOING = total(
    "what is being done",
    Stage,
    {
        Stage.INVESTIGATING: "investigating",
        Stage.IDENTIFIED: "working on a fix: the cause is known",
        Stage.MONITORING: "monitoring the recovery",
    },
)


def _unless_superseded(_: Any, event: UpdateOverdue, __: KnownIncident) -> Audiences:
    """The last one that was missed; who hears of that need not hear of those before."""
    return () if event.superseded else (Audience.ENGINEERING,)


CADENCE = Deadline(
    name="cadence",
    rules=(
        DeadlineRule.UPDATE_DUE,
        DeadlineRule.UPDATE_OVERDUE,
        DeadlineRule.UPDATE_AUTOMATIC,
    ),
    is_open=is_owed,
    due=due,
    follows=follows,
    prompts={
        UpdateDue: Prompt(kind="update_due", to=to_engineering, holds=is_owed),
        UpdateOverdue: Prompt(kind="update_overdue", to=_unless_superseded, holds=is_owed),
    },
)
