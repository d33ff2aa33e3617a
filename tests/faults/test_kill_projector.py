"""kill -9 of projectors and of their servers under live writes: all is projected once."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from adapters.embedded import EmbeddedNats, EmbeddedPostgres, embedded_nats, embedded_postgres
from adapters.storage.codec import Codec
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import EVENTS, log_stream, provision
from adapters.storage.postgres.pool import connect as connect_postgres
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from handlers.kernel.ports import Conflict, Unavailable
from support.patience import PATIENT_S
from support.read_models import CATALOG, Erased, Moved, Said, Writer, all_checksums, talk

HERE = Path(__file__).parent
KILLS = 6
STREAM = log_stream(EVENTS, ["talk.*", "walk.*", "other.*"], message_bytes_max=256 * 1024)


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    async with embedded_nats(tmp_path) as server:
        admin = await connect(server.admin_url)
        await provision(admin, ({**STREAM, "allow_atomic": True},))
        await admin.close()
        yield server


@pytest.fixture
async def postgres(tmp_path: Path) -> AsyncIterator[EmbeddedPostgres]:
    async with embedded_postgres(tmp_path) as server:
        yield server


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[JetStreamEventStore]:
    connection = await connect(url)
    requests = await Requests(connection, timeout_s=1.0).start()
    yield await open_store(requests, Codec(Said | Erased | Moved, {}))
    await connection.close()


class Projecting:
    """A projector process that can be killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, nats_url: str, database_url: str, pause_s: float) -> "Projecting":
        arguments = [str(HERE / "projector_process.py"), nats_url, database_url, str(pause_s)]
        path = os.pathsep.join([str(HERE.parent), *filter(None, sys.path)])
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            env=os.environ | {"PYTHONPATH": path},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"ready\n":
            assert line, "the projector process ended"
        return cls(process)

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()


class Load:
    """Writes for ever, and survives outages of the log by asking it again where it is."""

    def __init__(self, store: JetStreamEventStore) -> None:
        self.writer = Writer(store)
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        for number, (stream, events) in enumerate(talk(200_000)):
            try:
                await self.writer.write(f"{stream}-{number % 40}", *events)
            except (Conflict, Unavailable):
                await self._find_out(f"{stream}-{number % 40}")
            await asyncio.sleep(0.001)

    async def _find_out(self, stream: str) -> None:
        while True:
            try:
                history = await self.writer.store.load(stream)
            except Unavailable:
                await asyncio.sleep(0.02)
            else:
                self.writer.ends[stream] = history[-1].position if history else 0
                return

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def position(database_url: str) -> int:
    """The lowest stored position; 0 as long as a projection has none."""
    connection = await connect_postgres(database_url)
    stored = await connection.fetch(
        "SELECT position FROM commandpost.projection WHERE schema = ANY($1)",
        [each.schema for each in CATALOG],
    )
    await connection.close()
    return min(row["position"] for row in stored) if len(stored) == len(CATALOG) else 0


async def passes(database_url: str, wanted: int, within_s: float = PATIENT_S) -> float:
    """Seconds until every projection has passed a position."""
    start = time.perf_counter()
    async with asyncio.timeout(within_s):
        while await position(database_url) < wanted:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.01)
    return time.perf_counter() - start


async def verified(store: JetStreamEventStore, database_url: str) -> None:
    """Every projection is at the head and as a fresh fold would have it."""
    head = await store.head()
    await passes(database_url, head)
    pool = await open_pool(database_url)
    models = Projectors(database_url, pool, store, CATALOG)
    for projection in CATALOG:
        verdict = await models.verify(projection.name)
        assert verdict.position == head
        assert verdict.differences == ()
    live = await all_checksums(models)
    echoes = await pool.fetchval("SELECT count(*) FROM echo_v1.echo")
    followed = [
        one.stream
        async for batch in store.read()
        for one in batch
        if not one.stream.startswith("other.")
    ]
    assert echoes == len(followed) > 100
    await models.rebuild([one.name for one in CATALOG])
    assert await all_checksums(models) == live
    await pool.close()


async def test_killed_projectors_lose_and_repeat_nothing_and_hand_over_at_once(nats, postgres):
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(nats.url))
        load = Load(store)
        stack.push_async_callback(load.stop)
        active = await Projecting.start(nats.url, postgres.url, 0.01)
        takeovers = []
        for _ in range(KILLS):
            standby = await Projecting.start(nats.url, postgres.url, 0.01)
            stack.push_async_callback(standby.kill)
            await active.kill()
            takeovers.append(await passes(postgres.url, load.writer.position + 1))
            active = standby
        await load.stop()
        await verified(store, postgres.url)
    print(f"rows of new commits after each kill, in s: {[round(t, 2) for t in takeovers]}")
    assert sorted(takeovers)[KILLS // 2] < 1.5


async def test_servers_killed_under_a_projector_lose_and_repeat_nothing(nats, postgres):
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(opened(nats.url))
        load = Load(store)
        stack.push_async_callback(load.stop)
        active = await Projecting.start(nats.url, postgres.url, 0.002)
        stack.push_async_callback(active.kill)
        for server in (postgres, nats, postgres):
            await passes(postgres.url, load.writer.position)
            await server.kill()
            await asyncio.sleep(0.2)
            await server.restart()
            await passes(postgres.url, load.writer.position + 20)
        await load.stop()
        await verified(store, postgres.url)
