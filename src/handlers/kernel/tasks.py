"""Tasks that go on until they are ended."""

import asyncio

AGAIN_AFTER_S = 1.0


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task that goes on for ever, until it has ended; raises what it failed with.

    Once may not suffice: `asyncio.wait_for` of Python 3.11, which nats-py stands on, swallows a
    cancellation that comes just as what it waits for is done (github.com/python/cpython, 86296),
    and the loop around it would go on, and whoever waits for its end with it.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_AFTER_S)
    if not task.cancelled():
        task.result()
