"""Cadence. Brief, "During Active Incidents": "Communicate status updates at fixed intervals, even
if the update is 'no change, still investigating'"; every 15 min (SEV1), 30 min (SEV2), 2 hours
(SEV3), daily (SEV4); "with appropriate cadence and detail per audience": each audience that hears
of the incident has its own next update.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from msgspec.structs import replace

from domain.incident.deadlines.automatic_update import automatic_text
from domain.incident.deadlines.due_times import Reached, again, latest, soonest, within
from domain.incident.deadlines.events import DeadlineRule, UpdateDue, UpdateOverdue
from domain.incident.deadlines.expiry import cite, expiry, record
from domain.incident.deadlines.history import DeadlineHistory, facts_of
from domain.incident.deadlines.news import standing
from domain.incident.deadlines.questions import to_engineering
from domain.incident.deadlines.timed_rule import Owed, RuleWords, TimedRule
from domain.incident.events import IncidentEvent, UpdatePosted, UpdateStatus
from domain.incident.state import Incident, KnownIncident, Open, with_facts
from domain.incident.unheard import missed_by_update
from domain.kernel.deadline import Asked, Deadline, Expire, Moment, Prompt, mark
from domain.kernel.decider import Context
from domain.kernel.text import span
from domain.policy import Policy, Severity
from domain.policy.audience import Audience, Audiences


def is_owed(asked: Asked[KnownIncident], incident: Incident) -> bool:
    """One of the audiences has had no news since, nor was another update to them missed: of that,
    there is a prompt as well.
    """
    if not isinstance(incident, Open):
        return False
    missed, known = incident.facts.discipline.settled, asked.then.facts.discipline.settled
    return any(
        standing(asked.then, audience) == standing(incident, audience)
        and missed.get(overdue) == known.get(overdue)
        for audience in _named(asked.about)
        for overdue in (mark_of(DeadlineRule.UPDATE_OVERDUE, audience),)
    )


def mark_of(rule: str, audience: Audience) -> str:
    """Under which name it is settled: that of engineering as it was when there was no other."""
    return mark(rule, None if audience is Audience.ENGINEERING else audience.value)


def _named(about: str | None) -> Audiences:
    return tuple(map(Audience, about.split(","))) if about else (Audience.ENGINEERING,)


class NextUpdate(NamedTuple):
    """The next update to an audience: when it is due, because of what, counted from when."""

    audience: Audience
    due_at: datetime
    because: Moment
    since: Moment


def next_updates(history: DeadlineHistory, policy: Policy) -> Iterator[NextUpdate]:
    """One for each audience that hears of the incident; one that was missed begins the next."""
    facts = facts_of(history)
    for audience, since in _last_news(history):
        overdue = mark_of(DeadlineRule.UPDATE_OVERDUE, audience)
        yield _next_update(history, audience, again(facts, overdue, since), policy)


def first_owed(history: DeadlineHistory, policy: Policy) -> Iterator[NextUpdate]:
    """What each audience has been owed for, since it last had news."""
    for audience, since in _last_news(history):
        yield _next_update(history, audience, since, policy)


def _last_news(history: DeadlineHistory) -> Iterator[tuple[Audience, Moment]]:
    """Who hears of the incident, and since when they have had no news."""
    for audience in Audience:
        heard = history.news.get(audience)
        if heard is not None or audience is Audience.ENGINEERING:
            yield audience, latest(history.opened, heard)


def _next_update(
    history: DeadlineHistory, audience: Audience, since: Moment, policy: Policy
) -> NextUpdate:
    found = soonest(history.levels, since, _interval_end(audience, policy))
    assert found is not None, "each severity has a cadence"
    return NextUpdate(audience, *found, since)


def _interval_end(audience: Audience, policy: Policy) -> Callable[[Reached], datetime | None]:
    return within(lambda level: level.cadence_s(audience), policy)


def due(history: DeadlineHistory, now: datetime, policy: Policy) -> Expire | None:
    """What comes first for any of them. What is due to several at once is one."""
    steps = {
        following.audience: _step(history, following, now, policy)
        for following in next_updates(history, policy)
    }
    first = min(steps.values(), key=lambda step: _when(step)[:3])
    together = [audience for audience, step in steps.items() if _when(step) == _when(first)]
    return replace(first, about=",".join(together))


def _when(step: Expire) -> tuple[datetime, datetime, str, datetime | None, int]:
    return step.fires_at, step.due_at, step.rule, step.first_due_at, step.times


def _step(history: DeadlineHistory, following: NextUpdate, now: datetime, policy: Policy) -> Expire:
    """A reminder before an update is due, a breach when it is missed, which begins the next
    interval; or, by policy, an update that says what has changed. Those that were missed in a row,
    after an outage of ours, are one breach.
    """
    facts, audience = facts_of(history), following.audience
    level, due_at, because = policy.levels[facts.severity], following.due_at, following.because
    reminder = mark_of(DeadlineRule.UPDATE_DUE, audience)
    if now < due_at and not facts.discipline.is_settled(reminder, due_at):
        ahead = due_at - _ahead(level.cadence_s(audience), policy)
        return expiry(history, DeadlineRule.UPDATE_DUE, due_at, because, fires_at=ahead)
    if level.is_automatic(audience):
        return expiry(history, DeadlineRule.UPDATE_AUTOMATIC, due_at, because)
    first, interval_end = replace(following.since, at=due_at), _interval_end(audience, policy)
    last, times = _count_missed(history.levels, first, now, interval_end)
    run = {"fires_at": due_at, "first_due_at": due_at, "times": times} if times > 1 else {}
    return expiry(history, DeadlineRule.UPDATE_OVERDUE, last, because, **run)


def _count_missed(
    levels: tuple[Reached, ...],
    first: Moment,
    now: datetime,
    interval_end: Callable[[Reached], datetime | None],
) -> tuple[datetime, int]:
    """Of updates missed in a row from `first` on: when the last one was due, and how many."""
    last, times = first, 1
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


def _ahead(cadence_s: int, policy: Policy) -> timedelta:
    """How long before an update is due its reminder comes."""
    return timedelta(seconds=min(policy.update_reminder_s, cadence_s // 3))


def follows(command: Expire, incident: KnownIncident, context: Context) -> list[IncidentEvent]:
    """A reminder, a breach, or an update of our own, of which nothing is on record yet."""
    rule, first_due_at = DeadlineRule(command.rule), command.first_due_at or command.due_at
    audiences = tuple(
        audience
        for audience in _named(command.about)
        if not incident.facts.discipline.is_settled(mark_of(rule, audience), first_due_at)
    )
    if not audiences:
        return []
    match rule:
        case DeadlineRule.UPDATE_DUE:
            return record(UpdateDue, command, context, audiences=audiences)
        case DeadlineRule.UPDATE_AUTOMATIC:
            return _say_how_it_stands(command, audiences, incident, context)
    return record(
        UpdateOverdue,
        command,
        context,
        first_due_at=command.first_due_at,
        missed=command.times,
        audiences=audiences,
    )


def _say_how_it_stands(
    command: Expire, audiences: Audiences, incident: KnownIncident, context: Context
) -> list[IncidentEvent]:
    """One update for those who are told the same. Whom no channel tells, that has missed."""
    assert isinstance(incident, Open), "an update is owed"
    texts: dict[str, list[Audience]] = {}
    missed = missed_by_update(audiences, incident.facts, context.reach)
    for audience in audiences:
        if audience in missed:
            continue
        texts.setdefault(automatic_text(incident, audience), []).append(audience)
    posted: list[IncidentEvent] = [
        UpdatePosted(
            occurred_at=context.now,
            text=text,
            status=UpdateStatus(incident.stage),
            audiences=tuple(told),
            automatic=cite(command, context),
        )
        for text, told in texts.items()
    ]
    breach = replace(command, rule=DeadlineRule.UPDATE_OVERDUE)
    return [*posted, *(record(UpdateOverdue, breach, context, audiences=missed) if missed else ())]


def fold_settled(incident: KnownIncident, event: UpdateDue | UpdateOverdue) -> KnownIncident:
    """It is settled for those whom it was about; of earlier releases, for all."""
    rule, discipline = event.automatic.rule, incident.facts.discipline
    for audience in event.audiences or Audience:
        discipline = discipline.settle(mark_of(rule, audience), event.due_at)
    return with_facts(incident, discipline=discipline)


def _about(event: UpdateDue | UpdateOverdue) -> str:
    return ",".join(event.audiences)


def _unless_superseded(_: Any, event: UpdateOverdue, __: KnownIncident) -> Audiences:
    """The last one that was missed; who hears of that need not hear of those before."""
    return () if event.superseded else (Audience.ENGINEERING,)


def owed(history: DeadlineHistory, policy: Policy) -> Iterator[Owed]:
    level = policy.levels[facts_of(history).severity]
    for audience, due_at, because, _ in first_owed(history, policy):
        rule, what = DeadlineRule.UPDATE_DUE, f"the next status update to {audience} is posted"
        if level.is_automatic(audience):
            rule = DeadlineRule.UPDATE_AUTOMATIC
            what = f"a status update to {audience} is posted, automatic unless somebody does before"
        yield Owed(rule, due_at, because, what, audience=audience)


def says(policy: Policy, severity: Severity) -> str:
    every = span(policy.levels[severity].update_cadence_s)
    return f"A {severity} has a status update every {every}, also where nothing is new."


def automatic_says(policy: Policy, severity: Severity) -> str:
    return f"{says(policy, severity)} The service posts it where nobody has."


PREVENTED_BY = "a status update before it was due"
CADENCE = TimedRule(
    deadline=Deadline(
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
            UpdateDue: Prompt(kind="update_due", to=to_engineering, holds=is_owed, about=_about),
            UpdateOverdue: Prompt(
                kind="update_overdue", to=_unless_superseded, holds=is_owed, about=_about
            ),
        },
    ),
    owed=owed,
    marks=tuple(
        mark(rule, audience)
        for rule in (DeadlineRule.UPDATE_DUE, DeadlineRule.UPDATE_AUTOMATIC)
        for audience in Audience
    ),
    folds={UpdateDue: fold_settled, UpdateOverdue: fold_settled},
    words={
        DeadlineRule.UPDATE_DUE: RuleWords(says, PREVENTED_BY, "update"),
        DeadlineRule.UPDATE_OVERDUE: RuleWords(says, PREVENTED_BY, "update"),
        DeadlineRule.UPDATE_AUTOMATIC: RuleWords(automatic_says, PREVENTED_BY, "update"),
    },
)
