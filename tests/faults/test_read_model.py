"""The read models go away in every manner: commands go on, and what was told is not told again."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from adapters.embedded import embedded_postgres
from support.load import assert_caught_up, assert_verified
from support.patience import eventually
from support.service_process import CONFIG, Process, on_servers, outside, state_folder
from support.webhook_sink import Receiver, receiver, with_webhook


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """PostgreSQL with all its processes stands still: connected, and silent."""
    family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    for each in family:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in reversed(family):
            os.kill(each, signal.SIGCONT)


async def assert_down(service: Process, ref: str) -> None:
    """Questions are answered by 503 with Retry-After; commands and the log work."""
    paths = ["/v1/incidents", f"/v1/incidents/{ref}", f"/v1/incidents/{ref}/timeline",
             f"/v1/incidents/{ref}/deliveries", "/v1/statistics", "/v1/quarantine"]  # fmt: skip
    for response in await asyncio.gather(*(service.http.get(path) for path in paths * 2)):
        assert response.status_code == 503, response.text
        assert int(response.headers["retry-after"]) >= 1
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["code"] == "service.unavailable"

    answer = await service.act(ref, "add_note", text="in the dark")
    assert (await service.declare())["outcome"] == "decided"
    assert (await service.events(ref))[-1]["position"] == answer["position"]
    timeline = await service.get(f"/v1/incidents/{ref}/timeline", as_of="2100-01-01T00:00:00Z")
    assert timeline["entries"][-1]["text"] == "in the dark"
    assert (await service.http.get("/health/live")).status_code == 200
    assert (await service.http.get("/health/ready")).status_code == 200


async def test_postgres_is_down_or_silent_and_comes_back():
    async with on_servers() as (service, _, postgres):
        ref = (await service.declare())["reference"]
        await assert_caught_up(service)

        await postgres.stop()
        await assert_down(service, ref)
        report = await service.get("/health/ready")
        assert report["status"] == "degraded"
        assert report["read_models"]["board"]["error"]
        await postgres.start()
        await assert_caught_up(service)

        with frozen(postgres.pid):
            await assert_down(service, ref)
            position = await service.head()
            response = await service.http.get("/v1/incidents", params={"min_position": position})
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) >= 1
        await assert_caught_up(service)
        shown = await service.get(f"/v1/incidents/{ref}/timeline")
        assert [line["text"] for line in shown["entries"]].count("in the dark") == 2
        await assert_verified(service)


async def test_the_service_ends_in_order_while_its_servers_are_away():
    """SIGTERM while PostgreSQL is silent, and again while both servers are gone."""
    async with on_servers() as (service, nats, postgres):
        await service.declare()
        await assert_caught_up(service)
        with frozen(postgres.pid):
            assert await service.stop(within_s=20) == 0
        await service.start()
        await assert_caught_up(service)
        await postgres.kill()
        await nats.kill()
        await asyncio.sleep(0.5)
        assert (await service.http.get("/health/live")).status_code == 200
        response = await service.http.get("/health/ready")
        assert (response.status_code, response.json()["status"]) == (503, "unready")
        assert await service.stop(within_s=25) == 0
        assert service.log_lines()[-1]["event"] == "service.stopped"
        await nats.restart()
        await postgres.restart()
        await service.start()
        await assert_caught_up(service)


async def test_a_server_that_is_not_there_at_the_start_is_told_in_a_line():
    async with state_folder() as state:
        state.mkdir(mode=0o700)
        down = Process(state, CONFIG, (
            "--nats-url", "nats://127.0.0.1:9", "--database-url", "postgresql://a@127.0.0.1:9/a",
        ))  # fmt: skip
        with pytest.raises(AssertionError, match="ended with status 1"):
            await down.start()
        assert re.match(r"commandpost: NATS at \S*127.0.0.1:9 cannot be used: ", down.log())
        assert len(down.log().splitlines()) == 1


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as receiving:
        yield receiving


async def checksums(service: Process) -> Any:
    verified = await service.cli("verify", "--format", "json")
    assert verified.status == 0, verified.err
    return {one["name"]: one["checksums"] for one in verified.json}


async def drop(database: str, *, create: bool) -> None:
    """The database is gone, and whoever was connected with it; an empty one may take its place."""
    parts = urlsplit(database)
    name = parts.path.removeprefix("/")
    connection = await asyncpg.connect(parts._replace(path="/postgres").geturl())
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        if create:
            await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()


async def delivery_statuses(service: Process) -> list[str]:
    """What the read models say of all notifications; nothing while they are being built."""
    listed = await service.http.get("/v1/incidents")
    found: list[str] = []
    for one in listed.json()["incidents"] if listed.status_code == 200 else []:
        deliveries = await service.http.get(f"/v1/incidents/{one['id']}/deliveries")
        found += [each["status"] for each in deliveries.json() if deliveries.status_code == 200]
    return found


async def settled(service: Process, hook: Receiver, count: int) -> None:
    """So many notifications have come, and all are in the log."""

    async def delivered() -> bool:
        statuses = await delivery_statuses(service)
        return len(hook.deliveries) >= count == statuses.count("delivered")

    await eventually(delivered)
    await assert_caught_up(service)


async def test_a_dropped_database_is_rebuilt_and_nobody_is_told_twice(hook: Receiver):
    """While the service runs, and while it does not: the same checksums, no second notification.
    (Of a SEV3, no clock adds news of its own meanwhile.)
    """
    async with outside(with_webhook(hook)) as service:
        for n in range(6):
            ref = (await service.declare(f"No. {n}", severity="SEV3"))["reference"]
            await service.act(ref, "post_update", text="we are on it")
            await service.act(ref, "resolve", resolution="done")
        await settled(service, hook, 18)

        await drop(service.where["database_url"], create=True)
        await service.declare("In the dark", severity="SEV3")
        await settled(service, hook, 19)
        live = await checksums(service)
        rebuilt = await service.cli("rebuild", "--all", "--format", "json")
        assert (rebuilt.status, rebuilt.json) == (0, live)

        assert await service.stop() == 0
        async with embedded_postgres(service.state) as postgres:
            await drop(postgres.url, create=False)
        await service.start()
        await assert_caught_up(service)
        assert await checksums(service) == live
        await asyncio.sleep(1)  # a worker that would tell somebody again has done so by then
        assert len(hook.deliveries) == 19
        assert len(set(hook.ids)) == 19


async def test_notifications_survive_the_receiver_and_a_kill(hook: Receiver):
    """The receiver fails for a while, the service is killed meanwhile: each arrives in the end."""
    async with outside(with_webhook(hook)) as service:
        hook.status = 503
        for n in range(3):
            await service.declare(f"No. {n}", severity="SEV3")

        async def resting() -> bool:
            # Not in the middle of an attempt: its outcome would be unknown for a minute.
            return await delivery_statuses(service) == ["waiting"] * 3

        await eventually(resting)
        await service.kill()
        hook.status = 204
        refused = len(hook.deliveries)
        await service.start()

        async def all_arrived() -> bool:
            return len(set(hook.ids[refused:])) == 3

        await eventually(all_arrived)
