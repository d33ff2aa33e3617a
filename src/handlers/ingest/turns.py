"""Whose turn it is: pieces of work go on step by step, many at a time.

Sources take turns, so that one with much to say does not hold the others up. Within a source, who
has had a step waits behind those who have not. Works that have a key in common are done one behind
the other, in the order in which they came.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Collection, Hashable
from typing import Protocol


class Work(Protocol):
    """Something to be done in steps, none of which takes long."""

    @property
    def source(self) -> str: ...

    @property
    def keys(self) -> Collection[Hashable]:
        """What must be done in order; they stay the same."""
        ...

    async def step(self) -> float | None:
        """Do the next step. None: that was all; else it goes on in so many seconds. Raises
        nothing.
        """
        ...


class _Place:
    """A work in line. `ahead` works with a key of its must be done first."""

    __slots__ = ("ahead", "behind", "work")

    def __init__(self, work: Work) -> None:
        self.work = work
        self.ahead = 0
        self.behind: list[_Place] = []


class Turns:
    """Runs steps, `at_once` of them at a time."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._lines: OrderedDict[str, deque[_Place]] = OrderedDict()
        self._last: dict[Hashable, _Place] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False

    def add(self, work: Work) -> None:
        """Take on a work; its first step begins when it is its turn."""
        place = _Place(work)
        for key in work.keys:
            before = self._last.get(key)
            if before is not None:
                before.behind.append(place)
                place.ahead += 1
            self._last[key] = place
        if not place.ahead:
            self._line_up(place)

    async def stop(self, within_s: float) -> None:
        """Begin no further step, and wait for those under way."""
        self._stopped = True
        if self._running:
            await asyncio.wait(self._running, timeout=within_s)

    def _line_up(self, place: _Place) -> None:
        self._lines.setdefault(place.work.source, deque()).append(place)
        self._begin_steps()

    def _begin_steps(self) -> None:
        while self._free and self._lines and not self._stopped:
            source, line = self._lines.popitem(last=False)
            place = line.popleft()
            if line:
                self._lines[source] = line  # behind all other sources
            self._free -= 1
            task = asyncio.create_task(self._step(place))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _step(self, place: _Place) -> None:
        try:
            pause_s = await place.work.step()
        finally:
            self._free += 1
        if pause_s is None:
            self._leave(place)
        elif pause_s:
            asyncio.get_running_loop().call_later(pause_s, self._line_up, place)
        else:
            self._line_up(place)
        self._begin_steps()

    def _leave(self, place: _Place) -> None:
        for key in place.work.keys:
            if self._last.get(key) is place:
                del self._last[key]
        for each in place.behind:
            each.ahead -= 1
            if not each.ahead:
                self._line_up(each)
