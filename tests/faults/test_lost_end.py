"""The log has lost its end: it was put back from an older copy, under stopped and living services.

What is derived from it is built again by itself, and nobody goes on from what is not there now.
"""

import os
import shutil
import signal
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.embedded import embedded_nats
from adapters.main import provision_streams
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import Requests
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Unavailable
from handlers.projecting.log_watch import LogWatch
from support.load import assert_caught_up, assert_verified
from support.patience import eventually
from support.service_process import CONFIG, Process, on_servers, outside
from support.webhook_sink import Receiver, receiver, with_webhook
from support.webhooks import case, deliver


def put_back(copy: Path, log: Path) -> None:
    """As docs/operations.md says."""
    shutil.rmtree(log)
    shutil.copytree(copy, log)


async def declare_some(service: Process, prefix: str, count: int) -> list[str]:
    return [
        (await service.declare(f"{prefix} {n}", severity="SEV3"))["reference"] for n in range(count)
    ]


async def titles(service: Process) -> set[str]:
    """What stands on the board; nothing while the service is not there yet."""
    answer = await service.http.get("/v1/incidents", params={"limit": 1000})
    return {incident["title"] for incident in answer.json().get("incidents", ())}


async def is_told(hook: Receiver, kind: str, about: str = "") -> Any:
    told = [body["data"] for _, body in hook.deliveries]
    return [one for one in told if one["kind"] == kind and about in one["subject"]]


async def assert_said_once(service: Process, hook: Receiver) -> None:
    """In the log of the service, and to engineering."""
    told = await eventually(lambda: is_told(hook, "end_lost"))
    assert [one["audience"] for one in told] == ["engineering"]
    assert service.log().count('"log.changed"') == 1


async def assert_as_the_log_says(service: Process, kept: set[str], lost: set[str]) -> None:
    async def right() -> bool:
        shown = await titles(service)
        return kept <= shown and not lost & shown

    await eventually(right)
    await assert_caught_up(service)
    await assert_verified(service)


@pytest.mark.parametrize("grown", [False, True], ids=["shorter", "longer than before"])
async def test_a_log_that_was_put_back_while_the_service_was_stopped(
    grown: bool, tmp_path: Path, fresh_database: str
):
    async with receiver() as hook, on_servers(with_webhook(hook)) as (service, nats, _):
        await declare_some(service, "kept", 3)
        await service.stop()
        log = nats._program._home
        await nats.stop()
        shutil.copytree(log, tmp_path / "copy")
        await nats.start()
        await service.start()
        await declare_some(service, "lost", 4)
        await assert_caught_up(service)
        await service.kill()
        await nats.stop()
        put_back(tmp_path / "copy", log)
        await nats.start()
        if grown:  # another service, on read models of its own, goes on from the copy for a while
            flags = ("--nats-url", nats.url, "--nats-admin-url", nats.admin_url)
            async with outside(CONFIG, *flags, "--database-url", fresh_database) as elsewhere:
                await declare_some(elsewhere, "new", 30)
        await service.start()
        lost = {f"lost {n}" for n in range(4)}
        kept = {f"kept {n}" for n in range(3)} | ({"new 7", "new 29"} if grown else set())
        await assert_as_the_log_says(service, kept, lost)
        await assert_said_once(service, hook)
        await service.declare("after it", severity="SEV1")
        await eventually(lambda: is_told(hook, "declared", "after it"))


@pytest.mark.parametrize("paused", [False, True], ids=["awake", "asleep meanwhile"])
async def test_a_log_that_was_put_back_under_a_living_service(paused: bool, tmp_path: Path):
    """Asleep, it misses that the log was shorter for a while."""
    async with receiver() as hook, on_servers(with_webhook(hook)) as (service, nats, _):
        [kept, *_] = await declare_some(service, "kept", 2)
        folder = nats._program._home
        await nats.stop()
        shutil.copytree(folder, tmp_path / "copy")
        await nats.start()
        [lost, *_] = await eventually(lambda: declared(service, "lost", 4))
        await service.act(kept, "add_note", text="gone with the end")
        await assert_caught_up(service)  # somebody has read it, who can miss it
        if paused:
            os.kill(service.pid, signal.SIGSTOP)
        await nats.kill()
        await nats.stop()
        put_back(tmp_path / "copy", folder)
        await nats.start()
        if paused:
            os.kill(service.pid, signal.SIGCONT)
        # What is remembered of an incident is of no use any more; what is there is acted upon.
        noted = await eventually(lambda: noted_on(service, kept))
        assert noted["outcome"] == "decided"

        async def is_gone() -> bool:
            return (await service.http.get(f"/v1/incidents/{lost}")).status_code == 404

        await eventually(is_gone)
        await assert_as_the_log_says(service, {"kept 0", "kept 1"}, {f"lost {n}" for n in range(4)})
        await assert_said_once(service, hook)


@pytest.mark.parametrize("grown", [False, True], ids=["shorter", "longer than before"])
async def test_what_was_acknowledged_and_read_by_nobody_yet_is_missed(grown: bool, tmp_path: Path):
    async with embedded_nats(tmp_path / "state") as nats:
        await provision_streams(nats.admin_url, replicas=1)
        connection = await connect(nats.url)
        requests = await Requests(connection).start()
        store = await open_store(requests, Codec(AnyEvent, UPCASTERS))
        watch = LogWatch(store)
        await store.append(noted("incident.kept"))
        await watch.look()
        folder = nats._program._home
        await nats.stop()
        shutil.copytree(folder, tmp_path / "copy")
        await nats.start()
        lost = await eventually(lambda: appended(store, "incident.lost"))
        await nats.stop()
        put_back(tmp_path / "copy", folder)
        await nats.start()
        for stream in ("incident.a", "incident.b") if grown else ():
            await eventually(lambda stream=stream: appended(store, stream))
        await eventually(lambda: looked(watch))
        assert watch.changes == 1
        assert watch.noticed.get_nowait().position == lost
        await connection.close()


def noted(stream: str) -> Append:
    at = datetime(2026, 1, 2, 12, tzinfo=UTC)
    events = (NoteAdded(occurred_at=at, text=stream),)
    commit = Commit(id=stream, actor="ada", correlation_id="c", recorded_at=at, events=events)
    return Append(stream, 0, commit)


async def appended(store: JetStreamEventStore, stream: str) -> int:
    """The position, once NATS is back; 0 before."""
    with suppress(Unavailable):
        return await store.append(noted(stream))
    return 0


async def looked(watch: LogWatch) -> bool:
    with suppress(Unavailable):
        await watch.look()
        return True
    return False


async def test_signals_that_are_lost_alone_leave_their_positions_to_nobody(tmp_path: Path):
    async with on_servers() as (service, nats, _):
        await assert_caught_up(service)
        first = (await deliver(service, b"nothing to read")).body["position"]
        await case(service, first)
        await service.stop()
        await nats.stop()
        (kept,) = nats._program._home.rglob("streams/SIGNALS")
        shutil.copytree(kept, tmp_path / "copy")
        await nats.start()
        await service.start()
        lost = (await deliver(service, b"this will be lost")).body["position"]
        await assert_caught_up(service)
        await case(service, lost)
        await assert_caught_up(service)
        await service.stop()
        await nats.stop()
        put_back(tmp_path / "copy", kept)
        await nats.start()
        await service.start()
        again = (await deliver(service, b"this comes later")).body["position"]
        assert again > lost
        await assert_caught_up(service)
        assert (await case(service, again))["position"] == again
        assert "signals.end_lost" in service.log()


async def declared(service: Process, prefix: str, count: int) -> list[str]:
    """As `declare_some`, once NATS is back; nothing before."""
    probe = await service.post("/v1/incidents", {"title": "probe", "severity": "SEV4"})
    return await declare_some(service, prefix, count) if probe.status < 300 else []


async def noted_on(service: Process, ref: str) -> Any:
    reply = await service.post(f"/v1/incidents/{ref}/add_note", {"text": "after it"})
    return reply.body if reply.status == 200 else None
