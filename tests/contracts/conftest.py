"""Every port has one suite, run against each of its adapters; this is where they come from."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from adapters.codec import Codec
from adapters.codec.upcasters import UPCASTERS
from adapters.memory import MemoryEventStore, MemoryReferences, MemorySignalStore
from adapters.nats.connection import Connection, connect
from adapters.nats.references import JetStreamReferences
from adapters.nats.requests import Requests
from adapters.nats.signals import JetStreamSignalStore
from adapters.nats.store import open_store
from adapters.nats.streams import log_stream, provision
from domain.catalog import AnyEvent
from handlers.ports import EventStore, References, SignalStore

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
    admin: Connection


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
        yield Log(await open_store(connected.app, CODEC, stream=name), f"t{mark}")
        await connected.admin.jetstream().delete_stream(name)

    return opened


@pytest.fixture(params=KINDS)
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
    await provision(connected.admin, (log_stream(name, [f"{subject}.*"], message_bytes_max=1024),))
    yield lambda: JetStreamReferences(connected.app, stream=name, subject=subject)
    await connected.admin.jetstream().delete_stream(name)


@pytest.fixture(params=KINDS)
async def signals(
    request: pytest.FixtureRequest, connected: Connected, unique: str
) -> AsyncIterator[SignalStore]:
    if request.param == "memory":
        yield MemorySignalStore(lambda: datetime.now(UTC))  # noqa: TID251 - as the server's clock
        return
    name, subject = f"SIGNALS_{unique}", f"raw{unique}"
    stream = log_stream(name, [f"{subject}.*.*"], message_bytes_max=1024 * 1024 + 64 * 1024)
    await provision(connected.admin, (stream,))
    yield JetStreamSignalStore(connected.app, stream=name, subject=subject)
    await connected.admin.jetstream().delete_stream(name)
