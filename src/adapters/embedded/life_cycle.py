"""The life of a server that we own: started on a free port, ready, killed, started again, stopped.

It is the same for every server. What differs is a `Manner`, a value, and a `Program`, which knows
the server's files, its command line and how to ask whether it is ready.
"""

import asyncio
import os
import secrets
import signal
import time
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, Self, TypeVar

import msgspec

from adapters.embedded.processes import (
    POLL_S,
    EmbeddedServerError,
    ServerProcess,
    lock_folder,
    write_private,
)
from adapters.embedded.server_log import ServerLog

START_ATTEMPTS = 5
START_TIMEOUT_S = 60.0  # recovery reads the end of the log, and may rebuild indexes
PORT_TIMEOUT_S = 5.0  # so long may somebody else have a port that was ours before a restart

Steps = tuple[tuple[signal.Signals, float], ...]
"""Signals, each with the seconds in which the server should end."""


class Manner(NamedTuple):
    """How a server is called, and how it ends. `stop`: with its work done; `abort`: when it does
    not get ready. Within `gone_s` after its death all processes that it forked have noticed.
    `poll_max_s`: how seldom it is asked whether it is ready, in the end.
    """

    name: str
    stop: Steps
    abort: Steps
    gone_s: float
    poll_max_s: float = POLL_S


class Program(Protocol):
    """One kind of server over one state folder."""

    manner: Manner

    async def find_home(self) -> Path:
        """The folder of its data, which one server at a time may use."""
        ...

    async def prepare(self, lock_fd: int) -> None:
        """Load the settings and make the data folder, in the folder that is ours now."""
        ...

    def choose_ports(self) -> None:
        """Keep the ports of last time if they are free, else take others."""
        ...

    def spawn(self, lock_fd: int) -> ServerProcess:
        """Start it on the chosen ports."""
        ...

    async def answers(self) -> bool:
        """Whether this very server is ready, and not another one on its port."""
        ...

    async def complaint(self) -> str:
        """What the running server says is wrong with it until it is started again, else ""."""
        ...


P = TypeVar("P", bound=Program)


class EmbeddedServer(Generic[P]):
    """One server over one state folder."""

    def __init__(self, program: P, log: ServerLog, start_timeout_s: float):
        self._program = program
        self._log = log
        self._start_timeout_s = start_timeout_s
        self._home = Path()
        self._lock_fd = -1
        self._process: ServerProcess | None = None

    @property
    def name(self) -> str:
        """What the server is called in messages."""
        return self._program.manner.name

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._started().pid

    @property
    def running(self) -> bool:
        """Whether the server process is there."""
        return self._process is not None and self._process.running

    @property
    def home(self) -> Path:
        """The folder of its data, once it was started."""
        return self._home

    async def complaint(self) -> str:
        """What the running server says is wrong with it until it is started again, else ""."""
        return await self._program.complaint()

    async def start(self) -> Self:
        """Start, on the ports of last time if they are free, and wait until ready."""
        assert not self.running, "already started"
        self._home = await self._program.find_home()
        if self._lock_fd < 0:
            self._lock_fd = await lock_folder(self._home)
        try:
            await self._program.prepare(self._lock_fd)
            await self._launch_on_free_ports()
        except BaseException:
            self._unlock()
            raise
        return self

    async def stop(self) -> None:
        """End gracefully and give the folder free; nothing happens if it was never started."""
        if self._process is not None:
            await self._process.end(*self._program.manner.stop)
            self._process = None
        self._unlock()

    async def kill(self) -> None:
        """End at once, as a crash would (SIGKILL); the folder stays ours for `restart`."""
        await self._started().end((signal.SIGKILL, self._program.manner.gone_s))

    async def restart(self) -> None:
        """Start again on the same ports with the same data, after ending what still runs."""
        if self.running:
            await self._started().end(*self._program.manner.stop)
        elif not await self._started().gone(self._program.manner.gone_s):
            raise EmbeddedServerError(f"processes of {self.pid} remain; see {self._log.path}")
        deadline = time.monotonic() + PORT_TIMEOUT_S
        while not await self._launch():
            if time.monotonic() > deadline:
                raise self._log.failure(f"{self.name} did not get its port back")
            await asyncio.sleep(0.1)

    def rotate_log(self) -> None:
        """Begin its log anew if it has grown large."""
        self._log.rotate()

    def _started(self) -> ServerProcess:
        if self._process is None:
            raise EmbeddedServerError(f"the embedded {self.name} is not running")
        return self._process

    def _unlock(self) -> None:
        if self._lock_fd >= 0:
            os.close(self._lock_fd)
            self._lock_fd = -1

    async def _launch_on_free_ports(self) -> None:
        for _ in range(START_ATTEMPTS):
            self._program.choose_ports()
            if await self._launch():
                return
        raise self._log.failure(f"{self.name} lost its port to others, again and again")

    async def _launch(self) -> bool:
        """Start on the chosen ports; False when one of them was taken in the meantime."""
        self._process = process = self._program.spawn(self._lock_fd)
        try:
            return await self._get_ready(process)
        except BaseException:
            await process.end(*self._program.manner.abort)
            raise

    async def _get_ready(self, process: ServerProcess) -> bool:
        deadline, pause_s = time.monotonic() + self._start_timeout_s, POLL_S
        while not await self._program.answers():
            if not process.running:
                await process.gone(self._program.manner.gone_s)
                if self._log.port_was_taken():
                    return False
                raise self._log.failure(f"{self.name} ended with status {process.returncode}")
            if time.monotonic() > deadline:
                raise self._log.failure(
                    f"{self.name} was not ready after {self._start_timeout_s:g} s"
                )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 1.5, self._program.manner.poll_max_s)
        return True


Settings = TypeVar("Settings", bound=msgspec.Struct)


def load_settings(home: Path, fresh: Settings) -> Settings:
    """The settings that stay from start to start, so that URLs do; `fresh` at the first one."""
    path = home / "settings.json"
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=type(fresh))
    save_settings(home, fresh)
    return fresh


def save_settings(home: Path, settings: msgspec.Struct) -> None:
    """Keep them, readable by their owner alone."""
    write_private(home / "settings.json", msgspec.json.encode(settings))


def new_password() -> str:
    """A password of 32 characters that nobody guesses."""
    return secrets.token_hex(16)
