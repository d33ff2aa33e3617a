"""The conductor: asks each process of an incident what is next, sends it, or sets a timer for it.

Woken by every event of an incident, by timers, and by a watchdog that asks about everything that is
unfinished, in case all others were lost. The incident is read from the log each time, and commands
have ids that follow from all that they say, so being woken late, twice or for nothing is harmless.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID, uuid5
from weakref import WeakValueDictionary

import msgspec
import structlog

from domain.incident import commands as c
from domain.incident.deadlines.events import DeadlineRule
from domain.incident.deadlines.history import DeadlineHistory, fold
from domain.incident.deadlines.schedule import ANSWERED, PROCESSES, answer
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.policy import Policy
from handlers.kernel.executor import Executor, stream_of
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.transact import Meta
from handlers.messaging import Broker, Consumer, Delivered, consume
from handlers.processes.timers import Timer, Timers

ACTOR = "commandpost"
REMEMBERED = 10_000
STEPS_MAX = 1_000
"""Steps of one process in a row: a week of missed updates after an outage, and an end."""
PASSES_MAX = 100
"""Passes through all processes in a row, while the incident keeps changing under our hands."""

CONSUMER = Consumer("EVENTS", "incident.*", "processes", headers_only=True)

log = structlog.get_logger()


class Observer(Protocol):
    """Counts what processes do; the metrics of the service."""

    def process_step(self, process: str, outcome: str, lateness_s: float) -> None: ...


class Armed(NamedTuple):
    """When a timer fires, as far as we know, and at which position of the log (None: just learnt).
    When the log has moved, another instance may have armed it for another time meanwhile.
    """

    fires_at: datetime
    position: int | None


class ProcessRunner:
    """Runs all processes of all incidents. Several instances may: they send the same commands."""

    def __init__(
        self,
        *,
        store: EventStore,
        executor: Executor,
        timers: Timers,
        clock: Callable[[], datetime],
        policy: Policy,
        observer: Observer,
    ) -> None:
        self._store = store
        self._executor = executor
        self._timers = timers
        self._clock = clock
        self._policy = policy
        self._observer = observer
        self._situations: OrderedDict[str, DeadlineHistory] = OrderedDict()
        self._armed: dict[tuple[str, str], Armed] = {}
        self._attended: dict[str, int] = {}
        """Up to which position of the log all processes of an incident have been asked."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def begin(self) -> None:
        """Learn what is armed already. Raises `Unavailable`."""
        self._armed = {
            (timer.key, timer.name): Armed(timer.due_at, None)
            for timer in await self._timers.armed()
        }

    async def woken(self, timer: Timer) -> None:
        """A timer has fired. Raises `Unavailable`: then it must fire again."""
        known = self._armed.get((timer.key, timer.name))
        if known is not None and known.fires_at == timer.due_at:
            del self._armed[timer.key, timer.name]  # so that it is armed again, if still wanted
        await self.attend(timer.key, timer)

    async def heard(self, incident_id: str, position: int) -> None:
        """An incident has changed at `position` of the log. Raises `Unavailable`."""
        if self._attended.get(incident_id, 0) < position:
            await self.attend(incident_id)

    async def sweep(self, incident_ids: Iterable[str]) -> None:
        """Ask about all of these, whatever has or has not woken us. One that cannot be read, say,
        does not stop the others. Raises `Unavailable`.
        """
        await self.begin()
        for incident_id in incident_ids:
            try:
                await self.attend(incident_id)
            except Unavailable:
                raise
            except Exception:
                log.exception("process.fault", incident=incident_id)

    async def attend(self, incident_id: str, fired: Timer | None = None) -> None:
        """Do what is due for an incident, and set its timers; `fired` is what woke us, if a timer
        did. Raises `Unavailable`.
        """
        lock = self._locks.setdefault(incident_id, asyncio.Lock())
        async with lock:
            asked_at = -1
            for _ in range(PASSES_MAX):
                position = (await self._look(incident_id)).position
                if position == asked_at:
                    break
                for name in PROCESSES:
                    await self._advance(incident_id, name, fired)
                asked_at = position
            self._attended[incident_id] = asked_at

    async def _advance(self, incident_id: str, name: str, fired: Timer | None) -> None:
        situation = await self._look(incident_id)
        for _ in range(STEPS_MAX):
            now = self._clock()
            following = PROCESSES[name](situation, now, self._policy)
            if following is None or following.fires_at > now:
                break
            before = situation.position
            await self._send(incident_id, name, following, now)
            situation = await self._look(incident_id)
            if situation.position == before:
                following = None  # nothing comes of it: no use in asking again
                break
        if following is None and name in ANSWERED:
            known = self._armed.get((incident_id, name))
            due_at = known.fires_at if known else None
            if fired is not None and fired.name == name:
                due_at = fired.due_at
            if due_at is not None and due_at <= self._clock():
                await self._note_answer(incident_id, ANSWERED[name], situation, due_at)
        await self._set_timer((incident_id, name), following, situation.position)

    async def _look(self, incident_id: str) -> DeadlineHistory:
        """The situation at the head of the log."""
        situation = self._situations.pop(incident_id, None) or DeadlineHistory()
        for recorded in await self._store.load(stream_of(incident_id), after=situation.position):
            situation = self._folded(situation, recorded)
        self._situations[incident_id] = situation
        while len(self._situations) > REMEMBERED:
            forgotten, _ = self._situations.popitem(last=False)
            self._attended.pop(forgotten, None)
        return situation

    def _folded(self, situation: DeadlineHistory, recorded: Recorded[Event]) -> DeadlineHistory:
        if recorded.position <= situation.position:
            return situation
        return fold(situation, recorded, self._policy)

    async def _send(self, incident_id: str, name: str, step: c.Expire, now: datetime) -> None:
        """Send what is due."""
        outcome = await self._run(incident_id, step, step.caused_by)
        lateness_s = (now - step.fires_at).total_seconds()
        self._observer.process_step(name, outcome, lateness_s)

    async def _run(
        self, incident_id: str, command: c.Expire | c.SuppressEscalation, cause: str
    ) -> str:
        command_id = command_id_of(incident_id, command)
        meta = Meta(
            command_id=command_id, actor=ACTOR, correlation_id=command_id, causation_id=cause
        )
        about = {
            "incident": incident_id,
            "rule": command.rule,
            "due_at": command.due_at.isoformat(),
        }
        try:
            outcome: str = (await self._executor.incident(incident_id, command, meta)).outcome
        except Refused as refused:  # a fault of ours; the other incidents must not wait for it
            log.exception("process.refused", **about, code=refused.code)
            return "refused"
        log.info("process.step", **about, outcome=outcome)
        return outcome

    async def _note_answer(
        self, incident_id: str, rule: DeadlineRule, situation: DeadlineHistory, due_at: datetime
    ) -> None:
        """An escalation was due, but the log had an answer first: say so, and by which event."""
        facts, answered = situation.facts, answer(rule, situation)
        if facts is None or answered is None or facts.discipline.is_settled(rule, due_at):
            return
        command = c.SuppressEscalation(
            rule=rule, due_at=due_at, by=answered.event, because=answered.kind
        )
        await self._run(incident_id, command, answered.event)

    async def _set_timer(
        self, key: tuple[str, str], following: c.Expire | None, position: int
    ) -> None:
        known = self._armed.get(key)
        if following is None:
            if known is not None:
                await self._timers.cancel(*key)
                self._armed.pop(key, None)  # the watchdog may have learnt anew meanwhile
            return
        fires_at = following.fires_at
        if known not in {Armed(fires_at, None), Armed(fires_at, position)}:
            await self._timers.arm(Timer(*key, fires_at))
        self._armed[key] = Armed(fires_at, position)


def command_id_of(incident_id: str, command: c.Expire | c.SuppressEscalation) -> str:
    """The same for whoever sends the same. What differs, because somebody has seen less of the log,
    is another command: it finds the due time settled, or else is for the incident to decide.
    """
    words = f"{type(command).__name__} {msgspec.json.encode(command).decode()}"
    return str(uuid5(UUID(incident_id), words))


def subscribe(broker: Broker, runner: ProcessRunner, consumer: Consumer = CONSUMER) -> None:
    """Let the broker tell the runner of every change of an incident once it is started."""

    async def heard(message: Delivered) -> None:
        await runner.heard(message.subject.partition(".")[2], message.position)

    consume(broker, consumer, heard)


async def watch(
    conductor: ProcessRunner, unfinished: Callable[[], Awaitable[list[str]]], every_s: float
) -> None:
    """The watchdog: asks about everything unfinished, at once and again and again."""
    while True:
        try:
            await conductor.sweep(await unfinished())
        except Unavailable as outage:
            log.warning("watchdog.unavailable", reason=str(outage))
        await asyncio.sleep(every_s)
