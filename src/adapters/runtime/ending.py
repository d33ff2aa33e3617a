"""The end of the service and of a command: in order, but now for whoever asks twice."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine
from typing import TypeVar

import structlog

from adapters.embedded.processes import kill_all

LIMIT_S = 6.0
"""All steps of an orderly end together; of the eight that are promised, the rest is the exit."""
TWICE_S = 0.5
"""A shell, a runner and a terminal may each pass on the same Ctrl-C."""

Result = TypeVar("Result")

log = structlog.get_logger()


def end_on_signals(stop: Callable[[], None]) -> None:
    """The first SIGINT, SIGTERM or SIGHUP (a closed terminal) calls `stop`. A second SIGINT or
    SIGTERM, or `LIMIT_S` later, ends the process on the spot: nothing acknowledged is lost by that.
    """
    loop, limit = asyncio.get_running_loop(), threading.Timer(LIMIT_S, end_now, ["the end hangs"])
    limit.daemon = True
    asked_at = 0.0

    def ask(number: signal.Signals) -> None:
        nonlocal asked_at
        if not asked_at:
            asked_at = time.monotonic()
            limit.start()
            stop()
        elif number != signal.SIGHUP and time.monotonic() - asked_at > TWICE_S:
            end_now(f"a second {number.name}")

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ask, number)


async def interruptible(work: Coroutine[None, None, Result]) -> Result:
    """What `work` returns. The first SIGINT cancels it, between two steps of the loop: a handler
    that cancels in the midst of one (`asyncio.Runner` has such) hits timers that have just looked
    whether anybody waits for them still. A second one ends what `work` does in order to end.
    Raises `KeyboardInterrupt`.
    """
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
    asked = False

    def ask() -> None:
        nonlocal asked
        asked = True
        loop.remove_signal_handler(signal.SIGINT)
        task.cancel()

    loop.add_signal_handler(signal.SIGINT, ask)
    try:
        return await task
    except asyncio.CancelledError:
        if asked:
            raise KeyboardInterrupt from None
        raise


def end_now(why: str) -> None:
    """End this process and its servers. What was acknowledged is safe, as with any kill -9."""
    log.error("service.ended_at_once", reason=why)
    kill_all()
    os._exit(1)
