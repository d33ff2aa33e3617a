"""A commit is folded once by all who evolve by the same function, and only that very commit."""

from typing import Any

import msgspec

from adapters.storage.memory.event_store import MemoryEventStore
from domain.kernel.commit import Event, Recorded
from handlers.projecting import shared_fold
from handlers.projecting.folder import Folder
from handlers.projecting.shared_fold import SharedFolds, by_stream
from support.read_models import TALLIES, Writer, moved

MOVES = 5


async def log_of(amount: int, commits: int = MOVES) -> list[Recorded[Event]]:
    store = MemoryEventStore()
    writer = Writer(store)
    for _ in range(commits):
        await writer.write("walk.a", moved(amount))
    return [one async for batch in store.read() for one in batch]


class Folds:
    """Two projections that evolve by one function, which counts its calls."""

    def __init__(self) -> None:
        self.calls = 0
        shared = SharedFolds()
        projection = msgspec.structs.replace(TALLIES, evolve=self._evolve)
        self.folders = [Folder(projection, shared=shared) for _ in range(2)]

    def _evolve(self, state: Any, recorded: Recorded[Event]) -> Any:
        self.calls += 1
        return TALLIES.evolve(state, recorded)

    def totals(self, *logs: list[Recorded[Event]]) -> list[Any]:
        """What each makes of a log of its own."""
        changes = [
            folder.fold(folder.select(log)) for folder, log in zip(self.folders, logs, strict=True)
        ]
        return [change.rows["tally"]["a",][1] for change in changes]


async def test_two_that_evolve_alike_fold_a_commit_once():
    folds, log = Folds(), await log_of(3)
    assert folds.totals(log, log) == [15, 15]
    assert folds.calls == MOVES


async def test_what_stands_at_the_same_position_of_another_log_is_another_commit():
    folds = Folds()
    assert folds.totals(await log_of(3), await log_of(4)) == [15, 20]
    assert folds.calls == 2 * MOVES


async def test_who_comes_late_folds_alone(monkeypatch):
    monkeypatch.setattr(shared_fold, "REMEMBERED", 2)
    folds, log = Folds(), await log_of(3)
    assert folds.totals(log, log) == [15, 15]
    assert folds.calls == 2 * MOVES, "by then, others are at hand"


async def test_the_streams_of_a_batch_are_sorted_once_and_those_of_another_anew():
    shared, log, other = SharedFolds(), await log_of(3), await log_of(4)
    first = shared.by_stream(log)
    assert first == by_stream(log)
    assert shared.by_stream(list(log)) is first
    assert shared.by_stream(log[1:]) == by_stream(log[1:])
    assert shared.by_stream(other) == by_stream(other)
    assert shared.by_stream([]) == {}
