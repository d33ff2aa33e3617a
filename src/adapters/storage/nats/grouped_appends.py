"""Group commit for a server that writes each message to the disk before it acknowledges it.

Such a server (`sync_interval: always`) flushes once for each publish, and once for a whole atomic
batch (docs/decisions/0026-group-commit.md). So while one flush runs, what else is to be written is
collected, and goes together. Few waiting writes are published side by side: a batch has a price of
its own.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from handlers.kernel.ports import Append, Conflict, Unavailable

GROUP_MIN = 32
"""From about so many on, a batch is faster than the same writes side by side."""
GROUP_MAX = 1_000  # the server's own limit of an atomic batch
GATHER_S = 0.002  # until those whose write was just acknowledged have sent their next one


class _WaitingAppend(NamedTuple):
    write: Append
    position: asyncio.Future[int]


class GroupedAppends:
    """Appends in groups. `one` writes alone, `together` all or none; both raise as `EventStore`."""

    def __init__(
        self,
        one: Callable[[Append], Awaitable[int]],
        together: Callable[[Sequence[Append]], Awaitable[list[int]]],
    ) -> None:
        self._one = one
        self._together = together
        self._waiting: deque[_WaitingAppend] = deque()
        self._alone = 0  # writes under way by themselves
        self._task: asyncio.Task[None] | None = None

    async def append(self, write: Append) -> int:
        """As `EventStore.append`."""
        if self._task is None and self._alone < GROUP_MIN:
            return await self._write_alone(write)
        waiting = _WaitingAppend(write, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._task is None:
            self._task = asyncio.create_task(self._write_groups())
        return await waiting.position

    async def _write_alone(self, write: Append) -> int:
        self._alone += 1
        try:
            return await self._one(write)
        finally:
            self._alone -= 1

    async def _write_groups(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(GATHER_S)
                group = self._take()
                if len(group) < GROUP_MIN:
                    await self._write_each(group)
                else:
                    await self._write_together(group)
        finally:
            self._task = None

    def _take(self) -> list[_WaitingAppend]:
        """What waits now, one write of each stream; who has given up is left out."""
        group: dict[str, _WaitingAppend] = {}
        later: list[_WaitingAppend] = []
        while self._waiting and len(group) < GROUP_MAX:
            waiting = self._waiting.popleft()
            if waiting.position.done():
                continue
            if waiting.write.stream in group:
                later.append(waiting)
            else:
                group[waiting.write.stream] = waiting
        self._waiting.extendleft(reversed(later))
        return list(group.values())

    async def _write_each(self, group: list[_WaitingAppend]) -> None:
        writing = (self._write_alone(waiting.write) for waiting in group)
        found = await asyncio.gather(*writing, return_exceptions=True)
        for waiting, position in zip(group, found, strict=True):
            if waiting.position.done():
                continue  # nobody waits any more
            if isinstance(position, BaseException):
                waiting.position.set_exception(position)
            else:
                waiting.position.set_result(position)

    async def _write_together(self, group: list[_WaitingAppend]) -> None:
        try:
            positions = await self._together([waiting.write for waiting in group])
        except (Conflict, Unavailable, ValueError):
            # One of them, perhaps; alone, each gets its own answer. What was written is a conflict.
            await self._write_each(group)
            return
        for waiting, position in zip(group, positions, strict=True):
            if not waiting.position.done():
                waiting.position.set_result(position)
