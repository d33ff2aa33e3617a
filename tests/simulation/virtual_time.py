"""An event loop whose clock jumps: nothing is waited for, and a program runs the same each time."""

import asyncio
import logging
import selectors
from collections.abc import Callable, Coroutine
from contextlib import contextmanager
from typing import Any, TypeVar

import stamina
import structlog

T = TypeVar("T")


class _Jumping(selectors.SelectSelector):
    """Waits for nothing: when no task can go on, time jumps to where the next one can."""

    jump: Callable[[float], None] = staticmethod(lambda _: None)

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "every task waits for another one"
        if timeout > 0:
            self.jump(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that begins at second 0 and never sleeps."""

    def __init__(self) -> None:
        self._seconds = 0.0
        selector = _Jumping()
        super().__init__(selector)
        selector.jump = self._jump

    def time(self) -> float:
        return self._seconds

    def _jump(self, seconds: float) -> None:
        self._seconds += seconds


def play(main: Coroutine[Any, Any, T]) -> T:
    """Run to the end, in virtual time and without a word."""
    with _quietly(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


@contextmanager
def _quietly():  # type: ignore[no-untyped-def]
    """No log lines, and no dice in the waits between retries."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with stamina.set_testing(True, attempts=12, cap=True):
            yield
    finally:
        structlog.configure(**before)
