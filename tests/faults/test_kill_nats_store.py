"""kill -9 of nats-server in the middle of appends: what was acknowledged is there exactly once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.embedded import EmbeddedNats, embedded_nats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Conflict, Unavailable
from support.patience import until

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
WRITERS = 16
KILLS = 3


def commit(name: str) -> Commit[Any]:
    events = (NoteAdded(occurred_at=NOON, text=name),)
    return Commit(id=name, actor="ada", correlation_id="c", recorded_at=NOON, events=events)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    async with embedded_nats(tmp_path) as running:
        yield running


@pytest.fixture
async def connection(server: EmbeddedNats) -> AsyncIterator[NatsConnection]:
    admin = await connect(server.admin_url)
    await provision(admin)
    await admin.close()
    connection = await connect(server.url)
    yield connection
    await connection.close()


async def opened(connection: NatsConnection, *, grouped: bool = False) -> JetStreamEventStore:
    requests = await Requests(connection, timeout_s=1.0).start()
    return await open_store(requests, Codec(AnyEvent, UPCASTERS), grouped=grouped)


async def write_for_sure(store: JetStreamEventStore, stream: str, name: str, expected: int) -> int:
    """Write until it is certain: after any doubt, read again and look for the commit's id."""
    while True:
        try:
            return await store.append(Append(stream, expected, commit(name)))
        except (Conflict, Unavailable):
            try:
                history = await store.load(stream)
            except Unavailable:
                await asyncio.sleep(0.02)
                continue
        for recorded in history:
            if recorded.commit.id == name:
                return recorded.position
        expected = history[-1].position if history else 0


@pytest.mark.parametrize("writers", [WRITERS, 64], ids=["alone", "grouped"])
async def test_every_acknowledged_append_is_in_the_log_exactly_once(server, connection, writers):
    store = await opened(connection, grouped=writers > WRITERS)
    acknowledged: list[tuple[int, str]] = []
    followed: list[tuple[int, str]] = []
    stop = asyncio.Event()

    async def writer(n: int) -> None:
        position, k = 0, 0
        while not stop.is_set():
            position = await write_for_sure(store, f"incident.{n}", f"w{n}-{k}", position)
            acknowledged.append((position, f"w{n}-{k}"))
            k += 1

    async def follower() -> None:
        async with aclosing(store.read(follow=True)) as batches:
            async for batch in batches:
                followed.extend((r.position, r.commit.id) for r in batch)

    following = asyncio.create_task(follower())
    writing = asyncio.gather(*(writer(n) for n in range(writers)))
    for _ in range(KILLS):
        await asyncio.sleep(0.4)
        before = len(acknowledged)
        await server.kill()
        await asyncio.sleep(0.1)
        await server.restart()
        await until(lambda before=before: len(acknowledged) >= before + 500)
    stop.set()
    await writing

    log = [(r.position, r.commit.id) async for batch in store.read() for r in batch]
    await until(lambda: len(followed) >= len(log))
    following.cancel()
    assert [position for position, _ in log] == list(range(1, len(log) + 1))
    assert max(Counter(commit_id for _, commit_id in log).values()) == 1
    assert sorted(acknowledged) == log
    assert followed == log


async def test_a_write_that_failed_while_disconnected_is_never_sent_later(server, connection):
    store = await opened(connection)
    first = await store.append(Append("incident.a", 0, commit("1")))
    await server.kill()
    with pytest.raises(Unavailable):
        await store.append(Append("incident.a", first, commit("ghost")))
    await server.restart()
    await until(lambda: connection.is_connected)
    await asyncio.sleep(0.5)
    assert [recorded.commit.id for recorded in await store.load("incident.a")] == ["1"]


async def test_a_reader_reports_a_log_that_stays_out_of_reach(server, connection, monkeypatch):
    monkeypatch.setattr("adapters.storage.nats.reader.PATIENCE_S", 0.5)
    store = await opened(connection)
    await store.append(Append("incident.a", 0, commit("1")))
    batches = store.read(follow=True)
    assert len(await anext(batches)) == 1
    await server.kill()
    with pytest.raises(Unavailable, match="cannot be read"):
        await anext(batches)
