"""The feed only wakes: what it cannot read is no reason to end the service."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.storage.memory.event_store import MemoryEventStore
from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import LogChanged
from handlers.projecting.log_watch import LogWatch
from handlers.queries import live_feed
from handlers.queries.live_feed import LiveFeed
from support.patience import PATIENT_S
from support.read_models import Writer, moved


class Unreadable(MemoryEventStore):
    """A log with something in it that this version cannot read, met once."""

    def __init__(self) -> None:
        super().__init__()
        self.met = asyncio.Event()

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[list[Recorded[Event]]]:
        if not self.met.is_set():
            self.met.set()
            raise AssertionError("a commit in the log that this version cannot read")
        async for batch in super().read(after, upto, follow=follow):
            yield batch


async def test_followers_hear_of_what_comes_behind_something_unreadable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live_feed, "RETRY_S", 0.01)
    store = Unreadable()
    writer, followed = Writer(store), LiveFeed(store, LogWatch(store).report)
    await writer.write("talk.a", moved())
    running = asyncio.create_task(followed.run())
    try:
        await store.met.wait()
        news = followed.follow("talk.a", after=1, idle_s=5)
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0.05)
        await writer.write("talk.a", moved())
        assert [it.position for it in await waiting] == [2]
        assert not running.done()
    finally:
        running.cancel()


class Cut(MemoryEventStore):
    """A log whose end is lost under whoever follows it, once."""

    lost = False

    async def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[list[Recorded[Event]]]:
        if not self.lost:
            self.lost = True
            raise LogChanged(9, "it ends at 3")
        async for batch in super().read(after, upto, follow=follow):
            yield batch


async def test_a_lost_end_that_nobody_else_has_read_is_reported() -> None:
    store, heard = Cut(), asyncio.Queue[LogChanged]()
    running = asyncio.create_task(LiveFeed(store, heard.put_nowait).run())
    try:
        async with asyncio.timeout(PATIENT_S):
            change = await heard.get()
    finally:
        running.cancel()
    assert change.position == 9


class Counted(MemoryEventStore):
    """A log that counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        self.asked += 1
        await asyncio.sleep(0.001)
        return await super().load(stream, after)


async def test_those_who_are_woken_together_ask_the_log_together() -> None:
    store = Counted()
    writer, followed = Writer(store), LiveFeed(store, LogWatch(store).report)
    running = asyncio.create_task(followed.run())
    seen: list[list[int]] = [[] for _ in range(100)]

    async def follow(mine: list[int]) -> None:
        async for news in followed.follow("talk.a", after=0, idle_s=5):
            mine += [it.position for it in news]

    try:
        async with asyncio.TaskGroup() as group:
            for mine in seen:
                group.create_task(follow(mine))
            for place in range(1, 11):
                await asyncio.sleep(0.02)
                await writer.write("talk.a", moved())
                async with asyncio.timeout(PATIENT_S):
                    while not all(mine and mine[-1] == place for mine in seen):  # noqa: ASYNC110
                        await asyncio.sleep(0.001)
            followed.end()
    finally:
        running.cancel()
    assert all(mine == list(range(1, 11)) for mine in seen)
    assert store.asked < 100, "and not a thousand times"
