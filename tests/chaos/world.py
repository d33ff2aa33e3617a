"""A service on embedded servers, the receiver of its notifications, and its clients."""

import asyncio
import json
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx2
import nats

from chaos.clients import Clients
from support.http_server import Answer, Receiver, receiving
from support.service_process import CONFIG, Process, kept, state_folder
from support.storage import SmallDisk, small_disk_if_allowed

REFUSED_S = 5.0
"""For so long at most may a service call itself ready while it takes no command."""
RECOVERY_S = 90.0
DISK_MIB = 384


class Told(NamedTuple):
    """One notification as it reached the receiver."""

    id: str
    incident: str
    kind: str


class World:
    """Everything that faults happen to. `breaches` are promises that were broken on the way."""

    def __init__(
        self, service: Process, receiver: Receiver, clients: Clients, disk: SmallDisk | None
    ) -> None:
        self.service = service
        self.receiver = receiver
        self.clients = clients
        self.breaches: list[str] = []
        self.garbage: list[int] = []
        self.restores = 0
        self.disk = disk
        """What the log has to itself, so that it can be filled, if it has."""
        self.copy: tuple[Path, int, float] | None = None
        self._address = urlsplit(service.where["http_url"]).netloc
        self._paused = False

    def told(self) -> list[Told]:
        """What the receiver took, in order."""
        found = []
        for request in self.receiver.requests:
            data = json.loads(request.body)["data"]
            found.append(Told(data["id"], data.get("incident_id", ""), data["kind"]))
        return found

    def pid_of(self, server: str) -> int | None:
        """The process of an embedded server, while it is there."""
        with suppress(OSError):
            return self.service.children().get(server)
        return None

    async def start_again(self) -> None:
        """Start the service where its clients look for it."""
        await self.service.start(self._address, within_s=RECOVERY_S)

    async def recover(self) -> None:
        """Do what an init system does, and wait until commands are taken again."""
        if self.service.status is not None:
            await self.start_again()
        try:
            await self.clients.flowing(within_s=RECOVERY_S)
        except TimeoutError:
            self.breaches.append(f"no command was taken for {RECOVERY_S:g} s after a fault")
            raise

    def head_of_log(self) -> Any:
        """For `commandpost` and the checker: how the log is reached by its administrator."""
        return nats.connect(self.service.where["nats_admin_url"], connect_timeout=5)

    async def keep_copy(self) -> None:
        """Stop everything and keep a copy of the log, as a backup does."""
        since, head = time.monotonic(), await self.head()
        await self.service.stop(within_s=30)
        folder = self.service.state.with_name("copy-of-nats")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.service.state / "nats", folder)
        self.copy = folder, head, since
        await self.start_again()

    async def lose_end(self) -> None:
        """Put the copy in the place of the log, and start."""
        assert self.copy is not None
        folder, head, since = self.copy
        await self.service.kill()
        log = self.service.state / "nats"
        for each in log.iterdir():  # the folder itself may be a disk
            shutil.rmtree(each) if each.is_dir() else each.unlink()
        shutil.copytree(folder, log, dirs_exist_ok=True)
        self.clients.forget_behind(head, since)
        self.garbage = [position for position in self.garbage if position <= head]
        self.restores += 1
        await self.start_again()

    async def head(self) -> int:
        """Where the log ends, by its own word."""
        client = await self.head_of_log()
        try:
            return int((await client.jetstream().stream_info("EVENTS")).state.last_seq)
        finally:
            await client.close()

    async def watch_readiness(self) -> None:
        """Breaches: `ready` while no command was taken, though clients kept trying."""
        ready_since: float | None = None
        async with httpx2.AsyncClient(timeout=2, headers=self.service.shown) as http:
            while not self.clients.stopping:
                ready = False
                with suppress(httpx2.TransportError):
                    url = self.service.where["http_url"]
                    ready = (await http.get(f"{url}/health/ready")).status_code == 200
                now = time.monotonic()
                ready_since = (ready_since or now) if ready else None
                refused_since = max(self.clients.last_at, ready_since or now)
                if ready and now - refused_since > REFUSED_S:
                    self.breaches.append(f"ready, and no command taken for {REFUSED_S:g} s")
                    ready_since = now
                await asyncio.sleep(0.2)

    @asynccontextmanager
    async def paused(self, pid: int) -> AsyncIterator[None]:
        """A process that stands still; a stopped service answers nobody, so nobody is misled."""
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    """A world with clients at work. They have stopped, and had their last answer, at the end."""
    async with (
        state_folder() as state,
        receiving() as receiver,
    ):
        with small_disk_if_allowed(state / "nats", DISK_MIB) as disk:
            async with _world(state, receiver, disk) as here:
                yield here


@asynccontextmanager
async def _world(state: Path, receiver: Receiver, disk: SmallDisk | None) -> AsyncIterator[World]:
    receiver.answer = Answer(204)
    config = f"""{CONFIG}
[channels.hook]
kind = "webhook"
url = "{receiver.url}"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""
    service = Process(state, config.replace("[channels]\n", ""))
    clients = Clients(service)
    async with kept(service):
        here = World(service, receiver, clients, disk)
        running = asyncio.create_task(clients.run())
        watching = asyncio.create_task(here.watch_readiness())
        try:
            await clients.flowing()
            yield here
            clients.stop()
            await asyncio.wait_for(running, RECOVERY_S)
        finally:
            for task in (running, watching):
                task.cancel()
            await asyncio.gather(running, watching, return_exceptions=True)
