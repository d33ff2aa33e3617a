"""Keeps servers running: one that ends without being told to is started again, as it was."""

import asyncio
import time
from collections import deque
from typing import Any, NoReturn

import structlog

from adapters.embedded.life_cycle import EmbeddedServer
from adapters.embedded.processes import EmbeddedServerError

POLL_S = 0.1
RESTARTS_MAX = 5
WINDOW_S = 60.0

log = structlog.get_logger(__name__)


async def supervise(*servers: EmbeddedServer[Any]) -> NoReturn:
    """Watch until cancelled. Raises `EmbeddedServerError` when a server is found ended, whether by
    itself or because it could not be started, more than `RESTARTS_MAX` times within `WINDOW_S`:
    then something is wrong that a restart does not mend, and it is better to end than to limp.
    """
    await asyncio.gather(*map(_keep, servers))
    raise AssertionError("each watch goes on until it fails")


async def _keep(server: EmbeddedServer[Any]) -> NoReturn:
    restarts: deque[float] = deque(maxlen=RESTARTS_MAX)
    reason = "its log is in the state folder"
    while True:
        if server.running:
            await asyncio.sleep(POLL_S)
            continue
        now = time.monotonic()
        if len(restarts) == RESTARTS_MAX and now - restarts[0] < WINDOW_S:
            raise EmbeddedServerError(
                f"the embedded {server.name} has ended {RESTARTS_MAX + 1} times"
                f" within {WINDOW_S:.0f} s without being told to; {reason}"
            )
        restarts.append(now)
        log.error("server.ended", server=server.name)
        try:
            await server.restart()
        except EmbeddedServerError as error:
            reason = str(error)
            log.error("server.not_restarted", server=server.name, reason=reason)  # noqa: TRY400 - told
            continue
        log.warning(
            "server.restarted", server=server.name, seconds=round(time.monotonic() - now, 3)
        )
