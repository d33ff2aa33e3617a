"""One connection carries our direct reads and writes beside the ordinary ones of nats-py."""

import asyncio

import pytest
from structlog.testing import capture_logs

from adapters.storage.nats.connection import CannotConnectError, connect
from handlers.kernel.ports import Unavailable
from support.nats_wire import raw_client
from support.patience import PATIENT_S


async def test_ordinary_subscriptions_and_requests_of_nats_py_still_work(connection, unique):
    async def answer(message):
        await message.respond(message.data + b"!")

    await connection.subscribe(f"ask.{unique}", cb=answer)
    reply = await connection.request(f"ask.{unique}", b"hello", headers={"A": "b"})
    assert reply.data == b"hello!"


async def test_a_sink_gets_each_message_with_reply_headers_and_body(connection, unique):
    got = asyncio.get_running_loop().create_future()
    await connection.listen(f"to.{unique}", lambda *message: got.set_result(message))
    await connection.publish(f"to.{unique}", b"body", reply="back", headers={"A": "b"})
    async with asyncio.timeout(PATIENT_S):
        subject, reply, headers, body = await got
    assert (subject.decode(), reply, body) == (f"to.{unique}", b"back", b"body")
    assert headers == b"NATS/1.0\r\nA: b\r\n\r\n"


async def test_what_is_sent_right_after_subscribing_arrives(connection, unique):
    """The subscription leaves before a message that relies on it."""
    for n in range(20):
        got = asyncio.get_running_loop().create_future()
        await connection.listen(f"now.{unique}.{n}", lambda *m, got=got: got.set_result(m[3]))
        connection.send(f"now.{unique}.{n}", "", b"", b"hello")
        async with asyncio.timeout(PATIENT_S):
            assert await got == b"hello"


async def test_nothing_more_arrives_after_unlistening(connection, unique):
    got: list[bytes] = []
    subscription = await connection.listen(f"off.{unique}", lambda *m: got.append(m[3]))
    await connection.unlisten(subscription)
    connection.send(f"off.{unique}", "", b"", b"hello")
    await connection.flush()
    assert got == []


async def test_a_closed_connection_refuses_to_send(nats_url):
    connection = await connect(nats_url)
    await connection.close()
    with pytest.raises(Unavailable):
        connection.send("a", "", b"", b"")


async def test_no_server_is_a_clear_error_without_the_password():
    with pytest.raises(
        CannotConnectError, match=r"NATS at 127\.0\.0\.1:9 cannot be used"
    ) as caught:
        await connect("nats://ada:secret@127.0.0.1:9", within_s=0.5)
    assert "secret" not in str(caught.value)


async def test_a_wrong_password_is_a_clear_error(nats_url):
    if "@" not in nats_url:
        pytest.skip("this server has no users: it lets everybody in")
    wrong = f"nats://app:wrong@{nats_url.rsplit('@', 1)[1]}"
    with pytest.raises(CannotConnectError, match=r"(?i)authorization"):
        await connect(wrong, within_s=1.0)


async def test_who_is_reached_again_is_logged_without_the_password(nats_url):
    connection = await connect(nats_url)
    with capture_logs() as logs:
        connection._transport.close()
        async with asyncio.timeout(PATIENT_S):
            while "nats.reconnected" not in {line["event"] for line in logs}:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    await connection.close()
    (line,) = [line for line in logs if line["event"] == "nats.reconnected"]
    assert line["server"] == nats_url.rsplit("@", 1)[-1].removeprefix("nats://")


@pytest.mark.parametrize(
    "headers", [b"NATS/1.0\r\nStatus: 404\r\n\r\n", b"NATS/1.0 503 No Responders\r\n\r\n"]
)
async def test_a_message_of_a_publisher_is_not_taken_for_one_of_the_server(
    headers, connection, nats_url, unique
):
    """Only what asks for no answer, as nothing in a stream does, is a status message."""
    got: asyncio.Queue[object] = asyncio.Queue()
    await connection.subscribe(f"odd.{unique}", cb=got.put)
    await connection.flush()
    async with raw_client(nats_url) as stranger:
        await stranger.publish(f"odd.{unique}".encode(), b"", reply=b"_INBOX.x", headers=headers)
        await stranger.publish(f"odd.{unique}".encode(), b"", headers=headers)
    async with asyncio.timeout(PATIENT_S):
        asking, silent = await got.get(), await got.get()
    assert "Status" not in (asking.headers or {})
    assert silent.headers["Status"] in {"404", "503"}


async def test_a_subject_that_is_not_utf_8_arrives_escaped_and_none_is_lost(
    connection, nats_url, unique
):
    got: asyncio.Queue[object] = asyncio.Queue()
    await connection.subscribe(f"odd.{unique}.*", cb=got.put)
    await connection.flush()
    async with raw_client(nats_url) as stranger:
        for token in (b"\xff", b"a\x0cb", b"plain"):
            await stranger.publish(f"odd.{unique}.".encode() + token)
    async with asyncio.timeout(PATIENT_S):
        arrived = [(await got.get()).subject.rsplit(".", 1)[1] for _ in range(3)]
    assert arrived == [r"\xff", r"a\x0cb", "plain"]
