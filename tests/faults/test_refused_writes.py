"""The log can be read and takes no writes: whoever asks is told so, and what is to be done; once
writes are taken again, the service is itself again.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

import nats
from nats.js.errors import APIError

from adapters.embedded import erase_data
from support.load import assert_caught_up, assert_verified
from support.patience import eventually
from support.service_process import CONFIG, Process, kept, outside
from support.storage import nats_nodes, small_disk


async def a_leader(nodes: list[Any]) -> None:
    """Wait until the cluster has one, so that streams can be made."""

    async def answers() -> bool:
        with suppress(nats.errors.Error, APIError, OSError):
            client = await nats.connect(nodes[0].url, connect_timeout=2)
            try:
                await client.jetstream().account_info()
                return True
            finally:
                await client.close()
        return False

    await eventually(answers)


async def is_ready(service: Process, status: int = 200) -> bool:
    return (await service.http.get("/health/ready")).status_code == status


async def is_unready(service: Process) -> bool:
    return await is_ready(service, 503)


async def cause(service: Process) -> str:
    return str((await service.http.get("/health/ready")).json()["log"]["error"])


async def test_a_full_disk_of_the_embedded_servers_is_named_and_once_there_is_room_all_goes_on(
    tmp_path: Path,
):
    with small_disk(tmp_path / "disk") as disk:
        try:
            async with kept(Process(disk.path / "state")) as service:
                before = await service.declare()
                disk.fill()
                while (await service.post("/v1/incidents", {"title": "t"})).status != 503:
                    pass  # the last page of the file has some room
                await eventually(lambda: is_unready(service))
                assert "no space left on device" in await cause(service)
                again = await service.post("/v1/incidents", {"title": "t"})
                assert (again.status, again.body["code"]) == (503, "log.unwritable")
                assert "no space left on device" in again.body["detail"]
                assert "operator" in again.body["detail"]
                disk.make_room()
                await eventually(lambda: is_ready(service))
                await service.declare("There is room")
                assert (await service.events(before["id"])) != []
                await assert_caught_up(service)
                await assert_verified(service)
                assert service.log().count("server.restarted") == 1
                assert "Traceback" not in service.log()
        finally:
            erase_data(disk.path / "state")


async def test_the_limit_of_storage_is_named_at_once_and_who_asks_hears_when_it_is_gone(
    tmp_path: Path, fresh_database: str
):
    async with nats_nodes(tmp_path, max_file_store=2_000_000) as (node,):
        flags = ("--nats-url", node.url, "--database-url", fresh_database)
        async with outside(CONFIG, *flags, "--nats-admin-url", node.url) as service:
            await service.declare()
            client = await nats.connect(node.url)
            stream = client.jetstream()
            await stream.add_stream(name="BALLAST", subjects=["ballast"])
            await fill(stream)
            refused = await service.post("/v1/incidents", {"title": "t"})
            assert (refused.status, refused.body["code"]) == (503, "log.unwritable")
            assert "insufficient resources" in refused.body["detail"]
            assert refused.headers["retry-after"] == "30"
            assert await is_unready(service)
            head = (await service.http.get("/health/ready")).json()["log"]["head"]
            await stream.purge_stream("BALLAST")
            await client.close()
            await eventually(lambda: is_ready(service))
            await service.declare("There is room")
            # Commits without events have shown it, and the read models pass them.
            await assert_caught_up(service)
            assert await service.head() - head <= 6
            await assert_verified(service)


async def fill(stream: Any) -> None:
    with suppress(APIError):
        while True:
            await stream.publish("ballast", bytes(100_000))


async def knows_no_majority(service: Process) -> bool:
    return "has no majority" in await cause(service)


async def leader_of(nodes: list[Any], stream: str) -> int:
    """Which of the servers leads it."""
    client = await nats.connect([node.url for node in nodes])
    try:
        cluster = (await client.jetstream().stream_info(stream)).cluster
        return int(cluster.leader.removeprefix("n"))
    finally:
        await client.close()


async def test_two_of_three_servers_are_lost_and_come_back(tmp_path: Path, fresh_database: str):
    async with nats_nodes(tmp_path, 3) as nodes:
        await a_leader(nodes)
        urls = ",".join(node.url for node in nodes)
        flags = ("--nats-url", urls, "--database-url", fresh_database)
        async with outside(f"replicas = 3\n{CONFIG}", *flags, "--nats-admin-url", urls) as service:
            await service.declare()
            leader = nodes[await leader_of(nodes, "EVENTS")]
            lost = [node for node in nodes if node is not leader]
            for node in lost:
                await node.kill()
            # Nobody has written meanwhile, and the one that is left leads on for up to 20 s.
            await eventually(lambda: knows_no_majority(service))
            assert await is_unready(service)
            refused = await service.post("/v1/incidents", {"title": "t"})
            assert refused.status == 503
            for node in lost:
                await node.start()
            await eventually(lambda: is_ready(service))
            await service.declare("They are back")
