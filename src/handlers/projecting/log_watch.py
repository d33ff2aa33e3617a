"""Whether the log is still the one that was read: it may be put back from a copy under our feet."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from handlers.kernel.ports import LogChanged, Unavailable

EVERY_S = 5.0
LATE_S = 120.0
"""So long after a change may somebody notice it who was busy, or asleep."""

log = structlog.get_logger()

Forget = Callable[[], None]
"""Forgets what was made of what does not stand in the log any more."""


class Marks(Protocol):
    """The part of an `EventStore` that is looked at."""

    async def head(self) -> int:
        """As `EventStore.head`."""
        ...

    async def mark(self, position: int) -> str | None:
        """As `EventStore.mark`."""
        ...


class WatchedLog(Marks, Protocol):
    """The part of an `EventStore` whose end is watched."""

    def take_written(self) -> list[tuple[int, str]]:
        """As `EventStore.take_written`."""
        ...


async def check_place(store: Marks, position: int, mark: str) -> None:
    """Raises `LogChanged` unless `mark` stands at `position`, or at least something does where the
    mark is of another position. Raises `Unavailable`.
    """
    found = await store.mark(position)
    if found is None:
        raise LogChanged(position, f"it ends at {await store.head()}")
    if mark.startswith(f"{position}:") and found != mark:
        raise LogChanged(position, "something else stands there")


class LogWatch:
    """Remembers the end of the log, or what was acknowledged behind it, and looks now and then
    whether it is still there. Whoever notices a change elsewhere reports it here, too; several
    notice the same one, some of them late, and it is said once. What only others report so soon
    after the last is the same one; what the watch sees itself once more is another. `noticed` has
    the changes that are still to be recorded.
    """

    def __init__(self, store: WatchedLog, clock: Callable[[], float] = time.monotonic) -> None:
        self.forget: list[Forget] = []
        self.noticed: asyncio.Queue[LogChanged] = asyncio.Queue()
        self.changes = 0
        self._store = store
        self._clock = clock
        self._places: list[tuple[int, str]] = []
        self._said_at: float | None = None
        self._said_since_look = False

    def report(self, change: LogChanged) -> None:
        """Everybody forgets, and what is new is said aloud."""
        self._forget_all()
        if self._said_at is None or self._clock() > self._said_at + LATE_S:
            self._say(change)

    async def look(self) -> None:
        """Look once. Raises `Unavailable`."""
        self._places += self._store.take_written()  # nobody may have read it yet
        try:
            for position, mark in sorted(self._places, reverse=True):
                await check_place(self._store, position, mark)
        except LogChanged as change:
            self._forget_all()
            if not self._said_since_look:
                self._say(change)
        head = await self._store.head()
        self._places = [(head, await self._store.mark(head) or "")]
        self._said_since_look = False

    def _forget_all(self) -> None:
        for forget in self.forget:
            forget()

    def _say(self, change: LogChanged) -> None:
        self._said_at, self._said_since_look = self._clock(), True
        self.changes += 1
        self.noticed.put_nowait(change)
        log.critical(
            "log.changed",
            position=change.position,
            reason=str(change),
            advice="see 'The log has lost its end' in docs/operations.md",
        )

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except Unavailable as outage:
                log.debug("log_watch.unavailable", reason=str(outage))
            await asyncio.sleep(EVERY_S)
