"""Rebuilding every read model from the log, beside what reading and COPY alone would take.

    python bench/rebuild.py [events]

nats-server, PostgreSQL and this process share the machine. Target: 100,000 events a second.
Processor time, in µs an event, depends less than speed on what else the machine does.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvloop
from histories import commits
from servers import processor_s

from adapters.embedded import Servers, embedded_servers
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from adapters.storage.postgres.pool import connect as connect_postgres
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from domain.registry import AnyEvent
from projections.registry import ALL

IN_FLIGHT = 500
ROUNDS = 3


async def seed(requests: Requests, codec: Codec, events: int) -> None:
    """Publish the commits, 500 at a time without waiting for each."""
    waiting = []
    for stream, commit in commits(events):
        waiting.append(requests.ask(stream, codec.encode(commit)))
        if len(waiting) == IN_FLIGHT:
            await asyncio.gather(*waiting)
            waiting.clear()
    await asyncio.gather(*waiting)


async def read(store: JetStreamEventStore) -> None:
    async for _ in store.read_raw():
        pass


async def read_and_copy(store: JetStreamEventStore, url: str) -> None:
    """The floor: every encoded commit into a table of bytes, by binary COPY."""
    connection = await connect_postgres(url)
    try:
        await connection.execute("DROP TABLE IF EXISTS raw")
        await connection.execute("CREATE TABLE raw (position bigint, stream text, body bytea)")

        async def rows() -> AsyncIterator[tuple[Any, ...]]:
            async for batch in store.read_raw():
                for row in batch:
                    yield row

        await connection.copy_records_to_table("raw", records=rows())
        await connection.execute("DROP TABLE raw")
    finally:
        await connection.close()


async def decode(store: JetStreamEventStore) -> None:
    async for _ in store.read():
        pass


class Meter:
    """Times what is run: events a second, and what each costs us and the servers."""

    def __init__(self, servers: Servers, events: int) -> None:
        self._servers, self._events = servers, events

    async def __call__(self, label: str, run: Any) -> None:
        start, before = time.perf_counter(), self._busy()
        await run
        rate = self._events / (time.perf_counter() - start)
        ours, postgres, nats = (
            (now - then) / self._events * 1e6
            for now, then in zip(self._busy(), before, strict=True)
        )
        bill = f"{ours:5.1f} µs ours {postgres:5.1f} PostgreSQL {nats:5.1f} nats-server"
        print(f"  {label:26}{rate:9,.0f} events/s {bill}", flush=True)

    def _busy(self) -> tuple[float, float, float]:
        servers = self._servers
        return (
            time.process_time(),
            processor_s(servers.postgres_pid),
            processor_s(servers.nats_pid),
        )


async def report(servers: Servers, requests: Requests, codec: Codec, events: int) -> None:
    url, timed = servers.database_url, Meter(servers, events)
    start = time.perf_counter()
    await seed(requests, codec, events)
    print(f"{events:,} events seeded in {time.perf_counter() - start:.1f} s")
    store = await open_store(requests, codec)
    pool = await open_pool(url)
    models = Projectors(url, pool, store, ALL)
    await models.prepare()
    names = [projection.name for projection in ALL]
    for _ in range(ROUNDS):
        await timed("raw read", read(store))
        await timed("raw read, COPY of bytes", read_and_copy(store, url))
        await timed("read, decoded", decode(store))
        await timed(f"rebuild of {len(ALL)} projections", models.rebuild(names))
    await pool.close()


async def main(events: int) -> None:
    codec = Codec(AnyEvent, UPCASTERS)
    with tempfile.TemporaryDirectory(prefix="commandpost-bench-") as state:
        async with embedded_servers(Path(state)) as servers:
            connection = await connect(servers.nats_admin_url)
            await provision(connection)
            requests = await Requests(connection).start()
            await report(servers, requests, codec, events)
            await connection.close()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
