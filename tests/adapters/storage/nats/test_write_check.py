"""Whether writes would be taken is said before one is refused."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest

from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats import write_check
from adapters.storage.nats.event_store import JetStreamEventStore
from adapters.storage.nats.jetstream import SECOND_NS, StreamInfo
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.write_check import WriteCheck
from domain.registry import AnyEvent
from handlers.kernel.ports import Unavailable

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture
async def check(requests):
    store = JetStreamEventStore(requests, Codec(AnyEvent, UPCASTERS))
    return WriteCheck(requests, store, JetStreamReferences(requests), lambda: NOON, lambda: "id")


async def test_a_server_that_does_not_answer_is_named_before_the_request_fails(
    check, connection, requests, unique, monkeypatch
):
    monkeypatch.setattr(write_check, "UNANSWERED_S", 0.1)
    assert await check.refusal() is None
    await connection.subscribe(f"silent.{unique}")
    waiting = asyncio.create_task(requests.ask(f"silent.{unique}", b""))
    await asyncio.sleep(0.2)
    assert "has not answered" in await check.refusal()
    with suppress(Unavailable):
        await waiting
    assert await check.refusal() is None


@pytest.mark.parametrize(
    ("replicas", "others", "holds"),
    [
        (1, None, True),
        (3, [{"active": SECOND_NS}, {"active": SECOND_NS}], True),
        (3, [{"active": SECOND_NS}, {"active": 60 * SECOND_NS}], True),
        (3, [{"active": 4 * SECOND_NS}, {"active": 4 * SECOND_NS}], False),
        (3, [{"active": 0, "offline": True}, {"active": 0, "offline": True}], False),
        (5, [{"active": 0}, {"active": 0}, *[{"active": 9 * SECOND_NS}] * 2], True),
        (5, [{"active": 0}, *[{"active": 9 * SECOND_NS}] * 3], False),
    ],
)
def test_a_leader_that_hears_of_too_few_servers_has_no_majority(replicas, others, holds):
    info = {
        "state": {"messages": 0, "last_seq": 0},
        "config": {"num_replicas": replicas},
        "cluster": others and {"leader": "n0", "replicas": others},
    }
    assert msgspec.convert(info, StreamInfo).has_majority is holds
