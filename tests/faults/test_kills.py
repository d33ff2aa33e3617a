"""kill -9 of each process in the middle of a load: nothing acknowledged is lost or doubled, and
the service is itself again without anybody's help.
"""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from support.load import assert_caught_up, assert_exactly_once, assert_verified, load
from support.patience import eventually
from support.service_process import Process, ask, messages, outside


@pytest.fixture
async def service() -> AsyncIterator[Process]:
    async with outside() as running:
        yield running


def running(pid: int) -> bool:
    """Whether a process is there: one that ended, but was not reaped, does not count."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_embedded_servers_are_killed(service: Process):
    """Each is started again with its data where it was, and the service goes on."""
    async with load(service) as clients:
        await clients.more(100)
        for server in ("nats-server", "postgres") * 2:
            pid = service.children()[server]
            os.kill(pid, signal.SIGKILL)
            await clients.more(100)

            async def again(name: str = server, old: int = pid) -> bool:
                return service.children().get(name, old) != old

            await eventually(again)
    assert service.status is None
    assert clients.unanswered > 0
    await assert_caught_up(service)
    await assert_exactly_once(service, clients)
    await assert_verified(service)
    told = [line["event"] for line in service.log_lines()]
    assert told.count("server.ended") == 4
    async with messages(service) as client:
        assert (await ask(client, "declare", {"title": "Over NATS"})).body["outcome"] == "decided"


async def test_the_service_is_killed(service: Process):
    """Its servers end with it; or all end in one instant. The next start finds everything."""
    address = urlsplit(service.where["http_url"]).netloc
    before = service.where
    async with load(service) as clients:
        for all_at_once in (False, True):
            await clients.more(100)
            servers = service.children().values()
            for pid in servers if all_at_once else ():
                os.kill(pid, signal.SIGKILL)
            await service.kill()
            await service.start(address)
            assert not any(running(pid) for pid in servers)
        await clients.more(50)
    assert clients.unanswered > 0
    assert service.where["nats_url"] == before["nats_url"]
    assert service.where["database_url"] == before["database_url"]
    await assert_caught_up(service)
    await assert_exactly_once(service, clients)
    await assert_verified(service)


async def test_a_server_that_ends_again_and_again_ends_the_service_loudly(service: Process):
    for _ in range(200):
        if service.status is not None:
            break
        servers = service.children()
        if "nats-server" in servers:
            os.kill(servers["nats-server"], signal.SIGKILL)

        async def gone(old: int = servers.get("nats-server", 0)) -> bool:
            return service.status is not None or service.children().get("nats-server") not in {
                None, old,
            }  # fmt: skip

        await eventually(gone)
    assert await service.ended(15) == 1
    assert "commandpost: the embedded nats-server has ended 6 times" in service.log()
    assert "Traceback" not in service.log()
    assert not (service.state / "commandpost.json").exists()


async def test_sigterm_under_load_is_graceful(service: Process):
    """Who is being served gets an answer; readers of server-sent events do not hold the end up."""
    address = urlsplit(service.where["http_url"]).netloc
    async with load(service) as clients:
        await clients.more(100)
        reading = service.http.stream(
            "GET",
            f"/v1/incidents/{clients.declared[0]}/events",
            headers={"accept": "text/event-stream"},
        )
        async with reading as response:
            assert response.status_code == 200
            assert await service.stop(within_s=8) == 0
        assert service.log_lines()[-1]["event"] == "service.stopped"
        faults = [line for line in service.log_lines() if line["level"] == "error"]
        assert faults == []
        await service.start(address)
        await clients.more(50)
    await assert_caught_up(service)
    await assert_exactly_once(service, clients)
    await assert_verified(service)
