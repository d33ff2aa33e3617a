"""What a command costs as the log grows: a picture of its processor time over the age of the log.

    python bench/ageing.py [commits] [commits per incident]

A whole service with all its read models, 64 clients. An incident that has had its commits is
followed by a new one, so that only the log grows older. A slice ends when every read model shows
what was written. Beside each bar: our time, that of PostgreSQL and of nats-server, in microseconds
a command, and the commands per second.
"""

import asyncio
import statistics
import sys
import time

import uvloop
from append import NOTE
from commands import declared, meta
from live import CLIENTS
from whole_service import Live, whole_service

from domain.incident import INCIDENT
from domain.incident.commands import AddNote

SLICES = 20
BAR_US = 10  # microseconds for each character


async def write(live: Live, each: int) -> int:
    """Notes on new incidents, `each` for one client; how many."""
    executor = live.parts.service.executor
    incidents = await declared(executor, CLIENTS)

    async def client(incident: str) -> None:
        for _ in range(each):
            await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())

    await asyncio.gather(*map(client, incidents))
    await live.shown()
    return CLIENTS * (each + 20)  # the history that `declared` gives each of them


async def grow(live: Live, commits: int, each: int) -> None:
    await write(live, each)  # warm
    age, bars = await live.parts.store.head(), list[float]()
    while age < commits:
        start, before, written = time.perf_counter(), live.busy(), 0
        while written < commits // SLICES:
            written += await write(live, each)
        took = time.perf_counter() - start
        bill = live.bill_us(before, written)
        age, total = await live.parts.store.head(), sum(bill)
        bars.append(total)
        parts = " + ".join(f"{us:4.0f}" for us in bill)
        bar = "█" * round(total / BAR_US)
        print(f"{age:8,} commits {bar:50} {parts} µs {written / took:7,.0f}/s", flush=True)
    third = max(len(bars) // 3, 1)
    first, last = statistics.median(bars[:third]), statistics.median(bars[-third:])
    print(f"the last third costs {last / first:.2f} of the first")


async def main(commits: int, each: int) -> None:
    async with whole_service() as live:
        await grow(live, commits, each)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    uvloop.run(main(given[0] if given else 100_000, given[1] if given[1:] else 60))
