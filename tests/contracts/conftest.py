"""Every port has one suite, run against each of its adapters; this is where they come from."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from adapters.clock import utc_now
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.memory.event_store import (
    MemoryEventStore,
    MemoryReferences,
    MemorySignalStore,
)
from adapters.storage.memory.timers import MemoryTimers
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.jetstream import direct_page, position_of
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_store import JetStreamSignalStore
from adapters.storage.nats.streams import log_stream, provision, timer_stream
from adapters.storage.nats.timers import JetStreamTimers
from adapters.storage.nats.wire import header
from domain.registry import AnyEvent
from handlers.kernel.ports import EventStore, References, SignalStore
from handlers.processes.timers import Timer, Timers, decode
from support.patience import PATIENT_S

KINDS = ("memory", "jetstream")
CODEC = Codec(AnyEvent, UPCASTERS)


class Log(NamedTuple):
    """An empty store, and the kind of aggregate whose streams it holds: `<kind>.<id>`."""

    store: EventStore
    kind: str

    def stream(self, name: object) -> str:
        return f"{self.kind}.{name}"


class Connected(NamedTuple):
    """Connections of the application and of its administrator."""

    app: Requests
    admin: NatsConnection


OpenLog = Callable[[str], AbstractAsyncContextManager[Log]]


@pytest.fixture(scope="session")
async def connected(nats_url: str, nats_admin_url: str) -> AsyncIterator[Connected]:
    app, admin = await connect(nats_url), await connect(nats_admin_url)
    yield Connected(await Requests(app).start(), admin)
    await app.close()
    await admin.close()


@pytest.fixture(scope="session")
def open_log(connected: Connected) -> OpenLog:
    """Opens an empty store of a kind, several in a test if need be, each apart from the others."""

    @asynccontextmanager
    async def opened(kind: str) -> AsyncIterator[Log]:
        mark = secrets.token_hex(4)
        if kind == "memory":
            yield Log(MemoryEventStore(), f"t{mark}")
            return
        name, subjects = f"EVENTS_{mark}", [f"t{mark}.*"]
        stream = log_stream(name, subjects, message_bytes_max=256 * 1024, allow_atomic=True)
        await provision(connected.admin, (stream,))
        grouped = kind == "grouped"
        yield Log(await open_store(connected.app, CODEC, stream=name, grouped=grouped), f"t{mark}")
        await connected.admin.jetstream().delete_stream(name)

    return opened


@pytest.fixture(params=[*KINDS, "grouped"])
async def log(request: pytest.FixtureRequest, open_log: OpenLog) -> AsyncIterator[Log]:
    async with open_log(request.param) as opened:
        yield opened


@pytest.fixture(params=KINDS)
async def new_references(
    request: pytest.FixtureRequest, connected: Connected, unique: str
) -> AsyncIterator[Callable[[], References]]:
    """Makes `References` over the same numbers; those in memory have one process only."""
    if request.param == "memory":
        references = MemoryReferences()
        yield lambda: references
        return
    name, subject = f"REFERENCES_{unique}", f"reference{unique}"
    await provision(
        connected.admin,
        (log_stream(name, [f"{subject}.*", f"{subject}.*.*"], message_bytes_max=1024),),
    )
    yield lambda: JetStreamReferences(connected.app, stream=name, subject=subject)
    await connected.admin.jetstream().delete_stream(name)


@pytest.fixture(params=KINDS)
async def signals(
    request: pytest.FixtureRequest, connected: Connected, unique: str
) -> AsyncIterator[SignalStore]:
    if request.param == "memory":
        yield MemorySignalStore(lambda: datetime.now(UTC))  # noqa: TID251 - as the server's clock
        return
    name, subject, part = f"SIGNALS_{unique}", f"raw{unique}", f"part{unique}"
    subjects = [f"{subject}.*.*", f"{part}.*.*"]
    stream = log_stream(name, subjects, message_bytes_max=1024 * 1024 + 64 * 1024)
    await provision(connected.admin, (stream,))
    yield JetStreamSignalStore(connected.app, stream=name, subject=subject, part=part)
    await connected.admin.jetstream().delete_stream(name)


class Clockwork:
    """Timers, and the time that passes for them: here in truth, for those in memory at once."""

    def __init__(self, timers: Timers, woken: Callable[[], Awaitable[list[Timer]]]) -> None:
        self.timers = timers
        self._woken = woken

    def now(self) -> datetime:
        return utc_now()

    def timer(self, key: str, name: str, in_s: float) -> Timer:
        """A timer that is due in so many seconds."""
        return Timer("incident", key, name, self.now() + timedelta(seconds=in_s))

    async def passes(self, seconds: float) -> list[Timer]:
        """Let time pass; what has fired since the last time."""
        await asyncio.sleep(seconds)
        return await self._woken()

    async def fired(self, count: int) -> list[Timer]:
        """Wait until so many have fired, none of them before its time."""
        found: list[Timer] = []
        async with asyncio.timeout(PATIENT_S):
            while len(found) < count:
                found += await self._step()
        assert all(timer.due_at <= self.now() for timer in found)
        return found

    async def _step(self) -> list[Timer]:
        return await self.passes(0.02)


class VirtualClockwork(Clockwork):
    def __init__(self) -> None:
        self._now = utc_now()
        self._memory = MemoryTimers()
        super().__init__(self._memory, self._due)

    def now(self) -> datetime:
        return self._now

    async def passes(self, seconds: float) -> list[Timer]:
        self._now += timedelta(seconds=seconds)
        return await self._due()

    async def _step(self) -> list[Timer]:
        self._now = max(self._now, self._memory.next_at() or self._now)
        return await self._due()

    async def _due(self) -> list[Timer]:
        return self._memory.due(self._now)


@pytest.fixture(params=KINDS)
async def clockwork(
    request: pytest.FixtureRequest, connected: Connected, unique: str
) -> AsyncIterator[Clockwork]:
    if request.param == "memory":
        yield VirtualClockwork()
        return
    name, subject, position = f"TIMERS_{unique}", f"timer{unique}", 0
    pattern = f"{subject}.fired.*.*.*"
    await provision(connected.admin, (timer_stream(name, subject),))

    async def woken() -> list[Timer]:
        nonlocal position
        found: list[Timer] = []
        complete = False
        while not complete:
            page, complete = await direct_page(connected.app, name, pattern, position)
            for reply in page:
                position = position_of(reply)
                at = header(reply.headers, b"Nats-Subject").decode()
                found.append(decode(at, reply.payload))
        return found

    yield Clockwork(JetStreamTimers(connected.app, stream=name, subject=subject), woken)
    await connected.admin.jetstream().delete_stream(name)
