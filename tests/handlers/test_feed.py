"""The feed only wakes: what it cannot read is no reason to end the service."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.memory import MemoryEventStore
from domain.commit import Event, Recorded
from handlers import feed
from handlers.feed import Feed
from readmodels import Writer, moved


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
    monkeypatch.setattr(feed, "RETRY_S", 0.01)
    store = Unreadable()
    writer, followed = Writer(store), Feed(store)
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
