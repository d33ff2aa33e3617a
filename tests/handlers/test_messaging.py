"""Consumers on a nats-server that goes away."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters.embedded import EmbeddedNats, embedded_nats
from adapters.storage.nats.connection import connect
from adapters.storage.nats.streams import log_stream, provision
from handlers import messaging
from handlers.consumers import Consumer, StreamMessage
from handlers.messaging import Broker, consume
from handlers.movement import Movement
from support.patience import PATIENT_S

AWAY_S = 1.5
FEED = Consumer("FEED", "feed.*", "reader")


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[EmbeddedNats]:
    """A server of our own: nobody else is to be without one."""
    async with embedded_nats(tmp_path) as server:
        yield server


async def test_a_consumer_of_an_earlier_release_hears_more_from_where_it_is(nats: EmbeddedNats):
    """Where it began is not to be changed, neither by us nor by the server."""
    client = await connect(nats.admin_url)
    stream = log_stream("FEED", ["feed.*", "food.*"], message_bytes_max=1024)
    await provision(client, (stream,))
    js = client.jetstream()
    assert await messaging.provision(js, FEED)
    now = FEED._replace(also=("food.*",), from_now=True)
    assert await messaging.provision(js, now)
    config = (await js.consumer_info("FEED", "reader")).config
    assert (config.filter_subjects, config.deliver_policy) == (["feed.*", "food.*"], "all")
    assert not await messaging.provision(js, now), "nothing is left to be put right"
    await client.close()


async def test_who_consumes_waits_for_a_server_that_is_away_and_keeps_nothing(nats: EmbeddedNats):
    loop, made, arrived = asyncio.get_running_loop(), 0, asyncio.Event()
    options: Any = {"max_reconnect_attempts": -1, "reconnect_time_wait": 0.1, "pending_size": -1}
    broker = Broker(nats.url, logger=None, **options)

    def counted(loop: Any, work: Any, **more: Any) -> Any:
        nonlocal made
        made += 1
        return asyncio.Task(work, loop=loop, **more)

    async def handle(_: StreamMessage) -> None:
        arrived.set()

    client = await connect(nats.admin_url)
    await provision(client, (log_stream("FEED", ["feed.*"], message_bytes_max=1024),))
    await messaging.provision(client.jetstream(), FEED)
    consume(broker, FEED, handle)
    async with broker:
        await broker.start()
        await nats.kill()
        loop.set_task_factory(counted)
        try:
            await asyncio.sleep(AWAY_S)
        finally:
            loop.set_task_factory(None)
        kept = sum(len(getattr(each, "tasks", ())) for each in broker.subscribers)
        assert (made < 100, kept) == (True, 1), f"{made} tasks were made"
        await nats.restart()
        async with asyncio.timeout(PATIENT_S):
            while not client.is_connected:  # noqa: ASYNC110 - the client has no event for it
                await asyncio.sleep(0.02)
            await client.jetstream().publish("feed.a", b"again")
            await arrived.wait()
    await client.close()


async def test_messages_that_wait_and_are_not_taken_up_are_noticed(
    nats: EmbeddedNats, monkeypatch: pytest.MonkeyPatch
):
    """Nobody consumes here; whoever looks at the connection or the server finds nothing wrong."""
    monkeypatch.setattr(messaging, "WATCH_EVERY_S", 0.05)
    now = 0.0
    movement = Movement(lambda: now)
    client = await connect(nats.admin_url)
    js = client.jetstream()
    await provision(client, (log_stream("FEED", ["feed.*"], message_bytes_max=1024),))
    async with messaging.keep(js, FEED, movement=movement):
        await js.publish("feed.a", b"1")
        await asyncio.sleep(0.3)
        assert movement.stalled() == {}
        now = 20.0
        assert set(movement.stalled()) == {"reader"}
        taken = await (await js.pull_subscribe_bind("reader", "FEED")).fetch(1)
        await taken[0].ack()
        async with asyncio.timeout(PATIENT_S):
            while movement.stalled():  # noqa: ASYNC110 - it is noticed by looking again
                await asyncio.sleep(0.02)
    await client.close()
