"""Appends per second against plain JetStream publishes on the same server, in one run.

    python bench/append.py [seconds per figure]

Every client awaits its acknowledgement before it writes again. `js.publish` and `nc.request` are
nats-py; `ask` is our request multiplexer with the same bytes; `store.append` adds the codec, the
optimistic lock and deduplication.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import nats
import uvloop

from adapters.embedded.nats_server import EmbeddedNats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import STREAMS, log_stream, provision
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit, Event
from domain.registry import AnyEvent
from handlers.kernel.ports import Append

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
NOTE = "Error rates on checkout are back to normal since the rollback of 11:52."
Write = Callable[[int, int], Awaitable[object]]
"""One write of client number n, its k-th."""


def commit(client: int, k: int) -> Commit[Event]:
    note = NoteAdded(occurred_at=NOON, text=NOTE)
    return Commit(
        id=f"0199c0de-{client:04}-{k:012}",
        actor="ada@example.com",
        correlation_id=f"0199c0de-{client:04}-{k:012}",
        recorded_at=NOON,
        events=(note,),
    )


async def rate(write: Write, clients: int, seconds: float) -> float:
    """Writes per second of `clients` that each wait for their own."""
    start = time.perf_counter()
    counts = [0] * clients

    async def client(n: int) -> None:
        while time.perf_counter() - start < seconds:
            await write(n, counts[n])
            counts[n] += 1

    await asyncio.gather(*(client(n) for n in range(clients)))
    return sum(counts) / (time.perf_counter() - start)


def appends(store: JetStreamEventStore, clients: int) -> Write:
    """Each client has an aggregate of its own and knows where it ends."""
    ends = [0] * clients

    async def write(n: int, k: int) -> None:
        ends[n] = await store.append(Append(f"incident.{clients}-{n}", ends[n], commit(n, k)))

    return write


async def main(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as state:
        server = await EmbeddedNats(Path(state)).start()
        connection = await connect(server.admin_url)
        plain = await nats.connect(server.admin_url)
        try:
            bench = log_stream("BENCH", ["bench.*"], message_bytes_max=1 << 20)
            await provision(connection, (*STREAMS, bench))
            requests = await Requests(connection).start()
            codec = Codec(AnyEvent, UPCASTERS)
            store, js, body = await open_store(requests, codec), plain.jetstream(), b""
            body = codec.encode(commit(0, 0))
            writes: dict[str, Callable[[int], Write]] = {
                "js.publish": lambda _: lambda n, _: js.publish(f"bench.{n}", body),
                "nc.request": lambda _: lambda n, _: plain.request(f"bench.{n}", body, timeout=5),
                "ask": lambda _: lambda n, _: requests.ask(f"bench.{n}", body),
                "store.append": lambda clients: appends(store, clients),
            }
            print(f"commits of {len(body)} bytes, writes per second (share of js.publish)")
            for clients in (1, 16, 64):
                rates = {k: await rate(w(clients), clients, seconds) for k, w in writes.items()}
                base = rates["js.publish"]
                shown = [f"{k} {r:8,.0f} ({r / base:4.2f})" for k, r in rates.items()]
                print(f"{clients:3} clients: " + "   ".join(shown))
        finally:
            await plain.close()
            await connection.close()
            await server.stop()


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0))
