"""A nats-server that runs with deploy/nats.conf, as the containers do, on loopback."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from adapters.embedded.nats_server import nats_server_binary
from adapters.embedded.processes import HOST, free_port

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
USERS = ("admin", "app", "answers", "publisher", "services", "reader")
PASSWORDS = {f"NATS_{user.upper()}_PASSWORD": f"{user}-of-commandpost" for user in USERS}


class DeployedNats(NamedTuple):
    """Where it is, for whoever has which user."""

    port: int

    def url(self, user: str) -> str:
        return f"nats://{user}:{user}-of-commandpost@{HOST}:{self.port}"


@asynccontextmanager
async def deployed_nats(data: Path) -> AsyncIterator[DeployedNats]:
    """Started by deploy/start-nats.sh with the configuration as it is, on ports of its own."""
    port, binary = free_port(), Path(nats_server_binary())
    flags = ["-a", HOST, "-p", str(port), "-m", str(free_port(avoid=port))]
    path = f"{binary.parent}{os.pathsep}{os.environ['PATH']}"
    with (data.parent / "nats.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: ASYNC220 - does not block
            ["sh", DEPLOY / "start-nats.sh", DEPLOY / "nats.conf", *flags],
            env={**os.environ, **PASSWORDS, "NATS_DATA": str(data), "PATH": path},
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        await _answers(port, process)
        yield DeployedNats(port)
    finally:
        process.terminate()
        process.wait(10)


async def _answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    async with asyncio.timeout(10):
        while True:
            assert process.poll() is None, "nats-server has ended"
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
