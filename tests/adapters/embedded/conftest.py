"""State folders of these tests' own: each test starts, kills and restarts its servers."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.embedded import erase_data


@contextmanager
def state_folder() -> Iterator[Path]:
    """A state folder with mode 0700, as `mktemp -d` makes it."""
    with tempfile.TemporaryDirectory(prefix="commandpost-embedded-") as folder:
        try:
            yield Path(folder)
        finally:
            erase_data(Path(folder))


@pytest.fixture
def state() -> Iterator[Path]:
    """An empty state folder."""
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_state() -> Iterator[Path]:
    """A state folder that tests of one module use in turn: its cluster is made once."""
    with state_folder() as folder:
        yield folder


@pytest.fixture
def until() -> Callable[[Callable[[], bool], float], Awaitable[bool]]:
    """Wait until something holds, for some seconds; whether it did."""

    async def wait(holds: Callable[[], bool], seconds: float) -> bool:
        for _ in range(int(seconds / 0.02)):
            if holds():
                return True
            await asyncio.sleep(0.02)
        return holds()

    return wait
