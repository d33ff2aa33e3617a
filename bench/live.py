"""Commands per second of a whole service with all its read models, in one run with what it stands
on.

    python bench/live.py [seconds per slice] [rounds]

64 clients, each with an incident of its own, await each command. Slices of all figures take turns,
so that a machine that slows down slows all of them; ratios are medians over the rounds. `locked` is
nats-py's publish under the optimistic lock, with the bytes of a commit; `hot` adds the domain and
our store. Both have a server of their own, on which nothing follows. `live` is the same command on
the whole service; its slice ends when every read model shows what was written. The bill is the
processor time of one command: ours, and that of the service's servers. One client alone, who sends
the next command as soon as the last one is acknowledged, is shown beside.
"""

import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence

import uvloop
from append import NOTE, commit, rate
from commands import declared, hot, meta
from nats.js import JetStreamContext
from servers import Compared, compared
from whole_service import Live, in_words, whole_service

from adapters.clock import utc_now
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.references import JetStreamReferences
from domain.incident import INCIDENT
from domain.incident.commands import AddNote
from domain.policy import DEFAULT
from handlers.kernel.executor import Executor

CLIENTS = 64
LAST = "Nats-Expected-Last-Subject-Sequence"


def locked(js: JetStreamContext, body: bytes) -> Callable[[int, int], Awaitable[object]]:
    """Each client goes on with a subject of its own, whose last sequence it knows."""
    ends: dict[int, int] = {}

    async def write(n: int, _: int) -> None:
        headers = {LAST: str(ends.get(n, 0))}
        ends[n] = (await js.publish(f"bench.live-{n}", body, headers=headers)).seq

    return write


async def live_rate(
    live: Live, incidents: Sequence[str], seconds: float
) -> tuple[float, list[float]]:
    """Commands per second of a client for each incident, until all is shown, and what one costs."""
    executor, written = live.parts.service.executor, 0

    async def write(n: int, _: int) -> None:
        nonlocal written
        await executor.run(INCIDENT, incidents[n], AddNote(text=NOTE), meta())
        written += 1

    start, before = time.perf_counter(), live.busy()
    await rate(write, len(incidents), seconds)
    await live.shown()
    return written / (time.perf_counter() - start), live.bill_us(before, written)


async def compare(live: Live, bare: Compared, seconds: float, rounds: int) -> None:
    store = await open_store(bare.requests, bare.codec)
    executor = Executor(store, JetStreamReferences(bare.requests), utc_now, DEFAULT)
    ours = hot(executor, await declared(executor, CLIENTS))
    plain = locked(bare.plain.jetstream(), bare.codec.encode(commit(0, 0)))
    incidents = await declared(live.parts.service.executor, CLIENTS)
    await live.shown()
    found: dict[str, list[float]] = {"locked": [], "hot": [], "live": []}
    bills, alone, lonely = [], [], []
    for _ in range(rounds):
        found["locked"].append(await rate(plain, CLIENTS, seconds))
        began = time.process_time()
        found["hot"].append(await rate(ours, CLIENTS, seconds))
        alone.append((time.process_time() - began) / (found["hot"][-1] * seconds) * 1e6)
        reached, bill = await live_rate(live, incidents, seconds)
        found["live"].append(reached)
        bills.append(bill)
        reached, bill = await live_rate(live, incidents[:1], seconds)
        lonely.append([reached, *bill])
    for name, rates in found.items():
        share = statistics.median(r / b for r, b in zip(rates, found["locked"], strict=True))
        print(f"{name:7} {statistics.median(rates):8,.0f} commands/s   {share:5.2f} of locked")
    print(f"hot:  {statistics.median(alone):5.0f} µs ours")
    print("live: " + in_words(medians(bills)))
    alone_per_s, *bill = medians(lonely)
    print(f"live, one client: {alone_per_s:,.0f} commands/s   {in_words(bill)}")


def medians(rows: Sequence[Sequence[float]]) -> list[float]:
    """Of each column."""
    return [statistics.median(column) for column in zip(*rows, strict=True)]


async def main(seconds: float, rounds: int) -> None:
    async with whole_service() as live, compared() as bare:
        await compare(live, bare, seconds, rounds)


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(main(float(given[0]) if given else 3.0, int(given[1]) if given[1:] else 5))
