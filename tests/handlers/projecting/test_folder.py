"""Folding batches: one change per row, one showing per touched key, states no more than needed."""

from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore
from domain.kernel.commit import Event, Recorded
from handlers.projecting.folder import Folder, Pile, by_key, combine, state_after
from handlers.projecting.shared_fold import by_stream
from projections.incident.timeline import TIMELINE
from support.read_models import CATALOG, ERASED, LINES, SIDES, TALLIES, Tally, Writer, moved, said


async def recorded(*history: tuple[str, Any]) -> list[Recorded[Event]]:
    store = MemoryEventStore()
    writer = Writer(store)
    for stream, event in history:
        await writer.write(stream, event)
    return [one async for batch in store.read() for one in batch]


async def test_the_last_change_of_a_row_is_the_only_one():
    log = await recorded(("talk.a", said("1")), ("talk.a", said("2")), ("talk.a", ERASED))
    folder = Folder(LINES)
    changes = folder.fold(folder.select(log))
    assert changes.rows["line"][("a", 1, 0)] is not None
    assert changes.rows["line"][("a", 2, 0)] is None
    assert changes.rows["latest"] == {("a",): ("a", "2", False, 0.2)}


async def test_commits_of_other_streams_are_not_ours():
    log = await recorded(("other.a", moved()), ("walk.a", moved()), ("walking.a", moved()))
    assert Folder(TALLIES).select(log) == {"a": [log[1]]}


async def test_a_key_with_several_streams_is_folded_in_the_order_of_the_log():
    streams = ("walk.a", "talk.a", "walk.b", "walk.a", "talk.a")
    log = await recorded(*((stream, moved()) for stream in streams))
    ours = by_key(TALLIES.follows, by_stream(log))
    assert {key: [one.position for one in commits] for key, commits in ours.items()} == {
        "a": [1, 2, 4, 5],
        "b": [3],
    }


async def test_a_commit_that_changes_no_state_changes_nothing():
    log = await recorded(("talk.a", said("no move")))
    folder = Folder(TALLIES)
    assert not folder.fold(folder.select(log))


async def test_states_are_asked_for_once_and_forgotten_beyond_capacity():
    log = await recorded(*((f"walk.{key}", moved()) for key in "abca"))
    folder = Folder(TALLIES, capacity=2)
    followed = folder.select(log)
    assert sorted(folder.find_unknown(followed)) == ["a", "b", "c"]
    folder.learn({"a": Tally(10, 1)})
    assert folder.fold(followed).rows["tally"] == {
        ("a",): ("a", 12, 3),
        ("b",): ("b", 1, 1),
        ("c",): ("c", 1, 1),
    }
    assert folder.find_unknown(followed) == ["a"], "the least recently touched went first"
    folder.forget()
    assert sorted(folder.find_unknown(followed)) == ["a", "b", "c"]


async def test_a_projection_without_states_never_asks_for_any():
    log = await recorded(("incident.a", moved()))
    folder = Folder(TIMELINE)
    assert folder.find_unknown(folder.select(log)) == []


async def test_a_state_follows_from_the_history_of_its_key():
    log = await recorded(("walk.a", moved(2)), ("talk.a", moved(3)))
    assert state_after(TALLIES, log) == Tally(5, 2)


async def test_rows_pile_up_in_log_order_and_each_key_is_shown_at_the_end():
    log = await recorded(("talk.a", said("1")), ("talk.a", ERASED), ("talk.a", moved(2)))
    lines, tallies = piles = [Pile(LINES), Pile(TALLIES)]
    folds = combine(piles)
    for one in log:
        for fold in folds:
            fold.fold(by_key(fold.projection.follows, by_stream([one])))
    rows, gone = lines.take("line")
    assert [row[:3] for row in rows] == [("a", 1, 0), ("a", 1, 0)]
    assert gone == [1]
    assert rows[1][3:] == (None,) * 5
    assert lines.take("line") == ([], [])
    assert tallies.take("tally") == ([], [])
    for fold in folds:
        fold.show(most=1)
    assert tallies.take("tally") == ([("a", 2, 1)], [])


async def test_a_state_that_was_shown_is_asked_for_when_its_key_comes_again():
    log = await recorded(*((f"walk.{key}", moved()) for key in "abc"))
    (fold,) = combine([Pile(TALLIES)])
    ours = by_key(TALLIES.follows, by_stream(log))
    assert fold.forgotten(ours) == []
    fold.fold(ours)
    fold.show(most=2)
    assert fold.forgotten(ours) == ["a", "b"]
    assert list(fold.states) == ["c"]


def test_projections_that_keep_the_same_states_are_folded_together():
    twice = [Pile(TALLIES), *map(Pile, CATALOG)]
    assert [len(fold.piles) for fold in combine(twice)] == [2, 1, 1]


async def test_what_stands_beside_a_projection_has_states_of_its_own():
    log = await recorded(("talk.a", moved(2)), ("walk.a", moved(3)), ("walk.a", moved(4)))
    folder = Folder(SIDES)
    talks, walks = folder.parts
    assert talks.fold(talks.select(log)).rows["side"] == {("talk.", "a"): ("talk.", "a", 2)}
    assert walks.fold(walks.select(log)).rows["side"] == {("walk.", "a"): ("walk.", "a", 7)}
    folder.forget()
    assert walks.find_unknown(walks.select(log)) == ["a"]


async def test_a_pile_is_whole_when_all_folds_have_ended_that_add_to_it():
    pile = Pile(SIDES)
    talks, walks = combine([pile])
    assert talks.end() == []
    assert walks.end() == [pile]
