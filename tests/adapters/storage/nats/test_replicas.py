"""Three servers: a replica may lag, but a load is complete and of two writers one wins."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.embedded.nats_server import nats_server_binary
from adapters.embedded.processes import free_port
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import CannotConnectError, connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.jetstream import direct_page
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from adapters.storage.nats.timers import JetStreamTimers
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Conflict
from handlers.processes.timers import Timer, names_of
from support.patience import PATIENT_S

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def commit(name: str) -> Commit[Any]:
    events = (NoteAdded(occurred_at=NOON, text=name),)
    return Commit(id=name, actor="ada", correlation_id="c", recorded_at=NOON, events=events)


async def start(folder: Path, n: int, ports: list[tuple[int, int]]) -> asyncio.subprocess.Process:
    port, route = ports[n]
    config = {
        "server_name": f"n{n}",
        "listen": f"127.0.0.1:{port}",
        "max_payload": 8 << 20,
        "jetstream": {"store_dir": str(folder / f"n{n}")},
        "cluster": {
            "name": "c",
            "listen": f"127.0.0.1:{route}",
            "routes": [f"nats://127.0.0.1:{other}" for _, other in ports],
        },
    }
    (folder / f"n{n}.conf").write_bytes(msgspec.json.encode(config))
    return await asyncio.create_subprocess_exec(
        nats_server_binary(),
        "--config",
        str(folder / f"n{n}.conf"),
        "--log",
        str(folder / f"n{n}.log"),
    )


@pytest.fixture(scope="module")
async def stores() -> AsyncIterator[list[JetStreamEventStore]]:
    """A store over each of three servers, on one stream with three replicas."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        ports: list[tuple[int, int]] = []
        for _ in range(3):
            port = free_port(0)
            ports.append((port, free_port(0, avoid=port)))
        for n in range(3):
            process = await start(folder, n, ports)
            stack.push_async_callback(process.wait)
            stack.callback(process.kill)
        stores = []
        for port, _ in ports:
            connection = await connect(f"nats://127.0.0.1:{port}", within_s=10)
            stack.push_async_callback(connection.close)
            if not stores:
                await provisioned(connection)
            requests = await Requests(connection).start()
            stores.append(await open_store(requests, Codec(AnyEvent, UPCASTERS)))
        yield stores


async def provisioned(connection: Any) -> None:
    """Provision as soon as the cluster has chosen its leader."""
    async with asyncio.timeout(PATIENT_S):
        while True:
            try:
                return await provision(connection, replicas=3)
            except CannotConnectError:
                await asyncio.sleep(0.2)


async def test_a_load_on_any_server_sees_every_append_acknowledged_before_it(stores):
    async def write_here_and_load_there(n: int) -> None:
        position = 0
        for k in range(40):
            here, there = stores[(n + k) % 3], stores[(n + k + 1) % 3]
            written = await here.append(Append(f"incident.{n}", position, commit(str(k))))
            seen = await there.load(f"incident.{n}", after=position)
            assert [recorded.position for recorded in seen] == [written]
            position = written

    await asyncio.gather(*(write_here_and_load_there(n) for n in range(32)))


async def test_of_two_writers_on_different_servers_exactly_one_wins(stores):
    for n in range(100):
        outcomes = await asyncio.gather(
            *(
                store.append(Append(f"incident.r{n}", 0, commit(f"{k}")))
                for k, store in enumerate(stores)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, int) for outcome in outcomes) == 1, outcomes
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 2, outcomes
        assert len(await stores[0].load(f"incident.r{n}")) == 1


async def test_commits_written_together_on_different_servers_are_all_or_none(stores):
    for n in range(20):
        writes = [
            [Append(f"incident.t{n}-{name}", 0, commit(f"{k}")) for name in "ab"] for k in range(3)
        ]
        outcomes = await asyncio.gather(
            *(store.append_together(w) for store, w in zip(stores, writes, strict=True)),
            return_exceptions=True,
        )
        assert sum(isinstance(outcome, list) for outcome in outcomes) == 1, outcomes
        ids = [(await stores[0].load(f"incident.t{n}-{name}"))[0].commit.id for name in "ab"]
        assert ids[0] == ids[1]


async def test_timers_armed_on_one_server_and_cancelled_on_another_fire_once_or_not_at_all(stores):
    servers = [JetStreamTimers(store._requests) for store in stores]
    due_at = datetime.now(UTC) + timedelta(seconds=3)  # noqa: TID251 - the servers' clock is real
    timers = [Timer("incident", f"{n:03}", "cadence", due_at) for n in range(100)]

    async def arm_here_and_maybe_cancel_there(n: int) -> None:
        await servers[n % 3].arm(timers[n])
        await servers[(n + 1) % 3].arm(timers[n])
        if n % 2:
            await servers[(n + 2) % 3].cancel(*names_of(timers[n]))

    await asyncio.gather(*map(arm_here_and_maybe_cancel_there, range(100)))
    wanted = timers[::2]
    requests = stores[0]._requests
    async with asyncio.timeout(PATIENT_S):
        while await servers[0].armed() or len(await fired(requests)) < len(wanted):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    assert sorted(await fired(requests)) == [timer.key for timer in wanted]


async def fired(requests: Requests) -> list[str]:
    page, _ = await direct_page(requests, "TIMERS", "timer.fired.*.*.*", 0)
    return [msgspec.json.decode(reply.payload)["key"] for reply in page]
