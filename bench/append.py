"""Appends per second against plain JetStream publishes on the same server, in one run.

    python bench/append.py [seconds per slice]

Every client awaits its acknowledgement before it writes again. `js.publish` and `nc.request` are
nats-py; `ask` is our request multiplexer with the same bytes; `store.append` adds the codec, the
optimistic lock and deduplication. Slices take turns; the bill of one is ours + the server's.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count

import uvloop
from servers import compared
from slices import Way, show, take_turns

from adapters.clock import new_id
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit, Event
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
    ends, streams, turn = [0] * clients, [f"incident.{new_id()}" for _ in range(clients)], count()

    async def write(n: int, _: int) -> None:
        ends[n] = await store.append(Append(streams[n], ends[n], commit(n, next(turn))))

    return write


async def main(seconds: float) -> None:
    async with compared() as (requests, codec, plain, _, pid):
        store, js = await open_store(requests, codec), plain.jetstream()
        body = codec.encode(commit(0, 0))
        writes: dict[str, Callable[[int], Write]] = {
            "js.publish": lambda _: lambda n, _: js.publish(f"bench.{n}", body),
            "nc.request": lambda _: lambda n, _: plain.request(f"bench.{n}", body, timeout=5),
            "ask": lambda _: lambda n, _: requests.ask(f"bench.{n}", body),
            "store.append": lambda clients: appends(store, clients),
        }
        print(
            f"commits of {len(body)} bytes, writes per second (share of js.publish), and the bill"
        )
        for clients in (1, 16, 64):
            ways: dict[str, Way] = {
                name: partial(rate, write(clients), clients, seconds)
                for name, write in writes.items()
            }
            show(f"{clients:3} clients:", await take_turns(ways, pid))


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
