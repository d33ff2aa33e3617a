"""5,000 timers due at one instant; their server and a service are killed: one effect each."""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import utc_now
from adapters.embedded import EmbeddedNats, embedded_nats
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from adapters.storage.nats.timers import JetStreamTimers
from domain.kernel.commit import Recorded
from domain.registry import AnyEvent
from handlers.kernel.ports import Unavailable
from handlers.processes.timers import Timer
from support.patience import PATIENT_S, eventually

HERE = Path(__file__).parent
TIMERS = 5_000
ARMED_AT_ONCE = 64
AHEAD_S = 5.0


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    async with embedded_nats(tmp_path) as running:
        admin = await connect(running.admin_url)
        await provision(admin)
        await admin.close()
        yield running


@pytest.fixture
async def connection(server: EmbeddedNats) -> AsyncIterator[NatsConnection]:
    connection = await connect(server.url)
    yield connection
    await connection.close()


@asynccontextmanager
async def service(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is woken, until it is killed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / "timer_process.py"),
        url,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"ready\n":
            assert line, "the process ended"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def arm(timers: JetStreamTimers, all_: list[Timer]) -> float:
    """Arm all of them; the seconds that this took."""
    began, gate = time.perf_counter(), asyncio.Semaphore(ARMED_AT_ONCE)

    async def one(timer: Timer) -> None:
        async with gate:
            await timers.arm(timer)

    await asyncio.gather(*map(one, all_))
    return time.perf_counter() - began


async def effects(store: JetStreamEventStore) -> int:
    try:
        return await store.head()
    except Unavailable:
        return 0


async def until_effects(
    store: JetStreamEventStore, count: int, within_s: float = PATIENT_S
) -> None:
    async def there() -> bool:
        return await effects(store) >= count

    await eventually(there, within_s)


async def crash(server: EmbeddedNats) -> None:
    await server.kill()
    await asyncio.sleep(0.3)
    await server.restart()


async def test_each_of_5000_timers_has_its_effect_once_although_servers_and_services_die(
    server, connection
):
    requests = await Requests(connection, timeout_s=10.0).start()
    store = await open_store(requests, Codec(AnyEvent, UPCASTERS))
    timers = JetStreamTimers(requests)
    async with AsyncExitStack() as stack:
        services = [await stack.enter_async_context(service(server.url)) for _ in range(2)]
        due_at = utc_now() + timedelta(seconds=AHEAD_S)
        armed = [Timer("incident", f"{n:05}", "cadence", due_at) for n in range(TIMERS)]
        took_s = await arm(timers, armed)
        assert await timers.armed() == armed
        assert utc_now() < due_at, "this machine is too slow to arm them in time"

        await asyncio.sleep((due_at - utc_now()).total_seconds() + 0.02)
        await crash(server)  # in the middle of firing
        await until_effects(store, TIMERS // 4)
        services[0].kill()  # with wake-ups in hand
        await until_effects(store, TIMERS // 2)
        await crash(server)  # in the middle of waking
        await until_effects(store, TIMERS)

        async def idle() -> bool:
            info = await connection.jetstream().consumer_info("TIMERS", "wake")
            return info.num_pending == info.num_ack_pending == 0

        await eventually(idle)
        woken = await connection.jetstream().consumer_info("TIMERS", "wake")

    log = [recorded async for batch in store.read() for recorded in batch]
    assert sorted(recorded.stream for recorded in log) == [f"incident.{t.key}" for t in armed]
    assert len(Counter(recorded.commit.actor for recorded in log)) == 2, "both had a share"
    assert await timers.armed() == []
    print(f"\narmed {TIMERS} in {took_s:.2f} s; at least {woken.delivered.consumer_seq} deliveries")
    print(lateness(log, due_at))


def lateness(log: list[Recorded[Any]], due_at: datetime) -> str:
    """From the moment when all were due to the effect of each, in seconds."""
    late = sorted((recorded.commit.recorded_at - due_at).total_seconds() for recorded in log)
    at = {f"p{p}": late[len(late) * p // 100] for p in (50, 90, 99)} | {"max": late[-1]}
    return "lateness: " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in at.items())
