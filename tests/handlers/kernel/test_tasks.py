"""A task that goes on for ever is ended, also where a cancellation gets lost on its way."""

import asyncio

import pytest

from handlers.kernel import tasks
from handlers.kernel.tasks import end


async def test_a_task_ends_that_was_cancelled_in_vain(monkeypatch):
    monkeypatch.setattr(tasks, "AGAIN_AFTER_S", 0.01)
    swallowed = 0

    async def watch() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed > 2:
                    raise

    task = asyncio.create_task(watch())
    await asyncio.sleep(0)
    await end(task)
    assert (swallowed, task.cancelled()) == (3, True)


async def test_what_has_ended_is_left_and_what_failed_says_so():
    async def fail() -> None:
        raise OSError("gone")

    done = asyncio.create_task(asyncio.sleep(0))
    await done
    await end(done)
    failed = asyncio.create_task(fail())
    await asyncio.wait([failed])
    with pytest.raises(OSError, match="gone"):
        await end(failed)
