"""What every event store must do."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import structs

from domain.incident.events import NoteAdded, Resolved
from domain.kernel.commit import Commit, Recorded
from handlers.kernel.ports import Append, Conflict, LogChanged
from support.patience import PATIENT_S

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def commit(name: str, *texts: str) -> Commit[Any]:
    events = tuple(NoteAdded(occurred_at=NOON, text=text) for text in texts or (name,))
    return Commit(id=name, actor="ada", correlation_id="c", recorded_at=NOON, events=events)


async def everything(store: Any, **bounds: Any) -> list[Recorded[Any]]:
    return [recorded async for batch in store.read(**bounds) for recorded in batch]


async def test_what_was_appended_is_loaded_whole(log):
    stream = log.stream("a")
    written = Commit(
        id="1",
        actor="ada@example.com",
        correlation_id="corr",
        causation_id="cause",
        fingerprint="f00",
        recorded_at=NOON,
        events=(
            NoteAdded(occurred_at=NOON, text='quotes " and\nlines and \u00fcml\u00e4uts'),
            Resolved(occurred_at=NOON, resolution="rolled back"),
        ),
    )
    position = await log.store.append(Append(stream, 0, written))
    assert await log.store.load(stream) == [Recorded(position, stream, written)]


async def test_a_stream_that_was_never_written_is_empty(log):
    assert await log.store.load(log.stream("nothing")) == []


async def test_load_gives_only_what_is_behind_a_position(log):
    stream, position, positions = log.stream("a"), 0, []
    for n in range(5):
        position = await log.store.append(Append(stream, position, commit(str(n))))
        positions.append(position)
    tail = await log.store.load(stream, after=positions[2])
    assert [recorded.commit.id for recorded in tail] == ["3", "4"]
    assert await log.store.load(stream, after=positions[4]) == []


async def test_the_last_write_that_was_acknowledged_is_taken_once_with_its_mark(log):
    store, stream = log.store, log.stream("a")
    assert store.take_written() == []
    position = await store.append(Append(stream, 0, commit("1")))
    position = await store.append(Append(stream, position, commit("2")))
    assert store.take_written() == [(position, await store.mark(position))]
    assert store.take_written() == []
    others = [Append(log.stream(name), 0, commit(name)) for name in "bc"]
    *_, last = await store.append_together(others)
    with pytest.raises(Conflict):
        await store.append(Append(stream, 0, commit("late")))
    assert store.take_written() == [(last, await store.mark(last))]


async def test_a_writer_that_is_behind_conflicts_and_writes_nothing(log):
    stream = log.stream("a")
    first = await log.store.append(Append(stream, 0, commit("1")))
    await log.store.append(Append(stream, first, commit("2")))
    with pytest.raises(Conflict):
        await log.store.append(Append(stream, first, commit("late")))
    assert [r.commit.id for r in await log.store.load(stream)] == ["1", "2"]


async def test_expecting_an_empty_stream_conflicts_when_it_is_not(log):
    stream = log.stream("a")
    await log.store.append(Append(stream, 0, commit("1")))
    with pytest.raises(Conflict):
        await log.store.append(Append(stream, 0, commit("2")))


async def test_expecting_more_than_there_is_conflicts(log):
    with pytest.raises(Conflict):
        await log.store.append(Append(log.stream("a"), 7, commit("1")))


async def test_of_many_writers_at_once_exactly_one_wins(log):
    stream = log.stream("a")
    writes = [log.store.append(Append(stream, 0, commit(str(n)))) for n in range(20)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19
    assert len(await log.store.load(stream)) == 1


@pytest.mark.parametrize("expecting", ["what it expected first", "where the stream ends now"])
async def test_a_commit_written_twice_is_in_the_log_once(log, expecting):
    stream = log.stream("a")
    position = await log.store.append(Append(stream, 0, commit("1")))
    expected = 0 if expecting == "what it expected first" else position
    with pytest.raises(Conflict):
        await log.store.append(Append(stream, expected, commit("1")))
    assert len(await log.store.load(stream)) == 1


async def test_one_commit_id_may_be_written_to_two_streams(log):
    for name in ("a", "b"):
        await log.store.append(Append(log.stream(name), 0, commit("1")))
        assert len(await log.store.load(log.stream(name))) == 1


async def test_streams_with_similar_names_are_separate(log):
    names = ["a", "a-", "A", "a_1", "aa"]
    for name in names:
        await log.store.append(Append(log.stream(name), 0, commit(f"of {name}")))
    for name in names:
        loaded = await log.store.load(log.stream(name))
        assert [recorded.commit.id for recorded in loaded] == [f"of {name}"]


async def test_commits_written_together_are_adjacent_and_in_order(log):
    held = await log.store.append(Append(log.stream("b"), 0, commit("0")))
    writes = [
        Append(log.stream("a"), 0, commit("1")),
        Append(log.stream("b"), held, commit("1")),
        Append(log.stream("c"), 0, commit("1")),
    ]
    positions = await log.store.append_together(writes)
    assert positions == [held + 1, held + 2, held + 3]
    for write, position in zip(writes, positions, strict=True):
        assert (await log.store.load(write.stream))[-1].position == position


@pytest.mark.parametrize("loser", [0, 1, 2])
async def test_of_commits_written_together_none_remains_when_one_conflicts(log, loser):
    streams = [log.stream(name) for name in "abc"]
    held = await log.store.append(Append(streams[loser], 0, commit("there first")))
    with pytest.raises(Conflict):
        await log.store.append_together([Append(stream, 0, commit("1")) for stream in streams])
    assert [r.commit.id for r in await everything(log.store)] == ["there first"]
    writes = [
        Append(stream, held if n == loser else 0, commit("2")) for n, stream in enumerate(streams)
    ]
    assert await log.store.append_together(writes) == [held + 1, held + 2, held + 3]


async def test_commits_written_together_twice_are_in_the_log_once(log):
    writes = [Append(log.stream(name), 0, commit("1")) for name in "ab"]
    await log.store.append_together(writes)
    with pytest.raises(Conflict):
        await log.store.append_together(writes)
    assert await log.store.head() == 2


async def test_writing_together_none_or_one_is_the_same_as_writing(log):
    assert await log.store.append_together([]) == []
    write = Append(log.stream("a"), 0, commit("1"))
    assert await log.store.append_together([write]) == [1]
    with pytest.raises(Conflict):
        await log.store.append_together([write])


async def test_two_commits_of_one_batch_cannot_go_to_one_stream(log):
    with pytest.raises(ValueError, match="another stream"):
        await log.store.append_together(
            [Append(log.stream("a"), 0, commit("1")), Append(log.stream("a"), 0, commit("2"))]
        )


async def test_a_batch_of_two_hundred_commits_goes_in_whole(log):
    writes = [Append(log.stream(n), 0, commit("1", "x" * 1000)) for n in range(200)]
    assert await log.store.append_together(writes) == list(range(1, 201))


async def test_many_events_in_one_commit_come_back_in_order(log):
    texts = [str(n) for n in range(1000)]
    await log.store.append(Append(log.stream("a"), 0, commit("1", *texts)))
    (recorded,) = await log.store.load(log.stream("a"))
    assert [event.text for event in recorded.commit.events] == texts


@pytest.mark.parametrize(
    "name", ["incident", "incident.*", "incident.>", "incident.a b", "incident.a\r\n", "a.b.c", "."]
)
async def test_what_is_not_a_stream_name_is_refused(log, name):
    with pytest.raises(ValueError, match="not a stream name"):
        await log.store.append(Append(name, 0, commit("1")))
    with pytest.raises(ValueError, match="not a stream name"):
        await log.store.load(name)


@pytest.mark.parametrize("id_", ["ticket:01a2-7370", "action_item:check-out_2"])
async def test_the_ledger_of_anything_is_a_stream(log, id_):
    stream = log.stream(id_)
    await log.store.append(Append(stream, 0, commit("1", "told")))
    assert len(await log.store.load(stream)) == 1


async def test_a_stream_of_1200_commits_loads_whole_and_in_order(log):
    stream, position = log.stream("long"), 0
    for n in range(1200):
        position = await log.store.append(Append(stream, position, commit(str(n))))
        if n % 3 == 0:
            await log.store.append(Append(log.stream(f"other{n}"), 0, commit("x")))
    loaded = await log.store.load(stream)
    assert [recorded.commit.id for recorded in loaded] == [str(n) for n in range(1200)]
    assert loaded[-1].position == position


async def test_a_short_load_is_whole_or_none(log):
    stream, position = log.stream("a"), 0
    for n in range(4):
        assert await log.store.load_short(stream, 3) == await log.store.load(stream)
        position = await log.store.append(Append(stream, position, commit(str(n))))
    assert await log.store.load_short(stream, 3) is None
    assert await log.store.load_short(stream, 4) == await log.store.load(stream)


async def test_one_commit_is_found_by_its_place_in_its_own_stream_alone(log):
    stream, other = log.stream("a"), log.stream("b")
    first = await log.store.append(Append(stream, 0, commit("1")))
    await log.store.append(Append(other, 0, commit("2")))
    last = await log.store.append(Append(stream, first, commit("3")))
    found = [await log.store.commit_at(stream, position) for position in (first, last)]
    assert found == await log.store.load(stream)
    for position in (first + 1, last + 1):
        assert await log.store.commit_at(stream, position) is None


async def test_a_load_sees_every_append_that_was_acknowledged_before_it(log):
    stream, position = log.stream("a"), 0
    for n in range(200):
        position = await log.store.append(Append(stream, position, commit(str(n))))
        assert (await log.store.load(stream, after=position - 1))[-1].position == position


async def test_the_head_is_the_position_of_the_last_commit(log):
    assert await log.store.head() == 0
    position = await log.store.append(Append(log.stream("a"), 0, commit("1")))
    assert position == await log.store.head() == 1


async def test_the_whole_log_is_read_in_order_without_gaps(log):
    async def write(name: int) -> None:
        position = 0
        for n in range(150):
            position = await log.store.append(Append(log.stream(name), position, commit(str(n))))

    await asyncio.gather(*(write(name) for name in range(20)))
    read = await everything(log.store)
    assert [recorded.position for recorded in read] == list(range(1, 3001))
    for name in range(20):
        mine = [
            structs.replace(recorded, body=None)
            for recorded in read
            if recorded.stream == log.stream(name)
        ]
        assert mine == await log.store.load(log.stream(name))


async def test_reading_starts_behind_a_position_and_ends_at_another(log):
    for n in range(10):
        await log.store.append(Append(log.stream(n), 0, commit("1")))
    assert [r.position for r in await everything(log.store, after=3, upto=7)] == [4, 5, 6, 7]
    assert [r.position for r in await everything(log.store, after=8)] == [9, 10]
    assert await everything(log.store, after=10) == []
    assert await everything(log.store, upto=0) == []


async def test_an_empty_log_is_read_to_its_end_at_once(log):
    async with asyncio.timeout(PATIENT_S):
        assert await everything(log.store) == []


async def test_reading_up_to_a_position_still_to_come_waits_for_it(log):
    reading = asyncio.create_task(everything(log.store, upto=2))
    for n in range(3):
        await asyncio.sleep(0.05)
        await log.store.append(Append(log.stream(n), 0, commit("1")))
    async with asyncio.timeout(PATIENT_S):
        assert [recorded.position for recorded in await reading] == [1, 2]


async def test_a_follower_sees_what_is_there_and_what_comes(log):
    await log.store.append(Append(log.stream("a"), 0, commit("before")))
    seen: list[str] = []
    async with asyncio.timeout(PATIENT_S), aclosing(log.store.read(follow=True)) as batches:
        async for batch in batches:
            seen += [recorded.commit.id for recorded in batch]
            if len(seen) == 4:
                break
            await log.store.append(Append(log.stream(len(seen)), 0, commit(f"after {len(seen)}")))
    assert seen == ["before", "after 1", "after 2", "after 3"]


async def test_a_follower_that_is_slow_misses_nothing(log):
    async def write(name: int) -> None:
        position = 0
        for n in range(400):
            position = await log.store.append(Append(log.stream(name), position, commit(str(n))))

    writing = asyncio.gather(*(write(name) for name in range(16)))
    read = 0
    async with asyncio.timeout(PATIENT_S), aclosing(log.store.read(follow=True)) as batches:
        async for batch in batches:
            read += len(batch)
            if read == 6400:
                break
            await asyncio.sleep(0.01)
    await writing
    assert read == 6400


async def test_reading_behind_the_end_of_the_log_says_that_it_is_another_one(log):
    """A position that the log has not reached was taken from another log."""
    await log.store.append(Append(log.stream("a"), 0, commit("1")))
    with pytest.raises(LogChanged, match="ends at 1"):
        await everything(log.store, after=5)


async def test_a_mark_tells_what_stands_at_a_position(log):
    for name in ("1", "2"):
        await log.store.append(Append(log.stream(name), 0, commit(name)))
    read = await everything(log.store)
    assert [await log.store.mark(at) for at in (0, 1, 2)] == ["", read[0].mark, read[1].mark]
    assert read[0].mark != read[1].mark
    assert await log.store.mark(3) is None
