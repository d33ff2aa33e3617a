"""Ctrl-C in the midst of whatever a command does."""

import asyncio
import os
import signal

import pytest
import uvloop

from adapters.runtime.ending import interruptible


def test_an_interruption_waits_for_the_end_of_a_step():
    """What a step has looked at stays so until its end; then the work is cancelled."""
    seen: list[str] = []

    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None

        def step() -> None:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1_000):  # Python hears signals between two instructions
                pass
            seen.append("cancelled" if task.cancelling() else "untouched")

        asyncio.get_running_loop().call_soon(step)
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended in order")

    with pytest.raises(KeyboardInterrupt):
        uvloop.run(interruptible(work()))
    assert seen == ["untouched", "ended in order"]


def test_a_second_interruption_ends_what_does_not_end():
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
            await asyncio.Event().wait()

    async def interrupted() -> None:
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
        await interruptible(work())

    with pytest.raises(KeyboardInterrupt):
        uvloop.run(interrupted())


def test_what_is_not_interrupted_is_as_it_was():
    async def work() -> int:
        return 7

    async def cancelled() -> None:
        raise asyncio.CancelledError

    assert uvloop.run(interruptible(work())) == 7
    with pytest.raises(asyncio.CancelledError):
        uvloop.run(interruptible(cancelled()))
