"""What is particular to the store on JetStream; what every store must do is in tests/contracts."""

from datetime import UTC, datetime

import pytest

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.requests import RawReply, Requests
from adapters.storage.nats.streams import log_stream, provision
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Unavailable

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def commit(name, text="hello"):
    events = (NoteAdded(occurred_at=NOON, text=text),)
    return Commit(id=name, actor="ada", correlation_id="c", recorded_at=NOON, events=events)


@pytest.fixture
async def store(requests, stream):
    return await open_store(requests, Codec(AnyEvent, UPCASTERS), stream=stream)


@pytest.fixture
async def named_store(requests, admin, unique):
    """A store whose streams are called `t<unique>.<id>`."""
    name = f"S{unique}"
    await provision(admin, (log_stream(name, [f"t{unique}.*"], message_bytes_max=256 * 1024),))
    yield await open_store(requests, Codec(AnyEvent, UPCASTERS), stream=name)
    await admin.jetstream().delete_stream(name)


async def test_a_commit_id_cannot_smuggle_a_header_in(named_store, unique):
    with pytest.raises(ValueError, match="line break"):
        await named_store.append(Append(f"t{unique}.a", 0, commit("1\r\nNats-Rollup: all")))


async def test_a_commit_too_large_is_refused_and_the_largest_fits(named_store, unique):
    largest = 252 * 1024 - len(Codec(AnyEvent, {}).encode(commit("1", "")))
    assert await named_store.append(Append(f"t{unique}.a", 0, commit("1", "x" * largest))) == 1
    with pytest.raises(ValueError, match="258049 bytes"):
        await named_store.append(Append(f"t{unique}.b", 0, commit("1", "x" * (largest + 1))))


async def test_a_stream_that_is_not_provisioned_is_unavailable(requests, unique):
    with pytest.raises(Unavailable, match="not found"):
        await open_store(requests, Codec(AnyEvent, UPCASTERS), stream=f"MISSING{unique}")


async def test_a_commit_that_cannot_be_read_keeps_its_place_and_says_why(
    named_store, admin, unique
):
    body = b'{"id":"1","actor":"a","correlation_id":"c","recorded_at":"2026-01-02T12:00:00Z",'
    body += b'"events":[{"tag":"incident.unheard_of.v1","occurred_at":"2026-01-02T12:00:00Z"}]}'
    await admin.jetstream().publish(f"t{unique}.a", body)
    for found in (
        await named_store.load(f"t{unique}.a"),
        [each async for batch in named_store.read() for each in batch],
    ):
        (recorded,) = found
        assert (recorded.position, recorded.stream, recorded.commit.events) == (
            1,
            "unreadable.1",
            (),
        )
        why = recorded.unreadable
        assert (why.code, why.tags) == ("tag.unknown", ("incident.unheard_of.v1",))
        assert why.subject == f"t{unique}.a"


class LaggingRequests(Requests):
    """Direct gets are answered by a replica that has nothing yet, `lag` times."""

    lag = 0

    async def collect(self, subject, payload):
        if self.lag > 0:
            self.lag -= 1
            return [], RawReply(b"NATS/1.0 404 Message Not Found\r\n\r\n", b"")
        return await super().collect(subject, payload)


async def test_a_load_from_a_replica_that_lags_waits_for_it(connection, named_store, unique):
    requests = await LaggingRequests(connection).start()
    codec = Codec(AnyEvent, UPCASTERS)
    store = JetStreamEventStore(requests, codec, stream=f"S{unique}", replicated=True)
    position = await store.append(Append(f"t{unique}.a", 0, commit("1")))
    requests.lag = 5
    assert [r.position for r in await store.load(f"t{unique}.a")] == [position]
    requests.lag = 10_000
    assert await store.load(f"t{unique}.nothing") == []
    with pytest.raises(Unavailable, match="have not reached position 1"):
        await store.load(f"t{unique}.a")
