"""What a projector says of itself."""

import asyncio
from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore
from handlers.kernel.ports import Unavailable
from handlers.projecting import projector
from handlers.projecting.projector import Place, Projector
from projections.registry import ALL


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

    async def release(self) -> None:
        pass


async def test_who_cannot_ask_the_log_waits_and_does_not_say_in_between_that_it_follows(
    monkeypatch: Any,
):
    monkeypatch.setattr(projector, "BACKOFF_S", (0.0,))
    rows: Any = FreeRows()
    one: Projector[Any] = Projector(ALL[0], AwayLog(), rows, build)
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
