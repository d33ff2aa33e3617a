"""Reading the log ahead of its user, and once for several users."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from domain.kernel.commit import Event, Recorded, Unreadable
from handlers.kernel.ports import Unavailable
from handlers.projecting.log_watch import Marks, check_place

Batch = list[Recorded[Event]]

AHEAD = 4  # batches waiting; the reader rests while there are so many
TOGETHER = 4_000  # commits handed over at once when the user is slower than the log
WINDOW = 16_000  # commits that a shared reading keeps for those who have not had them
REST_S, REST_BUSY_S = 0.01, 0.025
"""So long after a batch, and after one of more than `BUSY` commits, whatever comes behind it is
gathered: each batch costs every user some work, however small it is.
"""
BUSY = 32
PATIENCE_S = 1.0  # how long a shared reading waits for its slowest users


class Log(Marks, Protocol):
    """The part of an `EventStore` that a projector needs."""

    async def load(self, stream: str, after: int = 0) -> Batch:
        """As `EventStore.load`."""
        ...

    async def load_short(self, stream: str, most: int) -> Batch | None:
        """As `EventStore.load_short`."""
        ...

    async def outdated(
        self, upto: int, aside: Mapping[int, Unreadable], follows: tuple[str, ...]
    ) -> str | None:
        """As `EventStore.outdated`."""
        ...

    def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[Batch]:
        """As `EventStore.read`."""
        ...


@asynccontextmanager
async def closing(source: AsyncIterator[Batch]) -> AsyncIterator[AsyncIterator[Batch]]:
    """Give up what a reading holds, at once, however it is left."""
    try:
        yield source
    finally:
        if close := getattr(source, "aclose", None):
            await close()


class Moves:
    """Lets tasks wait for a condition that other tasks bring about, and tell of."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def tell(self) -> None:
        """Something changed: whoever waits looks again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds."""
        while not condition():
            await self._changed.wait()


class Reading:
    """Reads ahead in the background, so that the next batch arrives while the last one is being
    written; what has piled up meanwhile is handed over in one piece.
    """

    def __init__(self, source: AsyncIterator[Batch]) -> None:
        self._source = source
        self._waiting: asyncio.Queue[Batch | Exception] = asyncio.Queue(AHEAD)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def take(self, timeout_s: float) -> Batch | None:
        """All that has been read, or None if nothing came in time. Raises what the log raised."""
        try:
            async with asyncio.timeout(timeout_s):
                first = await self._waiting.get()
        except TimeoutError:
            return None
        if isinstance(first, Exception):
            raise first
        if self._waiting.empty():
            return first
        together = list(first)
        while len(together) < TOGETHER and not self._waiting.empty():
            following = self._waiting.get_nowait()
            if isinstance(following, Exception):
                # What came before it is good; it is met again on the next call.
                self._waiting.put_nowait(following)
                break
            together += following
        return together

    async def _read(self) -> None:
        try:
            async with closing(self._source) as batches:
                async for batch in batches:
                    await self._waiting.put(batch)
            await self._waiting.put(Unavailable("the log ended"))
        except Exception as error:  # noqa: BLE001 - raised again where it is taken
            await self._waiting.put(error)


class SharedLog:
    """A log that is fetched and decoded once for all who follow it from about the same place.

    Who lies behind the window of what was read last reads alone until it has come up. Who stays
    slow is left behind after `PATIENCE_S`, so that it holds nobody else up. What comes right behind
    a batch is gathered for a moment, unless somebody waits for it.
    """

    def __init__(self, store: Log) -> None:
        self._store = store
        self._window: deque[Batch] = deque()
        self._start = self._end = 0  # the window holds what lies behind `start`, up to `end`
        self._users: dict[object, int] = {}
        self._moved = Moves()
        self._task: asyncio.Task[None] | None = None
        self._waiting = 0
        self._awaited = asyncio.Event()

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Meanwhile nothing is gathered: somebody waits for what has been written."""
        self._waiting += 1
        self._awaited.set()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._awaited.clear()

    async def load(self, stream: str, after: int = 0) -> Batch:
        """As `EventStore.load`."""
        return await self._store.load(stream, after)

    async def load_short(self, stream: str, most: int) -> Batch | None:
        """As `EventStore.load_short`."""
        return await self._store.load_short(stream, most)

    async def mark(self, position: int) -> str | None:
        """As `EventStore.mark`."""
        return await self._store.mark(position)

    async def head(self) -> int:
        """As `EventStore.head`."""
        return await self._store.head()

    async def outdated(
        self, upto: int, aside: Mapping[int, Unreadable], follows: tuple[str, ...]
    ) -> str | None:
        """As `EventStore.outdated`."""
        return await self._store.outdated(upto, aside, follows)

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[Batch]:
        """As `EventStore.read`."""
        user, mark = object(), ""
        fetched_by: asyncio.Task[None] | None = None
        try:
            while follow:
                behind = self._task is not None and after < self._start
                if mark and (behind or fetched_by is not self._task):
                    # What was handed over last may be gone, and the log have grown past it since.
                    await check_place(self._store, after, mark)
                if behind:
                    self._users.pop(user, None)
                    async with closing(self._store.read(after, self._start)) as batches:
                        async for batch in batches:
                            yield batch
                            after, mark = batch[-1].position, batch[-1].mark
                    continue
                self._users[user] = after
                fetched_by, batch = await self._next(after)
                if batch:
                    yield batch
                    after, mark = batch[-1].position, batch[-1].mark
            async with closing(self._store.read(after, upto)) as batches:
                async for batch in batches:
                    yield batch
        finally:
            self._users.pop(user, None)
            if not self._users:
                await self._stop()

    async def _next(self, after: int) -> "tuple[asyncio.Task[None], Batch]":
        """What the window holds behind `after`, once it does; nothing if it has moved on. And who
        fetches it.
        """
        if self._task is None:
            self._window.clear()  # it may be that of another log
            self._start = self._end = after
            self._task = asyncio.create_task(self._fetch(after))
            self._task.add_done_callback(lambda _: self._moved.tell())
        task = self._task
        self._moved.tell()  # the fetching may wait for us
        await self._moved.until(lambda: self._end > after or self._start > after or task.done())
        if self._start > after:
            return task, []
        if self._task is task and (batch := self._behind(after)):
            return task, batch
        # Nothing more will come of this fetching; whoever is first to notice clears the way.
        if self._task is task:
            self._task = None
        if not task.done():
            return task, []
        task.result()
        raise Unavailable("the log ended")

    def _behind(self, after: int) -> Batch:
        """What the window holds behind `after`, the oldest first, up to `TOGETHER`: who has fallen
        behind small batches catches up by large ones. Looked for from the new end, where nearly all
        users stand, so that a full window costs them no more than an empty one.
        """
        found: list[Batch] = []
        for batch in reversed(self._window):
            if batch[-1].position <= after:
                break
            found.append(batch)
        if not found:
            return []
        first = found.pop()
        if first[0].position <= after:
            first = first[after + 1 - first[0].position :]
        if not found:
            return first
        together = list(first)
        while found and len(together) < TOGETHER:
            together += found.pop()
        return together

    async def _fetch(self, after: int) -> None:
        async with closing(self._store.read(after, follow=True)) as batches:
            async for batch in batches:
                await self._room()
                self._window.append(batch)
                self._end = batch[-1].position
                self._moved.tell()
                if not self._waiting:
                    await self._rest(REST_BUSY_S if len(batch) > BUSY else REST_S)

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awaited.wait()

    async def _room(self) -> None:
        """Drop the oldest batches until the window has room, once they were read by all."""
        while self._window and self._end - self._start >= WINDOW:
            oldest = self._window[0][-1].position
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await self._moved.until(partial(self._all_had, oldest))
            for user in [user for user, at in self._users.items() if at < oldest]:
                del self._users[user]
            self._window.popleft()
            self._start = oldest

    def _all_had(self, position: int) -> bool:
        return all(at >= position for at in self._users.values())

    async def _stop(self) -> None:
        task, self._task = self._task, None
        self._window.clear()
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
