"""What timers cost, and how late the server is, in one run.

    python bench/timers.py [timers]

64 calls in flight. `publish` is a plain publish to another stream of the same server, for the
ratio; the bill of a call is ours + the server's. Lateness is from the time at which a timer was due
until the server stored its wake-up.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import uvloop
from slices import Way, show, take_turns

from adapters.clock import utc_now
from adapters.embedded.nats_server import EmbeddedNats
from adapters.storage.nats.connection import connect
from adapters.storage.nats.jetstream import direct_page, position_of
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import TIMERS, log_stream, provision, timer_stream
from adapters.storage.nats.timers import JetStreamTimers
from adapters.storage.nats.wire import header
from handlers.processes.timers import Timer, decode, encode, names_of

AT_ONCE = 64
SPREAD_S = 5.0


async def rate(call: Callable[[Timer], Awaitable[object]], timers: list[Timer]) -> float:
    """Calls per second."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(timer: Timer) -> None:
        async with gate:
            await call(timer)

    start = time.perf_counter()
    await asyncio.gather(*map(one, timers))
    return len(timers) / (time.perf_counter() - start)


async def lateness(requests: Requests, due: list[Timer]) -> list[float]:
    """Milliseconds of each, in order, once all have fired."""
    wanted = set(due)
    while True:
        late, position, complete = [], 0, False
        while not complete:
            page, complete = await direct_page(requests, TIMERS, "timer.fired.*.*.*", position)
            for reply in page:
                position = position_of(reply)
                timer = decode(header(reply.headers, b"Nats-Subject").decode(), reply.payload)
                if timer in wanted:
                    stored = header(reply.headers, b"Nats-Time-Stamp").decode()
                    passed = msgspec.convert(stored, datetime) - timer.due_at
                    late.append(passed / timedelta(milliseconds=1))
        if len(late) == len(due):
            return sorted(late)
        await asyncio.sleep(0.5)


def line(name: str, late: list[float]) -> str:
    at = {f"p{p}": late[len(late) * p // 100] for p in (50, 90, 99)} | {"max": late[-1]}
    return f"{name:26}" + "   ".join(f"{name} {ms:4.0f} ms" for name, ms in at.items())


async def costs(requests: Requests, timers: JetStreamTimers, pid: int, count: int) -> None:
    """Calls per second, kinds taking turns: what one kind arms, another one cancels."""
    far = [Timer("incident", f"{n}", "far", utc_now() + timedelta(days=2)) for n in range(count)]
    calls: dict[str, Callable[[Timer], Awaitable[object]]] = {
        "publish": lambda timer: requests.ask(f"plain.{timer.key}", encode(timer)),
        "arm": timers.arm,
        "arm the same again": timers.arm,
        "cancel": lambda timer: timers.cancel(*names_of(timer)),
        "cancel what is not armed": lambda timer: timers.cancel(*names_of(timer)),
    }
    ways: dict[str, Way] = {name: partial(rate, call, far) for name, call in calls.items()}
    show("", await take_turns(ways, pid))
    await rate(timers.arm, far)
    start = time.perf_counter()
    assert len(await timers.armed()) == count
    print(f"{f'list {count:,}':26}{(time.perf_counter() - start) * 1000:8,.0f} ms")


async def delays(requests: Requests, timers: JetStreamTimers, count: int) -> None:
    """How late timers are, in a crowd and alone."""
    instant = utc_now() + timedelta(seconds=3)
    step = timedelta(seconds=SPREAD_S) / count
    together = [Timer("incident", f"{n}", "together", instant) for n in range(count)]
    spread = [Timer("incident", f"{n}", "spread", instant + n * step) for n in range(count)]
    await rate(timers.arm, together + spread)
    print(line("all at one instant", await lateness(requests, together)))
    print(line(f"spread over {SPREAD_S:g} s", await lateness(requests, spread)))
    alone = []
    for n in range(10):
        timer = Timer("incident", f"{n}", "alone", utc_now() + timedelta(seconds=0.5))
        await timers.arm(timer)
        alone += await lateness(requests, [timer])
    print(line("one at a time", sorted(alone)))


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as state:
        server = await EmbeddedNats(Path(state)).start()
        connection = await connect(server.admin_url)
        try:
            plain = log_stream("PLAIN", ["plain.*"], message_bytes_max=4096)
            await provision(connection, (timer_stream(TIMERS, "timer"), plain))
            requests = await Requests(connection).start()
            timers = JetStreamTimers(requests)
            await costs(requests, timers, server.pid, count)
            await delays(requests, timers, count)
        finally:
            await connection.close()
            await server.stop()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
