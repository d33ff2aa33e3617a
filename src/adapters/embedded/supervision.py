"""Keeps servers running: one that ends without being told to, or can no longer write, is started
again, as it was, once its disk has room.
"""

import asyncio
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import structlog

from adapters.embedded.life_cycle import EmbeddedServer
from adapters.embedded.processes import EmbeddedServerError

POLL_S = 0.1
ASK_S = 1.0  # how often a server that runs is asked whether it can write
RESTARTS_MAX = 5
WINDOW_S = 60.0
ROOM_BYTES = 1024 * 1024
CALM_S = 60.0  # one that complains again within this time is restarted later each time
PAUSE_MAX_S = 30.0

log = structlog.get_logger(__name__)


class Supervisor:
    """Watches servers while it runs."""

    def __init__(self) -> None:
        self._watches: list[_Watch] = []

    def complaint(self) -> str:
        """What keeps a server from writing now, "" if nothing does."""
        return "; ".join(watch.complaint for watch in self._watches if watch.complaint)

    async def run(self, *servers: EmbeddedServer[Any]) -> NoReturn:
        """Watch until cancelled. Raises `EmbeddedServerError` when the folder of a server is gone,
        or when a server is found ended, whether by itself or because it could not be started, more
        than `RESTARTS_MAX` times within `WINDOW_S`: then something is wrong that a restart does not
        mend, and it is better to end than to limp.
        """
        self._watches = [_Watch(server) for server in servers]
        await asyncio.gather(*(watch.run() for watch in self._watches))
        raise AssertionError("each watch goes on until it fails")


class _Watch:
    def __init__(self, server: EmbeddedServer[Any]) -> None:
        self.complaint = ""
        self._server = server
        self._restarts: deque[float] = deque(maxlen=RESTARTS_MAX)
        self._reason = "its log is in the state folder"
        self._asked = self._mended = 0.0
        self._pause_s = 0.0

    async def run(self) -> NoReturn:
        while True:
            self._check_home()
            if not self._server.running:
                await self._start_again()
            elif time.monotonic() - self._asked >= ASK_S:
                self._asked = time.monotonic()
                await asyncio.to_thread(self._server.rotate_log)
                if complaint := await self._server.complaint():
                    await self._mend(complaint)
            await asyncio.sleep(POLL_S)

    def _check_home(self) -> None:
        if not self._server.home.exists():
            raise EmbeddedServerError(
                f"{self._server.home} was removed while the service was running: the data of the"
                f" embedded {self._server.name} is gone; restore it from a backup"
            )

    async def _start_again(self) -> None:
        await self._wait_for_room()
        now = time.monotonic()
        if len(self._restarts) == RESTARTS_MAX and now - self._restarts[0] < WINDOW_S:
            raise EmbeddedServerError(
                f"the embedded {self._server.name} has ended {RESTARTS_MAX + 1} times"
                f" within {WINDOW_S:.0f} s without being told to; {self._reason}"
            )
        self._restarts.append(now)
        log.error("server.ended", server=self._server.name)
        await self._restart()

    async def _mend(self, complaint: str) -> None:
        self.complaint = f"{self._server.name}: {complaint}"
        log.error("server.cannot_write", server=self._server.name, reason=complaint)
        calm = time.monotonic() - self._mended > CALM_S
        self._pause_s = 0.0 if calm else min(max(1.0, self._pause_s * 2), PAUSE_MAX_S)
        await asyncio.sleep(self._pause_s)
        await self._wait_for_room()
        await self._restart()
        self._mended = time.monotonic()
        self.complaint = ""

    async def _restart(self) -> None:
        began = time.monotonic()
        try:
            await self._server.restart()
        except (EmbeddedServerError, OSError) as error:
            self._reason = str(error)
            log.error("server.not_restarted", server=self._server.name, reason=self._reason)  # noqa: TRY400 - told
            return
        seconds = round(time.monotonic() - began, 3)
        log.warning("server.restarted", server=self._server.name, seconds=seconds)

    async def _wait_for_room(self) -> None:
        """While the disk is full a server would only end again."""
        told = self.complaint
        while not await asyncio.to_thread(_has_room, self._server.home):
            self._check_home()
            if not self.complaint:
                self.complaint = f"{self._server.name}: no space left on the disk of its data"
                log.error("server.waits_for_room", server=self._server.name)
            await asyncio.sleep(ASK_S)
        self.complaint = told


def _has_room(folder: Path) -> bool:
    """Whether a file of 1 MiB can be written there."""
    probe = folder / "room.probe"
    try:
        with probe.open("wb") as file:
            file.write(bytes(ROOM_BYTES))
            file.flush()
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink()
    return True
