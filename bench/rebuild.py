"""Rebuilding every read model from the log, beside what reading and COPY alone would take.

    python bench/rebuild.py [events]

nats-server, PostgreSQL and this process share the machine. Target: 100,000 events a second.
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

from adapters.codec import Codec
from adapters.codec.upcasters import UPCASTERS
from adapters.embedded import embedded_servers
from adapters.nats.connection import connect
from adapters.nats.requests import Requests
from adapters.nats.store import JetStreamEventStore, open_store
from adapters.nats.streams import provision
from adapters.postgres.pool import connect as connect_postgres
from adapters.postgres.pool import open_pool
from adapters.postgres.projectors import Projectors
from domain.catalog import AnyEvent
from projections.catalog import ALL

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


async def timed(label: str, events: int, run: Any, base: float | None = None) -> float:
    start, busy = time.perf_counter(), time.process_time()
    await run
    rate = events / (time.perf_counter() - start)
    busy_us = (time.process_time() - busy) / events * 1e6
    share = f"{rate / base:7.1%} of raw read" if base else ""
    print(f"  {label:26}{rate:9,.0f} events/s {busy_us:5.1f} µs of ours each {share}", flush=True)
    return rate


async def report(url: str, requests: Requests, codec: Codec, events: int) -> None:
    start = time.perf_counter()
    await seed(requests, codec, events)
    print(f"{events:,} events seeded in {time.perf_counter() - start:.1f} s")
    store = await open_store(requests, codec)
    pool = await open_pool(url)
    models = Projectors(url, pool, store, ALL)
    await models.prepare()
    names = [projection.name for projection in ALL]
    for _ in range(ROUNDS):
        raw = await timed("raw read", events, read(store))
        await timed("raw read, COPY of bytes", events, read_and_copy(store, url), raw)
        await timed("read, decoded", events, decode(store), raw)
        await timed(f"rebuild of {len(ALL)} projections", events, models.rebuild(names), raw)
    await pool.close()


async def main(events: int) -> None:
    codec = Codec(AnyEvent, UPCASTERS)
    with tempfile.TemporaryDirectory(prefix="commandpost-bench-") as state:
        async with embedded_servers(Path(state)) as servers:
            connection = await connect(servers.nats_admin_url)
            await provision(connection)
            requests = await Requests(connection).start()
            await report(servers.database_url, requests, codec, events)
            await connection.close()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
