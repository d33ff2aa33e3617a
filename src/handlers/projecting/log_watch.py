"""Whether the log is still the one that was read: it may be put back from a copy under our feet."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from handlers.kernel.ports import LogChanged, Unavailable

EVERY_S = 5.0

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
    """Remembers the end of the log, and looks now and then whether it is still there. Whoever
    notices a change elsewhere reports it here, too; several notice the same one, and it is said
    once: the next is another one after a look that found all in its place. `noticed` has the
    changes that are still to be recorded.
    """

    def __init__(self, store: Marks) -> None:
        self.forget: list[Forget] = []
        self.noticed: asyncio.Queue[LogChanged] = asyncio.Queue()
        self.changes = 0
        self._store = store
        self._position, self._mark = 0, ""
        self._said = False

    def report(self, change: LogChanged) -> None:
        """Everybody forgets, and what is new is said aloud."""
        for forget in self.forget:
            forget()
        if self._said:
            return
        self._said = True
        self.changes += 1
        self.noticed.put_nowait(change)
        log.critical(
            "log.changed",
            position=change.position,
            reason=str(change),
            advice="see 'The log has lost its end' in docs/operations.md",
        )

    async def look(self) -> None:
        """Look once. Raises `Unavailable`."""
        try:
            await check_place(self._store, self._position, self._mark)
        except LogChanged as change:
            self.report(change)
        else:
            self._said = False
        head = await self._store.head()
        self._position, self._mark = head, await self._store.mark(head) or ""

    async def run(self) -> None:
        """Look for ever."""
        while True:
            try:
                await self.look()
            except Unavailable as outage:
                log.debug("log_watch.unavailable", reason=str(outage))
            await asyncio.sleep(EVERY_S)
