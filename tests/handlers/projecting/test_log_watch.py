"""Who looks now and then whether the log is still the one that was read."""

import pytest
from structlog.testing import capture_logs

from adapters.storage.memory.event_store import MemoryEventStore
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.projecting.log_watch import LogWatch
from support.read_models import Writer, said


async def watched(store: MemoryEventStore) -> tuple[LogWatch, list[str]]:
    """Who watches a log, and the calls to forget what was made of it."""
    watch, forgotten = LogWatch(store), list[str]()
    watch.forget.append(lambda: forgotten.append("all"))
    await watch.look()
    return watch, forgotten


def noticed(watch: LogWatch) -> list[int]:
    """Up to where the log was read, for each change that is to be recorded."""
    return [watch.noticed.get_nowait().position for _ in range(watch.noticed.qsize())]


async def five() -> MemoryEventStore:
    store = MemoryEventStore()
    await Writer(store).write_all([("a.1", (said(str(n)),)) for n in range(5)])
    return store


async def test_a_log_that_grows_is_the_same_log():
    store = MemoryEventStore()
    writer = Writer(store)
    watch, forgotten = await watched(store)
    for n in range(3):
        await writer.write("a.1", said(str(n)))
        await watch.look()
    assert (forgotten, noticed(watch), watch.changes) == ([], [], 0)


async def test_a_log_that_is_shorter_is_noticed_once():
    store = await five()
    watch, forgotten = await watched(store)
    del store._log[3:]
    await watch.look()
    await watch.look()
    assert (forgotten, noticed(watch), watch.changes) == (["all"], [5], 1)


async def test_a_log_that_has_grown_past_its_old_end_is_another_one():
    store = await five()
    watch, _ = await watched(store)
    store._log[4] = store._log[0]
    await watch.look()
    assert noticed(watch) == [5]


@pytest.mark.parametrize("grown", [False, True], ids=["shorter", "longer than before"])
async def test_an_end_that_was_acknowledged_and_read_by_nobody_is_missed(grown: bool):
    store = await five()
    watch, forgotten = await watched(store)
    writer = Writer(store)
    for n in range(2):
        await writer.write(f"a.{n + 2}", said("unread"))
    lost = list(store._log[5:])
    del store._log[5:]
    store._log += store._log[:3] if grown else []
    await watch.look()
    await watch.look()
    assert (forgotten, noticed(watch), watch.changes) == (["all"], [lost[-1].position], 1)


async def test_what_was_acknowledged_and_could_not_be_looked_for_is_looked_for_later():
    store = await five()
    watch, _ = await watched(store)
    await Writer(store).write("a.2", said("unread"))
    down, store.mark = store.mark, refused
    with pytest.raises(Unavailable):
        await watch.look()
    store.mark = down
    del store._log[5:]
    await watch.look()
    assert noticed(watch) == [6]


async def refused(position: int) -> str | None:
    raise Unavailable(f"nobody says what stands at {position}")


async def test_what_several_notice_is_said_once_and_forgotten_by_all_each_time():
    store = await five()
    watch, forgotten = await watched(store)
    del store._log[3:]
    with capture_logs() as lines:
        for position in (5, 4):
            watch.report(LogChanged(position, "it ends at 3"))
        await watch.look()
    assert [line["event"] for line in lines] == ["log.changed"]
    assert (forgotten, noticed(watch), watch.changes) == (["all"] * 3, [5], 1)


async def test_what_is_lost_again_later_is_said_again():
    store = await five()
    watch, _ = await watched(store)
    for left in (3, 2):
        del store._log[left:]
        await watch.look()
        await watch.look()
    assert (noticed(watch), watch.changes) == ([5, 3], 2)


async def test_who_notices_late_notices_the_same_change_and_much_later_another_one():
    store, now = await five(), [0.0]
    watch = LogWatch(store, lambda: now[0])
    await watch.look()
    del store._log[3:]
    await watch.look()
    await watch.look()
    watch.report(LogChanged(5, "it ends at 3"))
    assert watch.changes == 1
    now[0] = 121.0
    watch.report(LogChanged(3, "it ends at 2"))
    assert watch.changes == 2
