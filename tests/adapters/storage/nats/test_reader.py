"""The reader gives every message once, in order, whatever happens to its consumer."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from adapters.storage.nats.jetstream import handed_out
from adapters.storage.nats.reader import LogReader
from handlers.kernel.ports import LogChanged
from support.patience import PATIENT_S, eventually, until


async def fill(requests, stream, count, body=b"x", start=0):
    subjects = [f"{stream}.{n}" for n in range(start, start + count)]
    step = 500 if len(body) < 10_000 else 5  # what one server takes in at once
    for at in range(0, count, step):
        await asyncio.gather(*(requests.ask(subject, body) for subject in subjects[at : at + step]))


async def positions(reader, **bounds):
    return [position async for batch in reader.read(**bounds) for position, _, _ in batch]


async def test_a_missing_position_stops_the_reader_loudly(requests, admin, stream):
    await fill(requests, stream, 10)
    await admin.jetstream().delete_msg(stream, 5)
    with pytest.raises(AssertionError, match="gap"):
        await positions(LogReader(requests, stream))


async def test_a_missing_first_position_stops_the_reader_loudly(requests, admin, stream):
    await fill(requests, stream, 10)
    await admin.jetstream().delete_msg(stream, 1)
    with pytest.raises(AssertionError, match="gap"):
        await positions(LogReader(requests, stream))


async def test_positions_subjects_and_bodies_belong_together(requests, stream):
    for n in range(3):
        await requests.ask(f"{stream}.s{n}", f"body {n}".encode())
    read = [raw async for batch in LogReader(requests, stream).read() for raw in batch]
    assert read == [(n + 1, f"{stream}.s{n}", f"body {n}".encode()) for n in range(3)]


async def test_more_than_all_pulls_in_flight_can_hold_is_read_whole(requests, stream):
    await fill(requests, stream, 12_000)
    assert await positions(LogReader(requests, stream)) == list(range(1, 12_001))


async def test_more_bytes_than_a_pull_may_bring_are_read_whole(requests, stream):
    await fill(requests, stream, 60, body=b"x" * 900_000)
    async with asyncio.timeout(PATIENT_S):
        assert await positions(LogReader(requests, stream)) == list(range(1, 61))


async def test_a_consumer_that_is_deleted_is_replaced(requests, admin, stream):
    """An operator's delete, or the server's idea of an inactive consumer."""
    seen: list[int] = []

    async def follow():
        async with aclosing(LogReader(requests, stream).read(follow=True)) as batches:
            async for batch in batches:
                seen.extend(position for position, _, _ in batch)

    following = asyncio.create_task(follow())
    js = admin.jetstream()
    for n in range(5):
        await fill(requests, stream, 100, start=100 * n)
        for consumer in await js.consumers_info(stream):
            await js.delete_consumer(stream, consumer.name)
    await until(lambda: len(seen) >= 500)
    following.cancel()
    assert seen == list(range(1, 501))


async def test_a_consumer_that_falls_silent_is_replaced(requests, admin, stream, connection):
    """Its messages and heartbeats no longer arrive, and nobody says so."""
    seen: list[int] = []

    async def follow():
        async for batch in LogReader(requests, stream).read(follow=True):
            seen.extend(position for position, _, _ in batch)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.2)
    sinks = connection._frames.sinks
    newest = max(sinks, key=int)
    sinks[newest] = lambda *_: None
    await fill(requests, stream, 10)
    await until(lambda: len(seen) >= 10)
    following.cancel()
    assert seen == list(range(1, 11))


async def test_a_reader_that_is_done_leaves_no_consumer_and_no_subscription(
    requests, admin, stream, connection
):
    await fill(requests, stream, 10)
    before = len(connection._subs)
    await positions(LogReader(requests, stream))
    assert len(connection._subs) == before
    await connection.flush()

    async def gone() -> bool:  # nobody waits for the answer of who is told to forget it
        return await admin.jetstream().consumers_info(stream) == []

    await eventually(gone)


@pytest.mark.parametrize("after", [0, 3], ids=["after reading", "before anything is read"])
async def test_a_stream_that_was_replaced_by_a_longer_one_is_not_read_on(
    requests, admin, stream, after, monkeypatch
):
    """Only what stood where it was read last tells the two apart."""
    awake, pulls_from = asyncio.Event(), LogReader._pulls_from

    async def once_awake(*place):
        await awake.wait()
        return await pulls_from(*place)

    monkeypatch.setattr(LogReader, "_pulls_from", once_awake)
    awake.set()
    await fill(requests, stream, 3, body=b"old")
    js = admin.jetstream()
    config = (await js.stream_info(stream)).config
    async with aclosing(LogReader(requests, stream).read(after, follow=True)) as batches:
        following = asyncio.ensure_future(anext(batches))
        if after == 0:
            assert len(await following) == 3
            following = asyncio.ensure_future(anext(batches))
        await eventually(lambda: consumes(admin, stream))
        awake.clear()  # so that it misses how short the stream is for a while
        await js.delete_stream(stream)
        await js.add_stream(config)
        await fill(requests, stream, 9, body=b"new")
        awake.set()
        with pytest.raises(LogChanged, match="something else stands there"):
            await following


async def consumes(admin, stream):
    return bool(await admin.jetstream().consumers_info(stream))


def test_where_a_message_stands_is_in_its_reply_subject_in_both_versions():
    instant = datetime(2026, 5, 4, 12, 0, 0, 123457, tzinfo=UTC)
    words = "EVENTS.consumer.1.42.7.1777896000123456789.0"
    for reply in (f"$JS.ACK.{words}", f"$JS.ACK.hub.account.{words}.token"):
        handed = handed_out(reply.encode())
        assert (handed.position, handed.stored_at) == (42, instant)


async def test_what_was_there_and_is_gone_is_not_waited_for(requests, stream):
    """The log was put back before a message of what it had lost was read."""
    await fill(requests, stream, 5)
    with pytest.raises(LogChanged, match="up to position 9, and now it ends at 5"):
        await LogReader(requests, stream)._pulls_from(3, "", head=9)
