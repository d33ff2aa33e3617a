"""Folding batches: one change per row, one showing per touched key, states no more than needed."""

from typing import Any

from adapters.memory import MemoryEventStore
from domain.commit import Event, Recorded
from handlers.folding import Bulk, Folder, ours
from readmodels import ERASED, LINES, TALLIES, Talk, Tally, Writer, moved, said


async def recorded(*history: tuple[str, Any]) -> list[Recorded[Event]]:
    store = MemoryEventStore()
    writer = Writer(store)
    for stream, event in history:
        await writer.write(stream, event)
    return [one async for batch in store.read() for one in batch]


async def test_the_last_change_of_a_row_is_the_only_one():
    log = await recorded(("talk.a", said("1")), ("talk.a", said("2")), ("talk.a", ERASED))
    changes = Folder(LINES).fold(ours(LINES, log))
    assert changes.rows["line"][("a", 1, 0)] is not None
    assert changes.rows["line"][("a", 2, 0)] is None
    assert changes.rows["latest"] == {("a",): ("a", "2", False, 0.2)}
    assert changes.states == {"a": Talk(((1, 0),))}


async def test_commits_of_other_streams_are_not_ours():
    log = await recorded(("other.a", moved()), ("walk.a", moved()), ("walking.a", moved()))
    assert [(key, one.position) for key, one in ours(TALLIES, log)] == [("a", 2)]


async def test_a_commit_that_changes_no_state_changes_nothing():
    log = await recorded(("talk.a", said("no move")))
    folder = Folder(TALLIES)
    assert not folder.fold(ours(TALLIES, log))


async def test_states_are_asked_for_once_and_forgotten_beyond_capacity():
    log = await recorded(*((f"walk.{key}", moved()) for key in "abca"))
    folder = Folder(TALLIES, capacity=2)
    followed = ours(TALLIES, log)
    assert sorted(folder.unknown(followed)) == ["a", "b", "c"]
    folder.learn({"a": Tally(10, 1)})
    assert folder.fold(followed).states == {"a": Tally(12, 3), "b": Tally(1, 1), "c": Tally(1, 1)}
    assert folder.unknown(followed) == ["b"], "the least recently touched went first"
    folder.forget()
    assert sorted(folder.unknown(followed)) == ["a", "b", "c"]


async def test_a_bulk_fold_piles_rows_up_in_log_order_and_shows_at_the_end():
    log = await recorded(("talk.a", said("1")), ("talk.a", ERASED), ("talk.a", moved(2)))
    lines, tallies = Bulk(LINES), Bulk(TALLIES)
    for one in log:
        lines.fold(ours(LINES, [one]))
        tallies.fold(ours(TALLIES, [one]))
    rows, gone = lines.take("line")
    assert [row[:3] for row in rows] == [("a", 1, 0), ("a", 1, 0)]
    assert gone == [1]
    assert rows[1][3:] == (None,) * 5
    assert lines.take("line") == ([], [])
    assert tallies.take("tally") == ([], [])
    tallies.show(tallies.states.items())
    assert tallies.take("tally") == ([("a", 2, 1)], [])
