"""Bugs to plant in the real code, each of which the judge has to find."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any
from unittest.mock import patch

from msgspec.structs import replace

from adapters.storage.memory.event_store import MemoryEventStore
from domain.incident import commands as c
from domain.incident import events as e
from domain.incident import hypotheses, severity
from domain.incident import state as s
from domain.incident.deadlines import events as k
from domain.incident.deadlines import expire, history, ladder, schedule
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.history import DeadlineHistory, Moment
from domain.notification.ledger import Attempting, LedgerEntry
from domain.policy import DEFAULT, Severity
from handlers.notify.ledger_writer import LedgerWriter
from handlers.processes import runner
from handlers.processes.runner import ProcessRunner

Patch = Any
REAL = dict(schedule.PROCESSES)
REAL_RUN_OUT = expire.run_out
REAL_OPEN = hypotheses.open_hypothesis
REAL_UPGRADE = severity.upgrade


def asking(name: str, seen: Callable[[DeadlineHistory], DeadlineHistory]) -> Patch:
    """A process that is asked about something else than what is the case."""

    def ask(found: DeadlineHistory, now: Any, policy: Any) -> c.Expire | None:
        return REAL[name](seen(found) if found.facts else found, now, policy)

    return patch.dict(schedule.PROCESSES, {name: ask})


def deciding(rule: DeadlineRule, outcome: Callable[..., list[Any]]) -> Patch:
    return patch.dict(expire._RUN_OUT, {rule: outcome})


def unsettled(found: DeadlineHistory, rule: DeadlineRule) -> DeadlineHistory:
    """As if nothing had come of a rule yet."""
    incident: Any = found.incident
    kept = {mark: at for mark, at in incident.facts.discipline.settled.items() if mark != rule}
    discipline = replace(incident.facts.discipline, settled=kept)
    return replace(found, incident=s.with_facts(incident, discipline=discipline))


def _unaware(command: c.Expire, incident: Any, context: Any) -> list[Any]:
    return REAL_RUN_OUT(command, s.with_facts(incident, acknowledged=False), context)


NOTHING_NEW = k.Seen(
    severity=Severity.SEV1, updates=0, reopenings=0, all_clears=0, monitoring_since=None
)


def _pivot_anyway(command: c.Expire, incident: Any, context: Any) -> list[Any]:
    return expire._timed(k.TimeboxExpired, command, context, hypothesis=command.hypothesis)


def _clear_anyway(command: c.Expire, incident: Any, context: Any) -> list[Any]:
    automatic = expire._automatic(command, context)
    return [k.AllClear(occurred_at=context.now, due_at=command.due_at, automatic=automatic)]


def _all_paths(found: DeadlineHistory) -> DeadlineHistory:
    names = [path.name for path in found.facts.response.hypotheses] if found.facts else []
    assert found.began is not None
    return replace(found, paths={name: found.paths.get(name, found.began) for name in names})


def _clear_after_reopening(found: DeadlineHistory, now: Any, policy: Any) -> c.Expire | None:
    facts = found.facts
    if facts and facts.response.reopenings and found.opened and not facts.discipline.all_clears:
        due_at = found.opened.at
        return schedule._next(facts, DeadlineRule.ALL_CLEAR, due_at, found.opened)
    return REAL["all-clear"](found, now, policy)


async def _never(*_: Any) -> None:
    return None


async def _woken_without_arming(self: ProcessRunner, timer: Any) -> None:
    await self.attend(timer.key, timer)


async def _heard_once(self: ProcessRunner, incident_id: str, position: int) -> None:
    known = self._situations.get(incident_id)
    if known is None or known.position < position:
        await self.attend(incident_id)


async def _unclaimed(_: LedgerWriter, message: Any, __: str | None = None) -> LedgerEntry:
    intent = message.intent
    phase = Attempting(intent.recorded_at)
    return LedgerEntry(
        phase=phase, audience=intent.audience, subject="s", since=intent.recorded_at, attempts=1
    )


def _any_cause(_: DeadlineRule, found: DeadlineHistory) -> Moment | None:
    return found.began


def _as_stated(found: DeadlineHistory, recorded: Any, policy: Any) -> DeadlineHistory:
    at = recorded.commit.events[0].occurred_at
    return history.fold(
        found, replace(recorded, commit=replace(recorded.commit, recorded_at=at)), policy
    )


def _every_deadline(levels: Any, start: Moment, due: Any) -> Any:
    found = [
        (at, reached.since)
        for reached in history._levels_from(levels, start)
        if not reached.severity.outranks(levels[-1].severity) and (at := due(reached)) is not None
    ]
    return min(found, key=lambda pair: pair[0], default=None)


def _resolve(command: c.Resolve, *rest: Any) -> list[Any]:
    return [e.Resolved(occurred_at=rest[1], resolution=command.resolution)]


def _without_roles(command: Any, facts: Any, at: Any, policy: Any) -> list[Any]:
    open_to_all = replace(policy, roles_before_troubleshooting=())
    return REAL_OPEN(command, facts, at, open_to_all)


def _two_levels(severity: Severity, *impacts: Any) -> Any:
    demanded = REAL_UPGRADE(severity, *impacts)
    return demanded and demanded._replace(severity=demanded.severity.one_level_up())


async def _append_anyway(self: MemoryEventStore, writes: Any) -> list[int]:
    return [self._write(write) for write in writes]


def _random_ids() -> Patch:
    numbers = count()
    return patch.object(runner, "command_id_of", lambda *_: f"random-{next(numbers)}")


def _settled_or_not(command: c.Expire, incident: Any, context: Any) -> list[Any]:
    if context.now < command.fires_at or command.seen != incident.facts.seen:
        return []
    return expire._RUN_OUT[command.rule](command, incident, context)


MUTANTS: dict[str, Callable[[], list[Patch]]] = {
    "the response time ignores that an acknowledgement is withdrawn": lambda: [
        asking("response", lambda found: replace(found, waiting=found.waiting and found.began))
    ],
    "a raise puts the next update off": lambda: [
        asking("cadence", lambda found: replace(found, updated=found.levels[-1].since))
    ],
    "a missed update does not begin the next interval": lambda: [
        asking("cadence", lambda found: unsettled(found, DeadlineRule.UPDATE_OVERDUE))
    ],
    "a reopened incident owes the updates of the time when it was closed": lambda: [
        asking("cadence", lambda found: replace(found, opened=found.opened and found.began))
    ],
    "the deadline of a severity comes back with it": lambda: [
        patch.object(schedule, "soonest", _every_deadline)
    ],
    "clocks count from the time that was stated": lambda: [
        patch.object(runner, "fold", _as_stated)
    ],
    "a timer that fires early is not armed again": lambda: [
        patch.object(ProcessRunner, "woken", _woken_without_arming)
    ],
    "news that could not be acted upon is taken as known": lambda: [
        patch.object(ProcessRunner, "heard", _heard_once)
    ],
    "what runs out does not look at the acknowledgement": lambda: [
        patch.object(expire, "run_out", _unaware)
    ],
    "a breach does not look at what the clock has not seen": lambda: [
        patch.object(s.Facts, "seen", property(lambda _: NOTHING_NEW))
    ],
    "commands have random ids, and what is settled is not looked at": lambda: [
        _random_ids(),
        patch.object(expire, "run_out", _settled_or_not),
    ],
    "the watchdog never looks": lambda: [patch.object(runner, "watch", _never)],
    "the timebox of a closed hypothesis runs on": lambda: [
        asking("timebox", _all_paths),
        deciding(DeadlineRule.TIMEBOX, _pivot_anyway),
    ],
    "the all-clear is given after a reopening": lambda: [
        patch.dict(schedule.PROCESSES, {"all-clear": _clear_after_reopening}),
        deciding(DeadlineRule.ALL_CLEAR, _clear_anyway),
    ],
    "an escalation is suppressed by whatever came first": lambda: [
        patch.object(runner, "answer", _any_cause)
    ],
    "clocks run for what is told in retrospect": lambda: [
        patch.object(
            DeadlineHistory, "facts", property(lambda found: getattr(found.incident, "facts", None))
        )
    ],
    "the post-mortem goes by the present severity": lambda: [
        patch.object(DeadlineHistory, "peak", property(lambda found: found.levels[-1].severity))
    ],
    "leadership hears of a SEV1 only while nobody has acknowledged it": lambda: [
        asking("escalation-level", lambda found: replace(found, live=found.acknowledged is None))
    ],
    "the same tier is told again": lambda: [
        patch.object(expire, "next_tier", lambda *_: DEFAULT.tiers[0])
    ],
    "recovery is watched for 15 minutes, and that is that": lambda: [
        asking(
            "monitoring", lambda found: replace(found, mitigated=None) if _watched(found) else found
        )
    ],
    "anything may be resolved at once": lambda: [patch.object(ladder, "resolve", _resolve)],
    "hypotheses need no roles": lambda: [
        patch.object(hypotheses, "open_hypothesis", _without_roles)
    ],
    "an impact that doubles raises the severity by two levels": lambda: [
        patch.object(severity, "upgrade", _two_levels)
    ],
    "the log takes what was decided without the latest": lambda: [
        patch.object(MemoryEventStore, "append_together", _append_anyway)
    ],
    "a courier sends what it has not claimed": lambda: [
        patch.object(LedgerWriter, "claim", _unclaimed)
    ],
}
"""By what is wrong."""


def _watched(found: DeadlineHistory) -> bool:
    facts = found.facts
    return facts is not None and DeadlineRule.MONITORING in facts.discipline.settled


@contextmanager
def planted(name: str) -> Iterator[None]:
    """With this bug in the code."""
    with ExitStack() as stack:
        for each in MUTANTS[name]():
            stack.enter_context(each)
        yield
