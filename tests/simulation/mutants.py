"""Bugs to plant in the real code, each of which the judge has to find."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from msgspec.structs import force_setattr, replace

from adapters.storage.memory.event_store import MemoryEventStore
from domain.incident import behaviour
from domain.incident import events as e
from domain.incident import state as s
from domain.incident.alerts import ends
from domain.incident.course import lifecycle
from domain.incident.deadlines import due_times, escalation, history, ladder, news, root_cause
from domain.incident.deadlines import events as k
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.expiry import cite, expiry, record
from domain.incident.deadlines.history import DeadlineHistory
from domain.incident.deadlines.questions import asks, is_unacknowledged
from domain.incident.deadlines.table import DEADLINES
from domain.incident.impact import UNKNOWN, Impact
from domain.incident.severity import (
    assessment,
    course,
    decisions,
    doubling,
    floors,
    matrix,
    raises,
)
from domain.incident.severity.matrix import Aspect
from domain.kernel.deadline import Deadline, Deadlines, Expire, Moment
from domain.notification.ledger import Attempting, LedgerEntry
from domain.policy import DEFAULT, Concern, Policy, Severity
from handlers.notify.ledger_writer import LedgerWriter
from handlers.processes import runner, watchdog
from handlers.processes.runner import ProcessRunner
from simulation.gate_mutants import GATE_MUTANTS
from simulation.order_mutants import ORDER_MUTANTS

Patch = Any
REAL: dict[str, Deadline[Any, Any, Any]] = {each.name: each for each in DEADLINES.all}
REAL_EXPIRE = Deadlines.expire
REAL_FOLLOW = DEADLINES.follow
REAL_DOUBLED, REAL_DEMANDED = doubling.doubled, matrix.demanded
REAL_CRITERIA, REAL_CONCERNS = matrix.criteria, floors.concerns_of
REAL_ASSESSED = assessment.fold_impact
REAL_CLIMB = ladder.climbs_to


@contextmanager
def _set(name: str, value: Any) -> Iterator[None]:
    """In the table of deadlines, something else."""
    before = getattr(DEADLINES, name)
    force_setattr(DEADLINES, name, value)
    try:
        yield
    finally:
        force_setattr(DEADLINES, name, before)


@contextmanager
def altered(name: str, **changes: Any) -> Iterator[None]:
    """A deadline that is not as it should be."""
    other = replace(REAL[name], **changes)
    with _set("all", tuple(other if each.name == name else each for each in DEADLINES.all)):
        yield


def really(name: str, found: DeadlineHistory, now: Any, policy: Any) -> Expire | None:
    """What the real deadline says."""
    return DEADLINES.next_expiry(REAL[name], found, now, policy)


def asking(name: str, seen: Callable[[DeadlineHistory], DeadlineHistory]) -> Patch:
    """A deadline that is asked about something else than what is the case."""

    def due(found: DeadlineHistory, now: Any, policy: Any) -> Expire | None:
        return really(name, seen(found), now, policy)

    return altered(name, due=due)


def whatever(*_: Any) -> bool:
    """The question is always open."""
    return True


def unsettled(found: DeadlineHistory, rule: DeadlineRule) -> DeadlineHistory:
    """As if nothing had come of a rule yet."""
    incident: Any = found.incident
    kept = {mark: at for mark, at in incident.facts.discipline.settled.items() if mark != rule}
    discipline = replace(incident.facts.discipline, settled=kept)
    return replace(found, incident=s.with_facts(incident, discipline=discipline))


def _unaware(self: Any, command: Expire, incident: Any, context: Any) -> list[Any]:
    return REAL_EXPIRE(self, command, s.with_facts(incident, acknowledged=False), context)


NOTHING_NEW = k.SeenIncident(
    severity=Severity.SEV1, updates=0, reopenings=0, all_clears=0, monitoring_since=None
)


def _same_for_all(found: DeadlineHistory) -> Any:
    last = max(found.news.values(), key=lambda moment: moment.at, default=None)
    return dict.fromkeys(found.news, last)


def _since_the_beginning(found: DeadlineHistory) -> DeadlineHistory:
    facts = getattr(found.incident, "facts", None)
    if found.began is None or not facts or not facts.response.reopenings:
        return found
    return replace(found, opened=found.began, news=dict.fromkeys(found.news, found.began))


def _by_updates_alone(incident: Any, audience: Any) -> Any:
    return (incident.facts.response.updates_to.get(audience, 0),)


def _until_the_top(facts: Any, policy: Policy) -> Any:
    return None if policy.tiers[-1].name in facts.discipline.tiers else REAL_CLIMB(facts, policy)


def _always_climbs(policy: Policy, _: Any) -> Any:
    return policy.tiers[-1]


def _pivot_anyway(command: Expire, _: Any, context: Any) -> list[Any]:
    return record(k.TimeboxExpired, command, context, hypothesis=command.about)


def _every_path_due(found: DeadlineHistory, now: Any, policy: Any) -> Expire | None:
    if not isinstance(found.incident, s.Open):
        return None
    names = [path.name for path in found.incident.facts.response.hypotheses]
    assert found.began is not None
    paths = {name: found.paths.get(name, found.began) for name in names}
    return REAL["timebox"].due(replace(found, paths=paths), now, policy)


def _clear_anyway(command: Expire, _: Any, context: Any) -> list[Any]:
    automatic = cite(command, context)
    return [k.AllClear(occurred_at=context.now, due_at=command.due_at, automatic=automatic)]


def _clear_after_reopening(found: DeadlineHistory, now: Any, policy: Any) -> Expire | None:
    facts = found.facts
    if facts and facts.response.reopenings and found.opened and not facts.discipline.all_clears:
        return expiry(found, DeadlineRule.ALL_CLEAR, found.opened.at, found.opened)
    return really("all-clear", found, now, policy)


def _escalate_to_the_first(command: Expire, incident: Any, context: Any) -> list[Any]:
    return ladder.escalate_to(DEFAULT.tiers[0], "again", command, context)


def _once(found: DeadlineHistory, now: Any, policy: Any) -> Expire | None:
    facts = found.facts
    if facts is None or DeadlineRule.MONITORING in facts.discipline.settled:
        return None
    return really("monitoring", found, now, policy)


async def _never(*_: Any) -> None:
    return None


async def _wake_without_arming(self: ProcessRunner, timer: Any) -> None:
    await self.attend(timer.aggregate, timer.key, timer)


async def _hear_once(self: ProcessRunner, stream: str, position: int) -> None:
    known = self._histories.known(stream)
    if known is None or known.position < position:
        await self.attend(*stream.split("."))


async def _unclaimed(_: LedgerWriter, message: Any, *__: Any) -> LedgerEntry:
    intent = message.intent
    phase = Attempting(intent.recorded_at)
    return LedgerEntry(
        phase=phase, audience=intent.audience, subject="s", since=intent.recorded_at, attempts=1
    )


def _any_cause(found: DeadlineHistory) -> Moment | None:
    return found.began


def _as_stated(found: DeadlineHistory, recorded: Any, *rest: Any) -> DeadlineHistory:
    at = recorded.commit.events[0].occurred_at
    stated = replace(recorded, commit=replace(recorded.commit, recorded_at=at))
    return REAL_FOLLOW(found, stated, *rest)


def _all_standing(levels: Any, start: Moment) -> list[due_times.Reached]:
    return [
        reached
        for reached in due_times._levels_from(levels, start)
        if not reached.severity.outranks(levels[-1].severity)
    ]


def _whatever_is_known(found: DeadlineHistory) -> Any:
    return None if isinstance(found.incident, s.Undeclared) else found.incident


def _two_levels(severity: Severity, *impacts: Any) -> Any:
    demanded = REAL_DOUBLED(severity, *impacts)
    return demanded and demanded._replace(severity=demanded.severity.one_level_up())


def _never_weighed(severity: Severity, _: Impact, *rest: Any) -> Any:
    return REAL_DEMANDED(severity, UNKNOWN, *rest)


def _no_doubt(impact: Impact, policy: Any) -> Any:
    found = [each for each in REAL_CRITERIA(impact, policy) if each.aspect is not Aspect.DOUBT]
    return found or REAL_CRITERIA(impact, policy)


def _no_breach(impact: Impact) -> Any:
    return [each for each in REAL_CONCERNS(impact) if each is not Concern.SECURITY_BREACH]


def _as_the_matrix_says(incident: Any, event: Any) -> Any:
    assessed = REAL_ASSESSED(incident, event)
    return s.with_facts(assessed, severity=event.matrix.severity)


async def _append_anyway(self: MemoryEventStore, writes: Any) -> list[int]:
    return [self._write(write) for write in writes]


def _random_ids() -> Patch:
    numbers = count()
    return patch.object(runner, "command_id_of", lambda *_: f"random-{next(numbers)}")


def _settled_or_not(self: Any, command: Expire, incident: Any, context: Any) -> list[Any]:
    discipline = replace(incident.facts.discipline, settled={})
    return REAL_EXPIRE(self, command, s.with_facts(incident, discipline=discipline), context)


def _as_opened(found: DeadlineHistory) -> dict[str, Moment]:
    incident: Any = found.incident
    paths = {path.name: path.opened_at for path in incident.facts.response.hypotheses}
    return {name: replace(each, at=paths[name]) for name, each in found.paths.items()}


def _still_acknowledged(incident: Any, event: Any, actor: str) -> Any:
    return lifecycle.fold_reopened(incident, replace(event, anew=False), actor)


MUTANTS: dict[str, Callable[[], list[Patch]]] = {
    "the response time ignores that an acknowledgement is withdrawn": lambda: [
        asking("response", lambda found: replace(found, waiting=found.waiting and found.began))
    ],
    "news for one audience is news for all": lambda: [
        asking("cadence", lambda found: replace(found, news=_same_for_all(found)))
    ],
    "a turn that is told does not move the next update": lambda: [
        patch.object(news, "standing", _by_updates_alone)
    ],
    "the manager hears of a SEV2 only while nobody has acknowledged it": lambda: [
        altered("escalation-level", is_open=asks(is_unacknowledged))
    ],
    "a ladder that is used up falls silent": lambda: [
        patch.object(each, "climbs_to", _until_the_top) for each in (escalation, root_cause)
    ],
    "a SEV3 climbs as a SEV2 does": lambda: [patch.object(Policy, "highest_tier", _always_climbs)],
    "a cause that is late is no breach": lambda: [altered("root-cause", due=lambda *_: None)],
    "nobody asks for the first update": lambda: [altered("first-update", due=lambda *_: None)],
    "nobody asks for an update to customers": lambda: [
        altered("customer-update", is_open=lambda *_: False)
    ],
    "a missed update does not begin the next interval": lambda: [
        asking("cadence", lambda found: unsettled(found, DeadlineRule.UPDATE_OVERDUE))
    ],
    "a reopened incident owes the updates of the time when it was closed": lambda: [
        asking("cadence", _since_the_beginning)
    ],
    "the deadline of a severity comes back with it": lambda: [
        patch.object(due_times, "_standing", _all_standing)
    ],
    "clocks count from the time that was stated": lambda: [_set("follow", _as_stated)],
    "a timer that fires early is not armed again": lambda: [
        patch.object(ProcessRunner, "wake", _wake_without_arming)
    ],
    "news that could not be acted upon is taken as known": lambda: [
        patch.object(ProcessRunner, "hear", _hear_once)
    ],
    "what expires does not look at the acknowledgement": lambda: [
        patch.object(Deadlines, "expire", _unaware)
    ],
    "a breach does not look at what the clock has not seen": lambda: [
        patch.object(s.Facts, "seen", property(lambda _: NOTHING_NEW))
    ],
    "commands have random ids, and what is settled is not looked at": lambda: [
        _random_ids(),
        patch.object(Deadlines, "expire", _settled_or_not),
    ],
    "the watchdog never looks": lambda: [patch.object(watchdog, "watch", _never)],
    "the timebox of a closed hypothesis runs on": lambda: [
        altered("timebox", is_open=whatever, due=_every_path_due, follows=_pivot_anyway)
    ],
    "the all-clear is given after a reopening": lambda: [
        altered("all-clear", is_open=whatever, due=_clear_after_reopening, follows=_clear_anyway)
    ],
    "an escalation is suppressed by whatever came first": lambda: [
        altered(name, answer=_any_cause) for name, each in REAL.items() if each.answer
    ],
    "clocks run for what is told in retrospect": lambda: [
        _set("running", _whatever_is_known),
        patch.object(history, "running", _whatever_is_known),
    ],
    "the post-mortem goes by the present severity": lambda: [
        patch.object(DeadlineHistory, "peak", property(lambda found: found.levels[-1].severity))
    ],
    "leadership hears of a SEV1 only while nobody has acknowledged it": lambda: [
        asking("escalation-level", lambda found: replace(found, live=found.acknowledged is None))
    ],
    "the same tier is told again": lambda: [
        altered(name, follows=_escalate_to_the_first)
        for name in ("escalation-response", "escalation-cause")
    ],
    "recovery is watched for 15 minutes, and that is that": lambda: [
        altered("monitoring", due=_once)
    ],
    "the root cause is sought since the beginning, whatever was withdrawn": lambda: [
        asking(
            "escalation-cause", lambda found: replace(found, sought=found.sought and found.began)
        )
    ],
    "what did not hold leaves the timeboxes as they were": lambda: [
        asking("timebox", lambda found: replace(found, paths=_as_opened(found)))
    ],
    "whoever has acknowledged once need not do so again": lambda: [
        patch.dict(behaviour.TURNS, {e.Reopened: _still_acknowledged})
    ],
    "a monitor closes an incident under its commander": lambda: [
        patch.object(ends, "in_hand", lambda facts: facts.about.declared)
    ],
    "nobody is asked when all alerts are over": lambda: [
        altered("alerts-over", is_open=lambda *_: False)
    ],
    "an impact that doubles raises the severity by two levels": lambda: [
        patch.object(raises, "doubled", _two_levels)
    ],
    "the matrix is asked at the declaration alone": lambda: [
        patch.object(raises, "demanded", lambda *_: None)
    ],
    "what somebody holds is asked again though nothing has grown": lambda: [
        patch.object(raises, "demanded", _never_weighed)
    ],
    "only figures known at a decision are a baseline": lambda: [
        patch.object(each, "filled", lambda baseline, _: baseline) for each in (course, raises)
    ],
    "a number of users without a share is no doubt": lambda: [
        patch.object(matrix, "criteria", _no_doubt)
    ],
    "a security breach is no floor": lambda: [patch.object(floors, "concerns_of", _no_breach)],
    "nobody is on record who goes below the matrix": lambda: [
        patch.object(decisions, "holder", lambda *_: None)
    ],
    "knowing more lowers the severity": lambda: [
        patch.dict(behaviour.FOLDS, {e.ImpactReassessed: _as_the_matrix_says})
    ],
    "the log takes what was decided without the latest": lambda: [
        patch.object(MemoryEventStore, "append_together", _append_anyway)
    ],
    "a worker sends what it has not claimed": lambda: [
        patch.object(LedgerWriter, "claim", _unclaimed)
    ],
    **GATE_MUTANTS,
    **ORDER_MUTANTS,
}
"""By what is wrong."""


@contextmanager
def planted(name: str) -> Iterator[None]:
    """With this bug in the code."""
    with ExitStack() as stack:
        for each in MUTANTS[name]():
            stack.enter_context(each)
        yield
