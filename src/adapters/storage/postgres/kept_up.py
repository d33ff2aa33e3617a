"""Answers that are kept up: the rows that they are made of stand in memory, so that after a change
only what has changed is asked for.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import structlog

from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Unbuilt
from projections.read_model import KeptUp, Running

ROWS_MOST = 200_000
"""Of more rows, memory would hold too much; the database answers."""
CHANGED_MOST = 500
"""After more changes at once the answers are prepared anew."""
PAGE = 1_000
ASKED_MOST = 64

Rows = Callable[[int, int], Awaitable[list[Any]]]
"""Rows behind a position, and how many at most."""

log = structlog.get_logger(__name__)


class KeptUpAnswers:
    """Those to one question, for who asks the same again after a change. The first time, while all
    is being prepared, and where too much has changed, it has none: the database is asked.

    `build` tells the tables from those that have been rebuilt: then rows may have gone.
    """

    def __init__(
        self, kept_up: KeptUp, rows: Rows, build: Callable[[], Awaitable[Hashable]]
    ) -> None:
        self._begin = kept_up.begin
        self._changed = rows
        self._build = build
        self._asked: OrderedDict[Hashable, None] = OrderedDict()
        self._running: Running | None = None
        self._built: Hashable = None
        self._too_many = False
        self._place = 0
        self._turn = asyncio.Lock()
        self._preparing: asyncio.Task[None] | None = None

    async def find(self, asked: Hashable) -> list[Any] | None:
        """The answer of the rows as they are now, or none. Raises `Unavailable`, `Unbuilt`."""
        if not self._is_asked_again(asked) or self.is_preparing:
            return None
        async with self._turn:
            answer = await self._answer(asked)
            too_many = self._too_many and await self._is_built()
        if answer is None and not (too_many or self.is_preparing):
            self._preparing = asyncio.create_task(self._prepare(asked), name="answers kept up")
        return answer

    @property
    def is_preparing(self) -> bool:
        """Whether it gets ready to answer."""
        return self._preparing is not None and not self._preparing.done()

    def _is_asked_again(self, asked: Hashable) -> bool:
        known = asked in self._asked
        self._asked[asked] = None
        self._asked.move_to_end(asked)
        if len(self._asked) > ASKED_MOST:
            self._asked.popitem(last=False)
        return known

    async def _answer(self, asked: Hashable) -> list[Any] | None:
        running = self._running
        if running is None or not running.is_prepared(asked):
            return None
        changed = await self._changed(self._place, CHANGED_MOST + 1)
        if not await self._is_built():
            return None
        if len(changed) > CHANGED_MOST:
            running.unprepare()
        self._take(running, changed)
        return running.answer(asked) if running.is_prepared(asked) else None

    async def _prepare(self, asked: Hashable) -> None:
        try:
            async with self._turn:
                await self._read_all()
                if self._running is not None:
                    for _ in self._running.prepare(asked):
                        await asyncio.sleep(0)
        except (Unavailable, Unbuilt) as outage:
            log.debug("answers.not_kept_up", reason=str(outage))

    async def _read_all(self) -> None:
        if not await self._is_built() or self._running is None:
            self._running, self._place = self._begin(), 0
        running, page = self._running, [None] * PAGE
        while len(page) == PAGE and len(running) <= ROWS_MOST:
            page = await self._changed(self._place, PAGE)
            self._take(running, page)
        # What was read meanwhile may be of tables that replaced those.
        if await self._is_built() and len(running) > ROWS_MOST:
            self._running, self._too_many = None, True

    async def _is_built(self) -> bool:
        """Whether the rows are still of the same tables; if not, none is known."""
        built = await self._build()
        if built == self._built:
            return True
        self._running, self._built, self._too_many = None, built, False
        return False

    def _take(self, running: Running, rows: list[Any]) -> None:
        if rows:
            running.put(rows)
            self._place = rows[-1].position
