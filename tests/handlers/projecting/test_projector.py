"""What a projector says of itself."""

import asyncio
from contextlib import suppress
from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore
from domain.kernel.commit import mark_of
from handlers.kernel.ports import LogChanged, Unavailable
from handlers.projecting import projector
from handlers.projecting.folder import Folder
from handlers.projecting.projector import Place, Projector
from projections.registry import ALL
from support.read_models import Writer, said


class AwayLog(MemoryEventStore):
    """Cannot be asked."""

    async def head(self) -> int:
        raise Unavailable("not connected")


class FreeRows:
    """Rows that can be claimed, again and again."""

    def __init__(self) -> None:
        self.claims = 0

    async def claim(self) -> Place:
        self.claims += 1
        return Place(0, 1)

    async def reached(self) -> int:
        return 0

    async def release(self) -> None:
        pass


async def test_who_cannot_ask_the_log_waits_and_does_not_say_in_between_that_it_follows(
    monkeypatch: Any,
):
    monkeypatch.setattr(projector, "BACKOFF_S", (0.0,))
    rows: Any = FreeRows()
    one: Projector[Any] = Projector(Folder(ALL[0]), AwayLog(), rows, build)
    said = []
    note = one._note
    monkeypatch.setattr(one, "_note", lambda *args: (said.append(args), note(*args)))
    running = asyncio.create_task(one.run())
    while rows.claims < 3:  # noqa: ASYNC110 - it is the loop that is watched
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert set(said) == {("waiting", "not connected")}


async def build(_: Any) -> None:
    raise AssertionError("there is nothing to build")


class AtHead(FreeRows):
    """Rows as of a position, with what stood there."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place

    async def claim(self) -> Place:
        self.claims += 1
        return self.place


async def reported(place: Place, commits: int = 3) -> list[LogChanged]:
    """What a projector with rows at a place says of a log with so many commits."""
    store = MemoryEventStore()
    await Writer(store).write_all([("a.1", (said(str(n)),)) for n in range(commits)])
    found: list[LogChanged] = []
    seen = asyncio.Event()

    async def changed(change: LogChanged) -> None:
        found.append(change)
        seen.set()
        await asyncio.sleep(3600)

    rows: Any = AtHead(place)
    running = asyncio.create_task(Projector(Folder(ALL[0]), store, rows, build, changed).run())
    with suppress(TimeoutError):
        await asyncio.wait_for(seen.wait(), 0.2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return found


async def test_rows_of_what_does_not_stand_in_the_log_are_not_built_upon():
    [beyond] = await reported(Place(4, 1))
    assert "ends at 3" in str(beyond)
    [other] = await reported(Place(2, 1, mark_of(2, b"another commit")))
    assert "something else stands there" in str(other)


async def test_rows_of_an_older_release_say_nothing_of_what_stood_there():
    assert await reported(Place(2, 1)) == []
    assert await reported(Place(2, 1, mark_of(1, b"written before the place was moved"))) == []
