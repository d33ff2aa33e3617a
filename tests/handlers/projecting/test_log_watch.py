"""Who looks now and then whether the log is still the one that was read."""

from adapters.storage.memory.event_store import MemoryEventStore
from handlers.kernel.ports import LogChanged
from handlers.projecting.log_watch import LogWatch
from support.read_models import Writer, said


async def watched(store: MemoryEventStore) -> tuple[LogWatch, list[int]]:
    watch, told = LogWatch(store), list[int]()

    async def forget(change: LogChanged) -> None:
        told.append(change.position)

    watch.forget.append(forget)
    await watch.look()
    return watch, told


async def test_a_log_that_grows_is_the_same_log():
    store = MemoryEventStore()
    writer = Writer(store)
    watch, told = await watched(store)
    for n in range(3):
        await writer.write("a.1", said(str(n)))
        await watch.look()
    assert (told, watch.changes) == ([], 0)


async def test_a_log_that_is_shorter_is_told_of_once():
    store = MemoryEventStore()
    await Writer(store).write_all([("a.1", (said(str(n)),)) for n in range(5)])
    watch, told = await watched(store)
    del store._log[3:]
    await watch.look()
    await watch.look()
    assert (told, watch.changes) == ([5], 1)


async def test_a_log_that_has_grown_past_its_old_end_is_another_one():
    store = MemoryEventStore()
    await Writer(store).write_all([("a.1", (said(str(n)),)) for n in range(5)])
    watch, told = await watched(store)
    store._log[4] = store._log[0]
    await watch.look()
    assert told == [5]
