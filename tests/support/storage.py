"""Disks that can be filled, and nats-servers as an operator runs them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.embedded.nats_server import nats_server_binary
from adapters.embedded.processes import free_port


class SmallDisk:
    """A file system of its own in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        """Leave no room for a single byte."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(65536))

    def make_room(self) -> None:
        self._ballast.unlink()


@contextmanager
def small_disk_if_allowed(path: Path, size_mib: int) -> Iterator[SmallDisk | None]:
    """A folder with a file system of its own, None where it is an ordinary one: who may not mount
    has no other.
    """
    path.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs", str(path)]
    mounted = subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield SmallDisk(path) if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(path)], check=True)


@contextmanager
def small_disk(path: Path, size_mib: int = 48) -> Iterator[SmallDisk]:
    """Skips the test for who may not mount a file system."""
    with small_disk_if_allowed(path, size_mib) as disk:
        if disk is None:
            pytest.skip("mounting a tmpfs takes root")
        yield disk


class Node:
    """A nats-server with a configuration of its own."""

    def __init__(self, folder: Path, config: dict[str, Any]) -> None:
        self.url = f"nats://{config['listen']}"
        self._file = folder / f"{config['server_name']}.conf"
        self._file.write_bytes(msgspec.json.encode(config))
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        log = str(self._file.with_suffix(".log"))
        command = (nats_server_binary(), "--config", str(self._file), "--log", log)
        self._process = await asyncio.create_subprocess_exec(*command)

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def nats_nodes(folder: Path, count: int = 1, **jetstream: Any) -> AsyncIterator[list[Node]]:
    """As many servers as are wanted, in one cluster if there are several."""
    ports: list[tuple[int, int]] = []
    for _ in range(count):
        port = free_port(0)
        ports.append((port, free_port(0, avoid=port)))
    async with AsyncExitStack() as stack:
        nodes = []
        for n, (port, route) in enumerate(ports):
            config: dict[str, Any] = {
                "server_name": f"n{n}",
                "listen": f"127.0.0.1:{port}",
                "max_payload": 8 << 20,
                "jetstream": {"store_dir": str(folder / f"n{n}"), **jetstream},
            }
            if count > 1:
                routes = [f"nats://127.0.0.1:{other}" for _, other in ports]
                listen = f"127.0.0.1:{route}"
                config["cluster"] = {"name": "c", "listen": listen, "routes": routes}
            nodes.append(Node(folder, config))
            stack.push_async_callback(nodes[-1].kill)
            await nodes[-1].start()
        yield nodes
