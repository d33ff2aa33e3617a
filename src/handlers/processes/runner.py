"""The process runner: asks each deadline of an aggregate what is next, sends it, or sets a timer.

Woken by every event of an aggregate, by timers, and by a watchdog that asks about everything that
is unfinished: at the start, and again and again in case all others were lost. The history follows
from the log alone, and commands have ids that follow from all that they say, so being woken late,
twice or for nothing is harmless.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import uuid5
from weakref import WeakValueDictionary

import msgspec
import structlog

from domain.kernel.aggregate import AnyAggregate, namespace_of
from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import Deadline, Expire, Suppress
from domain.kernel.refusal import Refused
from domain.policy import Policy
from domain.sight import PUBLIC
from handlers.kernel.asks import Meta, Outcome
from handlers.kernel.history import HalfHistory
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.snapshots import Snapshots
from handlers.processes.histories import Histories, HistoryAt, ProcessSubject
from handlers.processes.timers import Timer, Timers, UnknownAggregate, names_of

ACTOR = "commandpost"
STEPS_MAX = 1_000
"""Steps of one deadline in a row: a week of missed updates after an outage, and an end."""
PASSES_MAX = 100
"""Passes through all deadlines in a row, while the aggregate keeps changing under our hands."""

log = structlog.get_logger()

AnyDeadline = Deadline[Any, Any, Any]


class ProcessObserver(Protocol):
    """Counts what processes do; the metrics of the service."""

    def process_step(self, process: str, outcome: str, lateness_s: float) -> None: ...


class CommandRunner(Protocol):
    """Runs commands on any aggregate."""

    async def run(
        self, aggregate: AnyAggregate, id_: str, command: msgspec.Struct, meta: Meta
    ) -> Outcome[Any]:
        """Raises `Refused`, `Unavailable`."""
        ...


class ProcessDependencies(NamedTuple):
    """What the runner needs."""

    store: EventStore
    executor: CommandRunner
    timers: Timers
    clock: Callable[[], datetime]
    policy: Policy
    observer: ProcessObserver
    snapshots: Snapshots | None = None


class ProcessRunner:
    """Runs all deadlines of all aggregates that have some. Several instances may: they send the
    same commands.
    """

    def __init__(self, aggregates: Iterable[AnyAggregate], needs: ProcessDependencies) -> None:
        self.aggregates = {each.name: each for each in aggregates if each.deadlines is not None}
        self.strays: list[Timer] = []
        """Timers that were armed for aggregates that nobody here knows."""
        self._executor = needs.executor
        self._timers = needs.timers
        self._clock = needs.clock
        self._policy = needs.policy
        self._observer = needs.observer
        self._histories = Histories(needs.store, needs.policy, needs.snapshots)
        self._armed: dict[tuple[str, str, str], datetime] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self) -> None:
        """Learn what is armed already. Raises `Unavailable`."""
        timers = await self._timers.armed()
        self._armed = {names_of(timer): timer.due_at for timer in timers}
        strays = [timer for timer in timers if timer.aggregate not in self.aggregates]
        for timer in strays if strays != self.strays else ():
            log.warning("timer.stray", aggregate=timer.aggregate, key=timer.key, timer=timer.name)
        self.strays = strays

    def forget(self) -> None:
        """The log is another one: its histories are read again, and its timers set again."""
        self._histories.forget()
        self._armed.clear()

    async def wake(self, timer: Timer) -> None:
        """A timer has fired. Raises `Unavailable`, `UnknownAggregate`: then it must fire again."""
        if timer.aggregate not in self.aggregates:
            raise UnknownAggregate(f"nobody here knows the aggregate {timer.aggregate}")
        if self._armed.get(names_of(timer)) == timer.due_at:
            del self._armed[names_of(timer)]  # so that it is armed again, if still wanted
        await self.attend(timer.aggregate, timer.key, timer)

    @property
    def prefixes(self) -> list[str]:
        """Those of the streams of aggregates that have deadlines."""
        return [f"{name}." for name in self.aggregates]

    async def follow(self, stream: str, commits: Sequence[Recorded[Event]]) -> None:
        """An aggregate has changed by these commits, the next ones of its stream: who follows the
        log leaves none out. Raises `Unavailable`.
        """
        name, _, id_ = stream.partition(".")
        if self.aggregates[name].names_one(id_):
            before = self._histories.known(stream)
            self._histories.follow(self.subject(name, id_), commits)
            if self._histories.rests(stream, before):
                return
        await self.hear(stream, commits[-1].position)

    async def hear(self, stream: str, position: int) -> None:
        """An aggregate has changed at `position` of the log. Raises `Unavailable`."""
        name, _, id_ = stream.partition(".")
        if not self.aggregates[name].names_one(id_):
            return  # somebody else's message, which whoever reads the log sets aside
        if self._histories.attended.get(stream, 0) < position:
            await self.attend(name, id_, since=position)

    async def sweep(self, unfinished: Iterable[tuple[str, str]]) -> None:
        """Ask about all of these, by aggregate and id, whatever has or has not woken us. One that
        cannot be read, say, does not stop the others. Raises `Unavailable`.
        """
        await self.begin()
        for name, id_ in unfinished:
            try:
                await self.attend(name, id_)
            except Unavailable:
                raise
            except Exception:
                log.exception("process.fault", **{name: id_})

    async def attend(
        self, name: str, id_: str, fired: Timer | None = None, since: int | None = None
    ) -> None:
        """Do what is due for an aggregate, and set its timers; `fired` is what woke us, if a timer
        did, and what was known at `since` will do (None: how the log stands now). Where a part of
        its history cannot be read, nothing is decided until that is settled: the watchdog asks
        again. Raises `Unavailable`.
        """
        subject = self.subject(name, id_)
        try:
            await self._attend(subject, fired, since)
        except HalfHistory as half:
            log.warning("process.half_history", **{name: id_}, reason=half.detail)

    async def _attend(
        self, subject: ProcessSubject, fired: Timer | None, since: int | None
    ) -> None:
        lock = self._locks.setdefault(subject.stream, asyncio.Lock())
        async with lock:
            attended, asked_at = self._histories.attended, -1
            for _ in range(PASSES_MAX):
                known = await self._histories.look(subject, since)
                if known.position == asked_at:
                    break
                asked_at, idle = known.position, True
                for deadline in subject.deadlines.all:
                    known, rests = await self._advance(subject, deadline, known, fired)
                    idle = idle and rests
                if idle and since is not None:
                    break  # of what comes meanwhile we hear
                since = None  # what was done may be outdated by now
            attended[subject.stream] = asked_at

    def subject(self, name: str, id_: str) -> ProcessSubject:
        """One aggregate by its kind and its id."""
        aggregate = self.aggregates[name]
        assert aggregate.deadlines is not None, "only those with deadlines are kept"
        return ProcessSubject(aggregate, aggregate.deadlines, id_)

    async def _advance(
        self, subject: ProcessSubject, deadline: AnyDeadline, known: HistoryAt, fired: Timer | None
    ) -> tuple[HistoryAt, bool]:
        """Do what one deadline wants done, and say whether that was nothing. The log is looked at
        again where something was sent.
        """
        began = known
        for _ in range(STEPS_MAX):
            now = self._clock()
            following = subject.deadlines.next_expiry(deadline, known.history, now, self._policy)
            if following is None or following.fires_at > now:
                break
            before = known.position
            await self._send(subject, deadline, following, now)
            known = await self._histories.look(subject)
            if known.position == before:
                following = None  # nothing comes of it: no use in asking again
                break
        names = (subject.aggregate.name, subject.id, deadline.name)
        if following is None and deadline.answer is not None:
            await self._note_answer(subject, deadline, known, self._due_at(names, fired))
        rests = await self._set_timer(names, following)
        return known, rests and known is began

    def _due_at(self, names: tuple[str, str, str], fired: Timer | None) -> datetime | None:
        """When a timer was due that has fired by now, as far as we know."""
        due_at = self._armed.get(names)
        if fired is not None and fired.name == names[-1]:
            due_at = fired.due_at
        return due_at if due_at is not None and due_at <= self._clock() else None

    async def _send(
        self, subject: ProcessSubject, deadline: AnyDeadline, step: Expire, now: datetime
    ) -> None:
        """Send what is due."""
        outcome = await self._run(subject, step, step.caused_by)
        lateness_s = (now - step.fires_at).total_seconds()
        self._observer.process_step(deadline.name, outcome, lateness_s)

    async def _run(self, subject: ProcessSubject, command: Expire | Suppress, cause: str) -> str:
        command_id = command_id_of(subject.id, command)
        meta = Meta(
            command_id=command_id, actor=ACTOR, correlation_id=command_id, causation_id=cause
        )
        aggregate, id_ = subject.aggregate, subject.id
        about = {aggregate.name: id_, "rule": command.rule, "due_at": command.due_at.isoformat()}
        try:
            done = await self._executor.run(aggregate, id_, command, meta)
        except HalfHistory:
            raise
        except Refused as refused:  # a fault of ours; the other aggregates must not wait for it
            log.exception("process.refused", **about, code=refused.code)
            return "refused"
        if not aggregate.hides(done.state, PUBLIC):
            log.info("process.step", **about, outcome=done.outcome)
        return str(done.outcome)

    async def _note_answer(
        self,
        subject: ProcessSubject,
        deadline: AnyDeadline,
        known: HistoryAt,
        due_at: datetime | None,
    ) -> None:
        """Something was due, but the log had an answer first: say so, and by which event."""
        if due_at is None:
            return
        answer = subject.deadlines.find_answer(deadline, known.history, due_at)
        if answer is None:
            return
        command = Suppress(
            rule=deadline.rules[0], due_at=due_at, by=answer.event, because=answer.kind
        )
        await self._run(subject, command, answer.event)

    async def _set_timer(self, names: tuple[str, str, str], following: Expire | None) -> bool:
        """Whether it was set so already. Another instance may set it by what it has seen so far;
        but it hears of all that we hear of, and sets it anew, or else the watchdog does.
        """
        known = self._armed.get(names)
        if following is None:
            if known is not None:
                await self._timers.cancel(*names)
                self._armed.pop(names, None)  # the watchdog may have learnt anew meanwhile
            return known is None
        if known != following.fires_at:
            await self._timers.arm(Timer(*names, following.fires_at))
        self._armed[names] = following.fires_at
        return known == following.fires_at


def command_id_of(id_: str, command: Expire | Suppress) -> str:
    """The same for whoever sends the same. What differs, because somebody has seen less of the log,
    is another command: it finds the due time settled, or else is for the aggregate to decide.
    """
    words = f"{type(command).__name__} {msgspec.json.encode(command).decode()}"
    return str(uuid5(namespace_of(id_), words))
