"""Delivery workers over a log in memory, on a clock that stands still until it is moved."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from adapters.storage.memory.outbox import MemoryIntents
from adapters.templates import Templates
from domain.incident import INCIDENT, Command
from domain.incident import commands as c
from domain.incident.deadlines.events import DeadlineRule
from domain.kernel.commit import Recorded
from domain.kernel.deadline import Expire
from domain.notification import LEDGER, Audience
from domain.notification.intent import Intent
from domain.notification.ledger import LedgerEntry
from domain.policy import DEFAULT, Severity
from domain.policy.reach import Subscription
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Append, Unavailable
from handlers.kernel.transact import Transactor
from handlers.notify.channels import Channel, Pace, Result
from handlers.notify.render import Message, Renderer
from handlers.notify.sender import Fuse
from handlers.notify.worker import USUAL_FUSE, DeliveryDependencies, DeliveryWorker

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVERYTHING = Subscription((Audience.ENGINEERING,), Severity.SEV4)
WORDS = Templates()
UNPACED = Pace(per_minute=60_000, burst=1_000, reserved=0)


class CrashError(BaseException):
    """The process dies here."""


class Store(MemoryEventStore):
    """A log in memory that can be out of reach, yields to other tasks as a real one does, and
    calls `before` and `after` with each write.
    """

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.before: Callable[[Append], None] = lambda _: None
        self.after: Callable[[Append], None] = lambda _: None

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Any]]:
        await self._reach()
        return await super().load(stream, after)

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        await self._reach()
        self.before(writes[0])
        positions = await super().append_together(writes)
        self.after(writes[0])
        return positions

    def put_back(self, position: int) -> None:
        """Lose what stands behind a position, as a log does that is put back from a copy."""
        kept = self._log[:position]
        self._log, self._streams, self._written = [], {}, set()
        for recorded in kept:
            self._write(Append(recorded.stream, 0, recorded.commit))

    async def _reach(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise Unavailable("the log is out of reach")


class FakeChannel:
    """A channel that keeps what it takes; `answer` may raise instead."""

    def __init__(self, name: str = "ops") -> None:
        self._name = name
        self.taken: list[Intent] = []
        self.subjects: list[str] = []
        self.tried: list[str] = []
        self.answer: Callable[[Intent], None] = lambda _: None
        self.afterwards: Callable[[Intent], None] = lambda _: None

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        assert again or message.intent.id not in self.tried, "told of attempts before this one"
        intent = message.intent
        self.tried.append(intent.id)
        await asyncio.sleep(0)
        self.answer(intent)
        self.taken.append(intent)
        self.subjects.append(message.subject)
        self.afterwards(intent)
        return "taken"


class DeliveryHarness:
    """A log, its read models, and workers to start."""

    def __init__(self) -> None:
        self.now = NOON
        self.ids = count(1)
        self.store = Store()
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, DEFAULT)
        self.intents = MemoryIntents(self.store)
        self.results: Counter[tuple[str, str]] = Counter()

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def dependencies(self) -> DeliveryDependencies:
        """With a transactor and read models of their own, as another process has."""
        return DeliveryDependencies(
            store=self.store,
            transactor=Transactor(self.store, lambda: self.now, DEFAULT),
            intents=MemoryIntents(self.store),
            renderer=Renderer(self.store, WORDS, DEFAULT),
            clock=lambda: self.now,
            new_id=self.new_id,
            chance=lambda: 1.0,
            observer=self,
        )

    def worker(
        self,
        channel: Channel,
        subscription: Subscription = EVERYTHING,
        *,
        pace: Pace = UNPACED,
        dependencies: DeliveryDependencies | None = None,
        fuse: Fuse = USUAL_FUSE,
    ) -> DeliveryWorker:
        return DeliveryWorker(
            channel, subscription, dependencies or self.dependencies(), pace, fuse
        )

    def delivery(self, channel: str, result: Result, _age_s: float) -> None:
        self.results[channel, result] += 1

    def new_id(self) -> str:
        return f"command-{next(self.ids)}"

    async def run(self, incident: str, command: Command, actor: str = "ana") -> None:
        await self.executor.run(INCIDENT, incident, command, self.meta(actor))

    def meta(self, actor: str = "ana") -> Meta:
        command_id = self.new_id()
        return Meta(command_id=command_id, actor=actor, correlation_id=command_id)

    async def declare(
        self, incident: str, severity: Severity = Severity.SEV3, services: tuple[str, ...] = ()
    ) -> None:
        await self.run(incident, c.Declare(title=incident, severity=severity, services=services))

    async def expire(self, incident: str, rule: DeadlineRule) -> None:
        """Let a deadline of the incident expire now."""
        caused_by = (await self.store.load(f"incident.{incident}"))[0].commit.id
        command = Expire(rule=rule, fires_at=self.now, due_at=self.now, caused_by=f"{caused_by}/0")
        await self.executor.run(INCIDENT, incident, command, self.meta())

    async def entries(self, incident: str) -> dict[str, LedgerEntry]:
        """The ledger of an incident, from the log alone."""
        ledger = LEDGER.initial
        for recorded in await MemoryEventStore.load(self.store, LEDGER.stream(incident)):
            ledger = LEDGER.fold(ledger, recorded.commit.events)  # type: ignore[arg-type]
        return ledger.entries
