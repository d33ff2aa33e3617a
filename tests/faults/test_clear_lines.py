"""What is wrong is said in one clear line, and in no traceback."""

import asyncio
import os
import resource
import shutil
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx2

from support.patience import eventually
from support.service_process import command, outside


async def test_the_state_folder_is_removed_while_the_service_runs():
    async with outside() as service:
        await service.declare()
        log = (service.state / "log.jsonl").open()
        shutil.rmtree(service.state / "nats")
        assert await service.ended() == 1
        said = [line for line in log if line.startswith("commandpost: ")]
        assert len(said) == 1
        assert "was removed while the service was running" in said[0]
        assert "Traceback" not in service.log()


async def test_nats_is_absent_at_the_start(tmp_path: Path):
    urls = ("--nats-url", "nats://127.0.0.1:9", "--database-url", "postgresql://x@127.0.0.1:9/x")
    ended = await command("up", "--state", str(tmp_path), "--http", "127.0.0.1:0", *urls)
    assert ended.status == 1
    assert [line.partition(" cannot")[0] for line in ended.err.splitlines()] == [
        "commandpost: NATS at nats://127.0.0.1:9"
    ]


async def test_descriptors_are_exhausted():
    """Idle connections take all that there are; when they have gone, all is well."""
    async with outside() as service:
        # What it holds at rest is its own affair: so many more are few, whatever that is.
        held = f"/proc/{service.pid}/fd"
        most = len(os.listdir(held)) + 30
        resource.prlimit(service.pid, resource.RLIMIT_NOFILE, (most, most))
        address = ("127.0.0.1", int(service.where["http_url"].rpartition(":")[2]))
        with ExitStack() as stack:

            async def told() -> bool:
                while len(os.listdir(held)) < most:  # what it gives back meanwhile is taken as well
                    stack.enter_context(socket.create_connection(address))
                    await asyncio.sleep(0.01)
                return "descriptors.exhausted" in service.log()

            await eventually(told)
            await asyncio.sleep(0.5)

        async def ready() -> bool:
            with suppress(httpx2.TransportError):  # the first may meet what is closed just now
                return (await service.http.get("/health/ready")).status_code == 200
            return False

        await eventually(ready)
        await service.declare()
        assert service.log().count("descriptors.exhausted") == 1
        assert "Traceback" not in service.log()
