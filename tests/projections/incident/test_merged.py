"""The timeline of a survivor has the rows of what was merged into it, for as long as it is part."""

from typing import Any

import pytest

from adapters.storage.memory.event_store import MemoryEventStore
from domain.incident import events as e
from domain.kernel.commit import Commit, Event, Recorded
from handlers.kernel.ports import Append
from handlers.queries.commits import histories_of
from handlers.queries.incidents import replay_incident
from projections.incident.merged import LEFT_OUT, merged_into, one_then, whole_timeline
from projections.incident.reading import read_for
from projections.incident.timeline import FOLLOWS, TIMELINE, TIMELINE_OF, TimelinePage
from projections.past import NOW, Cut
from projections.read_model import FOLDED_MOST, Found
from support.spec import at, declared, log_of, rows, staffed

Said = tuple[str, int, Event]
"""To which incident, recorded in which minute, what."""


def began(number: int, minute: int, title: str) -> e.Declared:
    first = declared(at_min=minute)
    given = {name: getattr(first, name) for name in first.__struct_fields__}
    return e.Declared(**{**given, "number": number, "title": title})


def noted(minute: int, text: str) -> e.NoteAdded:
    return e.NoteAdded(occurred_at=at(minute), text=text)


def merged(minute: int, one: int, into: int) -> list[Said]:
    attached = e.DuplicateAttached(
        occurred_at=at(minute), duplicate=f"i-{one}", duplicate_number=one
    )
    gone = e.Merged(occurred_at=at(minute), into=f"i-{into}", into_number=into)
    return [(f"i-{one}", minute, gone), (f"i-{into}", minute, attached)]


def unmerged(minute: int, one: int, out_of: int) -> list[Said]:
    words = {"occurred_at": at(minute), "reason": "another database"}
    back = e.Unmerged(out_of=f"i-{out_of}", out_of_number=out_of, **words)  # type: ignore[arg-type]
    left = e.DuplicateDetached(duplicate=f"i-{one}", duplicate_number=one, **words)  # type: ignore[arg-type]
    return [(f"i-{one}", minute, back), (f"i-{out_of}", minute, left)]


TWO: list[Said] = [
    ("i-1", 0, began(1, 0, "Search is slow")),
    ("i-2", 5, began(2, 5, "Database is slow")),
    ("i-1", 10, noted(10, "shards are cold")),
    ("i-2", 20, noted(20, "disk is full")),
    ("i-1", 25, noted(22, "shards are warm")),
    *merged(30, 1, 2),
]


async def log(said: list[Said]) -> MemoryEventStore:
    store, ends = MemoryEventStore(), dict[str, int]()
    for place, (id_, minute, event) in enumerate(said):
        stream = f"incident.{id_}"
        commit = Commit[Any](
            id=f"c{place}", actor="ada", correlation_id="c", recorded_at=at(minute), events=(event,)
        )
        ends[stream] = await store.append(Append(stream, ends.get(stream, 0), commit))
    return store


async def commits(said: list[Said], id_: str, cut: Cut = NOW) -> list[Recorded[Event]]:
    return await histories_of(await log(said), FOLLOWS, id_, cut, merged_into)


async def told(said: list[Said], id_: str, cut: Cut = NOW) -> list[tuple[str | None, str]]:
    known = await commits(said, id_, cut)
    found = whole_timeline(id_, known, cut, one_then(id_, known, cut)) or []
    assert found == (await replay_incident(await log(said), id_, cut)).timeline
    return [(line.origin, line.text) for line in found]


BOTH = [
    ("INC-1", "Incident declared SEV3: Search is slow"),
    (None, "Incident declared SEV3: Database is slow"),
    ("INC-1", "shards are cold"),
    (None, "disk is full"),
    ("INC-1", "shards are warm"),
    ("INC-1", "Merged into INC-2"),
    (None, "INC-1 turned out to be the same incident"),
]


async def test_rows_of_what_was_merged_stand_in_their_place_with_their_origin():
    found = await told(TWO, "i-2")
    assert [origin for origin, _ in found] == [origin for origin, _ in BOTH]
    assert [text for _, text in found][:5] == [text for _, text in BOTH][:5]
    assert all(origin is None for origin, _ in await told(TWO, "i-1")), "its own rows are its own"


async def test_before_the_merge_there_was_nothing_of_the_other_one():
    for cut in (Cut(as_of=at(29)), Cut(known_at=at(29)), Cut(as_of=at(29), known_at=at(29))):
        assert await told(TWO, "i-2", cut) == [BOTH[1], BOTH[3]]


async def test_after_an_unmerge_they_are_gone_and_were_there_by_the_time_of_knowing():
    said = [*TWO, ("i-1", 35, noted(35, "more of it")), *unmerged(40, 1, 2)]
    origins = {origin for origin, _ in await told(said, "i-2")}
    assert origins == {None}
    before = await told(said, "i-2", Cut(known_at=at(39)))
    assert [origin for origin, _ in before].count("INC-1") == 5
    assert ("INC-1", "shards are cold") in await told(said, "i-2", Cut(known_at=at(31)))
    again = [*said, *merged(50, 1, 2)]
    assert ("INC-1", "more of it") in await told(again, "i-2")


async def test_a_chain_of_merges_is_followed_to_its_end():
    said = [*TWO, ("i-3", 6, began(3, 6, "All is slow")), *merged(40, 2, 3)]
    origins = {origin for origin, _ in await told(said, "i-3")}
    assert origins == {None, "INC-1", "INC-2"}
    assert {origin for origin, _ in await told([*said, *unmerged(50, 1, 2)], "i-3")} == {
        None,
        "INC-2",
    }


async def test_a_merge_there_and_back_ends():
    """Looking back by occurrence, each may have been part of the other."""
    said = [*TWO, *unmerged(60, 1, 2), *merged(70, 2, 1)]
    for minute in range(0, 80, 10):
        for cut in (Cut(as_of=at(minute)), Cut(known_at=at(minute))):
            lines = await told(said, "i-2", cut)
            assert len(lines) == len(set(lines))


async def test_so_many_are_read_and_no_more():
    more: list[Said] = []
    for number in range(3, FOLDED_MOST + 20):
        more += [(f"i-{number}", 40, began(number, 31, f"t{number}")), *merged(41, number, 2)]
    found = await commits([*TWO, *more], "i-2")
    assert len({recorded.key for recorded in found}) == FOLDED_MOST


async def test_readers_see_the_origin_and_the_merge_once():
    said = [*TWO[:2], *(("i-1", 4, each) for each in staffed()), *TWO[2:]]
    found = read_for("i-2", "postmortem", await commits(said, "i-2"), NOW)
    assert found is not None
    assert [(row.origin, row.kind) for row in found.entries if row.event_id] == [
        ("INC-1", "declared"),
        ("INC-1", "role_assigned"),
        (None, "declared"),
        ("INC-1", "note_added"),
        (None, "note_added"),
        ("INC-1", "note_added"),
        (None, "duplicate_attached"),
    ]


async def test_rows_of_two_incidents_are_never_one_row():
    said = [*TWO[:2], ("i-1", 11, staffed()[0]), ("i-2", 11, staffed()[1]), *TWO[5:]]
    found = read_for("i-2", "responders", await commits(said, "i-2"), NOW)
    assert found is not None
    origins = [row.origin for row in found.entries if row.kind == "role_assigned"]
    assert sorted(origins, key=str) == ["INC-1", None]


@pytest.mark.parametrize("limit", range(1, 9))
async def test_pages_hold_each_row_once_and_in_order(limit: int):
    assert TIMELINE_OF.look_back is not None
    known, after, seen = await commits(TWO, "i-2"), None, []
    while True:
        asked = TimelinePage(id="i-2", limit=limit, after=after)
        then = list(TIMELINE_OF.look_back.past(asked, "i-2", known, NOW))
        page = TIMELINE_OF.answer(asked, Found(then), NOW)
        assert len(page.entries) <= limit
        seen += page.entries
        after = page.next
        if after is None:
            break
    assert seen == whole_timeline("i-2", known, NOW, one_then("i-2", known, NOW))


def test_a_merge_leaves_the_log_to_tell():
    survivor = log_of(declared(), merged(30, 7, 1)[1][2])
    assert [row["incident_id"] for row in rows(TIMELINE, survivor)["amended"]] == ["i-1"]
    assert not rows(TIMELINE, log_of(declared())).get("amended")


def texts(id_: str, known: list[Recorded[Event]]) -> list[str]:
    found = whole_timeline(id_, known, NOW, one_then(id_, known, NOW)) or []
    return [line.text for line in found]


async def test_what_is_left_out_is_said_in_the_line_of_its_merge():
    known = await commits(TWO, "i-2")
    read = [recorded for recorded in known if recorded.key != "i-1"]
    lines = texts("i-2", read)
    assert [line for line in lines if line.endswith(LEFT_OUT)] == [
        f"INC-1 turned out to be this incident{LEFT_OUT}"
    ]
    assert not any(LEFT_OUT in line for line in texts("i-2", known))


async def test_of_more_than_are_read_each_that_is_not_is_named():
    said = [("i-1", 0, began(1, 0, "one"))]
    for number in range(2, FOLDED_MOST + 6):
        said += [(f"i-{number}", 1, began(number, 1, "another")), *merged(2, number, 1)]
    lines = texts("i-1", await commits(said, "i-1"))
    assert len([line for line in lines if line.endswith(LEFT_OUT)]) == 5
