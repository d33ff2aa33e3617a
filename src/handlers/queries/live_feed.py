"""Wakes those who follow one stream: one reader of the log for all of them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable

import structlog

from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.projecting.shared_log import Log

RETRY_S = 0.5

log = structlog.get_logger()


class LiveFeed:
    """Follows the log from its head and tells the followers of a stream that it has grown.
    `changed` hears when the log is another one: of a log that has just grown nobody else may know.
    """

    def __init__(self, store: Log, changed: Callable[[LogChanged], None]) -> None:
        self._store, self._changed = store, changed
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._reading: dict[tuple[str, int, int], asyncio.Task[list[Recorded[Event]]]] = {}
        self._bells = 0
        self._ended = False

    def end(self) -> None:
        """Send all followers home: the service stops."""
        self._ended = True
        for stream in list(self._waiting):
            self._wake(stream)

    async def run(self) -> None:
        """Follow until cancelled. After an outage, or a commit that this version cannot read,
        everybody is woken, to look for themselves.
        """
        while True:
            try:
                async for batch in self._store.read(after=await self._store.head(), follow=True):
                    for stream in {recorded.stream for recorded in batch}:
                        self._wake(stream)
            except Unavailable as outage:
                log.warning("feed.unavailable", error=str(outage))
            except LogChanged as change:
                self._changed(change)
            except Exception:  # it only wakes: who reads what cannot be read will say so
                log.exception("feed.fault")
            await asyncio.sleep(RETRY_S)
            for stream in list(self._waiting):
                self._wake(stream)

    async def follow(
        self, stream: str, after: int, idle_s: float
    ) -> AsyncIterator[list[Recorded[Event]]]:
        """The commits of a stream behind `after`, until the service ends; an empty list when
        `idle_s` passed without news. Raises `Unavailable`.
        """
        bell = asyncio.Event()
        self._waiting[stream].add(bell)
        try:
            while not self._ended:
                bell.clear()
                news = await self._news(stream, after)
                if news:
                    after = news[-1].position
                    yield news
                    continue
                try:
                    async with asyncio.timeout(idle_s):
                        await bell.wait()
                except TimeoutError:
                    yield []
        finally:
            self._waiting[stream].discard(bell)
            if not self._waiting[stream]:
                del self._waiting[stream]

    async def _news(self, stream: str, after: int) -> list[Recorded[Event]]:
        """What is behind `after`. Those who were woken together read it once: a thousand followers
        of one incident are one question to the log.
        """
        key = (stream, after, self._bells)
        reading = self._reading.get(key)
        if reading is None:
            reading = asyncio.create_task(self._store.load(stream, after=after))
            self._reading[key] = reading
            reading.add_done_callback(lambda _: self._reading.pop(key))
        return await asyncio.shield(reading)

    def _wake(self, stream: str) -> None:
        self._bells += 1
        for bell in self._waiting.get(stream, ()):
            bell.set()
