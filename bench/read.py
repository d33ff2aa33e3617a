"""Reading the log: encoded and decoded, caught up and followed, in one run.

    python bench/read.py [commits]

`fetch` is nats-py's pull subscription for comparison. Latency is from the acknowledged append to
the commit in the hands of a follower, in the same process. Slices take turns; the bill of one is
ours + the server's.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sized
from contextlib import aclosing
from functools import partial
from pathlib import Path
from statistics import quantiles

import nats
import uvloop
from append import commit
from nats.js.api import AckPolicy, ConsumerConfig
from slices import Way, show, take_turns

from adapters.embedded.nats_server import EmbeddedNats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import EVENTS, provision
from domain.registry import AnyEvent
from handlers.kernel.ports import Append

FETCHED = 20_000
FOLLOWED = 1_000


async def fill(store: JetStreamEventStore, commits: int) -> None:
    """Write `commits` over 1,000 aggregates, 64 at a time."""

    async def writer(n: int) -> None:
        ends: dict[str, int] = {}
        for k in range(n, commits, 64):
            stream = f"incident.{k % 1000}-{n}"
            ends[stream] = await store.append(Append(stream, ends.get(stream, 0), commit(n, k)))

    await asyncio.gather(*(writer(n) for n in range(64)))


async def rate(batches: AsyncIterator[Sized]) -> float:
    start, count = time.perf_counter(), 0
    async for batch in batches:
        count += len(batch)
    return count / (time.perf_counter() - start)


async def fetch_rate(url: str) -> float:
    plain = await nats.connect(url)
    config = ConsumerConfig(ack_policy=AckPolicy.NONE)
    pull = await plain.jetstream().pull_subscribe("", stream=EVENTS, config=config)
    start = time.perf_counter()
    for _ in range(FETCHED // 500):
        await pull.fetch(500)
    seconds = time.perf_counter() - start
    await plain.close()
    return FETCHED / seconds


async def followed_ms(store: JetStreamEventStore) -> list[float]:
    """Milliseconds from each acknowledgement until a follower has the commit."""
    seen: dict[int, float] = {}
    start = await store.head()

    async def follow() -> None:
        async with aclosing(store.read(after=start, follow=True)) as batches:
            async for batch in batches:
                seen.update({recorded.position: time.perf_counter() for recorded in batch})

    follower = asyncio.create_task(follow())
    await asyncio.sleep(0.2)
    acknowledged: dict[int, float] = {}
    for k in range(FOLLOWED):
        position = await store.append(Append(f"incident.follow-{k}", 0, commit(99, k)))
        acknowledged[position] = time.perf_counter()
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.2)
    follower.cancel()
    return [(seen[position] - at) * 1e3 for position, at in acknowledged.items()]


async def report(connection: NatsConnection, url: str, pid: int, commits: int) -> None:
    requests = await Requests(connection).start()
    store = await open_store(requests, Codec(AnyEvent, UPCASTERS))
    await fill(store, commits)
    print(f"{commits:,} commits; per second (share of nats-py), and the bill of one")
    ways: dict[str, Way] = {
        "fetch(500) of nats-py": partial(fetch_rate, url),
        "read_raw": lambda: rate(store.read_raw()),
        "read, decoded": lambda: rate(store.read()),
    }
    show("", await take_turns(ways, pid))
    percentiles = quantiles(await followed_ms(store), n=100)
    print(f"follower, ms after the acknowledgement: p50 {percentiles[49]:.2f}, ", end="")
    print(f"p99 {percentiles[98]:.2f}")


async def main(commits: int) -> None:
    with tempfile.TemporaryDirectory() as state:
        server = await EmbeddedNats(Path(state)).start()
        connection = await connect(server.admin_url)
        try:
            await provision(connection)
            await report(connection, server.admin_url, server.pid, commits)
        finally:
            await connection.close()
            await server.stop()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
