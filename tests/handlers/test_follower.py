"""Who follows the log hears of all of it, from when it began on, whatever breaks meanwhile."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.storage.memory.event_store import MemoryEventStore
from handlers.follower import Follower
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.movement import Movement
from handlers.projecting.shared_fold import Commits
from support.patience import until
from support.read_models import Writer, moved


class Heard:
    """A log, and what is heard of it."""

    def __init__(self) -> None:
        self.store = MemoryEventStore()
        self.writer = Writer(self.store)
        self.positions: defaultdict[str, list[int]] = defaultdict(list)
        self.fail: dict[str, Exception] = {}
        self.changes: list[LogChanged] = []
        self.movement = Movement()

    async def handle(self, stream: str, commits: Commits) -> None:
        if (fault := self.fail.pop(stream, None)) is not None:
            raise fault
        self.positions[stream] += [each.position for each in commits]

    @asynccontextmanager
    async def following(self) -> AsyncIterator[Follower]:
        follower = Follower("walks", ["walk."], self.handle, self.movement, self.changes.append)
        begun = asyncio.Event()
        task = asyncio.create_task(follower.run(self.store, begun.set))
        await begun.wait()
        try:
            yield follower
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def write(self, *streams: str) -> None:
        for stream in streams:
            await self.writer.write(stream, moved())


async def test_it_hears_of_its_streams_from_when_it_began():
    heard = Heard()
    await heard.write("walk.a", "walk.a")
    async with heard.following() as follower:
        await heard.write("walk.a", "talk.a", "walk.b", "walk.a")
        await until(lambda: follower.place == 6)
    assert heard.positions == {"walk.a": [3, 6], "walk.b": [5]}


async def test_after_an_outage_it_goes_on_where_it_was():
    heard = Heard()
    async with heard.following() as follower:
        heard.fail["walk.a"] = Unavailable("the timers are away")
        await heard.write("walk.a", "walk.b")
        await until(lambda: follower.place == 2)
    assert heard.positions["walk.a"] == [1]
    assert 2 in heard.positions["walk.b"]


async def test_a_fault_at_one_stream_is_counted_and_keeps_no_other_back():
    heard = Heard()
    async with heard.following() as follower:
        heard.fail["walk.a"] = AssertionError("cannot happen")
        await heard.write("walk.a", "walk.b", "walk.a")
        await until(lambda: follower.place == 3)
    assert heard.positions["walk.b"] == [2]
    assert heard.movement.faults == {"walks": 1}


async def test_where_the_log_is_another_one_it_says_so_and_begins_anew():
    heard = Heard()
    async with heard.following() as follower:
        heard.fail["walk.a"] = LogChanged(1, "it ends at 0")
        await heard.write("walk.a")
        await until(lambda: bool(heard.changes))
        await until(lambda: follower.place == 1)
        await heard.write("walk.a")
        await until(lambda: follower.place == 2)
    assert heard.positions["walk.a"] == [2]
