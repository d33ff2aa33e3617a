"""Reading ahead, and reading once for several followers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from adapters.storage.memory.event_store import MemoryEventStore
from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.projecting import shared_log
from handlers.projecting.shared_log import Reading, SharedLog
from support.patience import PATIENT_S, until
from support.read_models import Writer, moved

Batch = list[Recorded[Event]]


class Counted(MemoryEventStore):
    """Counts commits read, and fails on demand."""

    def __init__(self) -> None:
        super().__init__()
        self.read_commits = 0
        self.readers = 0
        self.fail = asyncio.Event()

    async def read(self, after: int = 0, upto: int | None = None, *, follow: bool = False) -> Any:
        self.readers += 1
        try:
            async with aclosing(super().read(after, upto, follow=follow)) as batches:
                async for batch in batches:
                    if self.fail.is_set():
                        raise Unavailable("down")
                    self.read_commits += len(batch)
                    yield batch
        finally:
            self.readers -= 1


class Follower:
    """Follows from a position; checks that it is handed every commit once, in order."""

    def __init__(self, log: SharedLog, after: int = 0, pause_s: float = 0.0) -> None:
        self.position = after
        self.pause_s = pause_s
        self.task = asyncio.create_task(self._follow(log))

    async def _follow(self, log: SharedLog) -> None:
        async with aclosing(log.read(after=self.position, follow=True)) as batches:
            async for batch in batches:
                assert [r.position for r in batch] == list(
                    range(self.position + 1, self.position + 1 + len(batch))
                )
                self.position = batch[-1].position
                await asyncio.sleep(self.pause_s)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


async def write(store: MemoryEventStore, commits: int, writer: Writer | None = None) -> Writer:
    writer = writer or Writer(store)
    for _ in range(commits):
        await writer.write("walk.a", moved())
    return writer


async def test_who_has_fallen_behind_small_batches_is_handed_them_together():
    store = Counted()
    log = SharedLog(store)
    writer = await write(store, 1)
    quick = Follower(log)
    async with aclosing(log.read(after=0, follow=True)) as slow:
        assert len(await anext(slow)) == 1
        for number in range(2, 42):  # each is a batch of its own to who follows closely
            await write(store, 1, writer)
            await until(lambda number=number: quick.position == number)
        assert [each.position for each in await anext(slow)] == list(range(2, 42))
    await quick.stop()


async def test_what_comes_right_behind_a_batch_is_handed_over_together(monkeypatch):
    monkeypatch.setattr(shared_log, "REST_S", 0.05)
    store = Counted()
    log = SharedLog(store)
    writer = await write(store, 1)
    async with aclosing(log.read(after=0, follow=True)) as batches:
        assert len(await anext(batches)) == 1, "at once"
        for _ in range(9):
            await write(store, 1, writer)
            await asyncio.sleep(0)
        assert [each.position for each in await anext(batches)] == list(range(2, 11))


async def test_nothing_is_gathered_while_somebody_waits(monkeypatch):
    monkeypatch.setattr(shared_log, "REST_S", 2 * PATIENT_S)
    store = Counted()
    log = SharedLog(store)
    writer = await write(store, 1)
    follower = Follower(log)
    await until(lambda: follower.position == 1)
    await write(store, 1, writer)
    with log.awaited():
        with log.awaited():  # the rest that has begun ends as well
            await until(lambda: follower.position == 2)
        await write(store, 1, writer)
        await until(lambda: follower.position == 3)
        await write(store, 1, writer)
        await until(lambda: follower.position == 4)
    await follower.stop()


async def test_many_followers_cost_one_reading():
    store = Counted()
    writer = await write(store, 2500)
    log = SharedLog(store)
    followers = [Follower(log) for _ in range(5)]
    await until(lambda: all(f.position == 2500 for f in followers))
    await write(store, 100, writer)
    await until(lambda: all(f.position == 2600 for f in followers))
    assert store.read_commits == 2600
    for follower in followers:
        await follower.stop()
    assert store.readers == 0, "nobody reads for nobody"


async def test_who_comes_late_reads_alone_and_then_joins():
    store = Counted()
    writer = await write(store, 3000)
    log = SharedLog(store)
    first = Follower(log, after=2000)
    await until(lambda: first.position == 3000)
    late = Follower(log, after=500)
    await until(lambda: late.position == 3000)
    await write(store, 10, writer)
    await until(lambda: late.position == first.position == 3010)
    assert store.read_commits == 1000 + 1500 + 10
    assert store.readers == 1
    await first.stop()
    await write(store, 10, writer)
    await until(lambda: late.position == 3020)
    await late.stop()


async def test_who_is_slow_holds_up_nobody_for_long_and_misses_nothing(monkeypatch):
    monkeypatch.setattr(shared_log, "WINDOW", 2000)
    monkeypatch.setattr(shared_log, "PATIENCE_S", 0.3)
    store = Counted()
    await write(store, 9000)
    log = SharedLog(store)
    slow, fast = Follower(log, pause_s=2.0), Follower(log)
    await until(lambda: fast.position == 9000, within_s=1.2)
    assert slow.position < 9000
    slow.pause_s = 0.0
    await until(lambda: slow.position == 9000)
    await slow.stop()
    await fast.stop()


async def test_an_outage_reaches_every_follower_and_the_next_reading_works():
    store = Counted()
    writer = await write(store, 10)
    log = SharedLog(store)
    followers = [Follower(log) for _ in range(3)]
    await until(lambda: all(f.position == 10 for f in followers))
    store.fail.set()
    await write(store, 1, writer)
    ended = await asyncio.gather(*(f.task for f in followers), return_exceptions=True)
    assert [str(error) for error in ended] == ["down"] * 3
    store.fail.clear()
    again = [Follower(log, after=f.position) for f in followers]
    await until(lambda: all(f.position == 11 for f in again))
    for follower in again:
        await follower.stop()


async def test_a_bounded_reading_is_passed_on():
    store = Counted()
    await write(store, 1500)
    log = SharedLog(store)
    assert [len(batch) async for batch in log.read(after=100, upto=1300)] == [1000, 200]


async def test_what_piles_up_is_handed_over_together(monkeypatch):
    monkeypatch.setattr(shared_log, "TOGETHER", 1500)
    store = Counted()
    await write(store, 5000)
    async with Reading(store.read(follow=True)) as ahead:
        await until(lambda: store.read_commits >= 4000)
        sizes = [len(await ahead.take(1.0) or []) for _ in range(3)]
        assert sizes == [2000, 2000, 1000]
        assert await ahead.take(0.01) is None
    assert store.readers == 0


async def test_what_was_read_before_an_outage_is_handed_over_before_it_is_raised():
    async def source() -> AsyncIterator[Batch]:
        store = MemoryEventStore()
        await write(store, 3)
        async for batch in store.read():
            yield batch
        raise Unavailable("down")

    async with Reading(source()) as ahead:
        await asyncio.sleep(0.01)
        assert len(await ahead.take(1.0) or []) == 3
        with pytest.raises(Unavailable, match="down"):
            await ahead.take(1.0)


async def test_a_log_that_ends_is_an_outage_to_its_follower():
    store = MemoryEventStore()
    await write(store, 1)
    async with Reading(store.read()) as ahead:
        assert await ahead.take(1.0)
        with pytest.raises(Unavailable):
            await ahead.take(1.0)


async def put_back(store: Counted, left: int, head: int) -> None:
    """Only the first commits are there any more, and others have been written since."""
    others = Counted()
    writer = Writer(others)
    writer._count = 100
    await write(others, head, writer)
    store.fail.set()
    await Writer(store).write("talk.a", moved())  # whoever follows hears that the log is away
    await asyncio.sleep(0.01)
    store._log[left:] = others._log[left:]
    store.fail.clear()


async def test_who_was_busy_while_the_log_was_put_back_does_not_miss_it():
    """By the time it asks for more, somebody else follows the new log, grown past the old end."""
    store = Counted()
    await write(store, 5)
    log = SharedLog(store)
    busy = log.read(follow=True)
    assert [each.position for each in await anext(busy)] == [1, 2, 3, 4, 5]
    awake = Follower(log, 5)
    await asyncio.sleep(0.01)
    await put_back(store, 3, 7)
    assert isinstance(awake.task.exception(), Unavailable)
    other = Follower(log, 0)
    await until(lambda: other.position == 7)
    with pytest.raises(LogChanged):
        await anext(busy)
    await other.stop()


async def test_what_was_read_of_the_former_log_is_handed_to_nobody():
    store = Counted()
    await write(store, 5)
    log = SharedLog(store)
    former, asleep = Follower(log), log.read(follow=True)
    await anext(asleep)
    await until(lambda: former.position == 5)
    await put_back(store, 3, 7)
    await former.stop()
    handed: list[Recorded[Event]] = []
    async with aclosing(log.read(follow=True)) as batches:
        async for batch in batches:
            handed += batch
            if len(handed) >= 7:
                break
    assert [each.mark for each in handed] == [each.mark for each in store._log]
    await asleep.aclose()
