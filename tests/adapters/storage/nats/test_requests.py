"""Requests through one inbox."""

import asyncio
import time

import pytest

from adapters.storage.nats.connection import connect
from adapters.storage.nats.requests import Requests
from handlers.kernel.ports import Unavailable
from support.patience import PATIENT_S, until


async def test_each_of_many_requests_gets_its_own_answer(connection, requests, unique):
    async def echo(message):
        await message.respond(message.data)

    await connection.subscribe(f"echo.{unique}", cb=echo)
    bodies = [str(n).encode() for n in range(1000)]
    replies = await asyncio.gather(*(requests.ask(f"echo.{unique}", body) for body in bodies))
    assert [reply.payload for reply in replies] == bodies


async def test_a_request_that_nobody_takes_fails_at_once(requests, unique):
    with pytest.raises(Unavailable, match="nobody"):  # and not that none came in so many seconds
        await requests.ask(f"nobody.{unique}", b"")


async def test_a_request_that_nobody_answers_fails_at_its_deadline(connection, unique):
    await connection.subscribe(f"silent.{unique}")
    requests = await Requests(connection, timeout_s=0.3).start()
    start = time.monotonic()
    with pytest.raises(Unavailable, match=r"no answer from NATS in 0\.3 s"):
        await requests.ask(f"silent.{unique}", b"")
    assert time.monotonic() - start > 0.25


async def test_an_answer_that_comes_too_late_disturbs_nobody(connection, unique):
    async def answer(message):
        await asyncio.sleep(0.2 if message.data == b"slow" else 0)
        await message.respond(message.data)

    for name in ("slow", "fast"):
        await connection.subscribe(f"{name}.{unique}", cb=answer)
    requests = await Requests(connection, timeout_s=0.1).start()
    with pytest.raises(Unavailable):
        await requests.ask(f"slow.{unique}", b"slow")
    for _ in range(50):
        assert (await requests.ask(f"fast.{unique}", b"fast")).payload == b"fast"
        await asyncio.sleep(0.005)


async def test_a_lost_connection_fails_what_is_waiting_at_once(nats_url, unique):
    connection = await connect(nats_url)
    requests = await Requests(connection, timeout_s=30).start()
    await connection.subscribe(f"silent.{unique}")
    waiting = asyncio.create_task(requests.ask(f"silent.{unique}", b""))
    await asyncio.sleep(0.1)
    await connection.close()
    async with asyncio.timeout(PATIENT_S):
        with pytest.raises(Unavailable, match="lost"):
            await waiting


async def test_how_long_an_answer_is_waited_for_is_known_while_it_is(connection, requests, unique):
    assert requests.waits_s() == 0
    await connection.subscribe(f"silent.{unique}")
    waiting = asyncio.create_task(requests.ask(f"silent.{unique}", b""))
    await until(lambda: requests.waits_s() > 0.1)
    with pytest.raises(Unavailable):
        await waiting
    assert requests.waits_s() == 0
