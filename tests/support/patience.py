"""How long a test waits for what comes at once on an idle machine. Only a test that fails waits so
long, so it costs nothing to be patient with a busy one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

PATIENT_S = 90.0


async def until(
    holds: Callable[[], bool], within_s: float = PATIENT_S, every_s: float = 0.02
) -> None:
    """Wait until something holds that tells nobody. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is waited for is not ours to signal
            await asyncio.sleep(every_s)


async def eventually(
    ask: Callable[[], Awaitable[Any]], within_s: float = PATIENT_S, every_s: float = 0.05
) -> Any:
    """Ask until the answer is true, or there is an answer at all; it. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        while not (answer := await ask()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(every_s)
    return answer
