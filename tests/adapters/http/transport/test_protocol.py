"""The head of a request has an end, whatever its sender thinks; its body is read, whatever the
client offers.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from adapters.http.transport.connections import Connections, Limits
from adapters.http.transport.protocol import HEAD_BYTES_MAX, Http1Protocol
from support.patience import PATIENT_S

PART = b"a" * 16_384
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


async def answers(scope: Any, receive: Any, send: Any) -> None:
    """Tells method, path and body."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    told = f"<{scope['method']} {scope['path']} {body.decode()[:99]}>".encode()
    length = str(len(told)).encode()
    headers = [(b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(
        answers, http=Http1Protocol, ws="none", port=0, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    server.server_state = Connections(Limits())
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


async def said(port: int, *parts: bytes) -> bytes:
    """The status line that is answered to what is sent bit by bit; nothing if we are hung up on:
    who still sends may not get to see the answer.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.readline())
    try:
        for part in parts:
            if answer.done():
                break
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.001)
        return (await asyncio.wait_for(answer, PATIENT_S)).strip()
    except ConnectionError:
        return b""
    finally:
        writer.close()


REFUSED = {b"HTTP/1.1 400 Bad Request", b""}
ENOUGH = 64 * HEAD_BYTES_MAX // len(PART)  # far more than is read at once


@pytest.mark.parametrize(
    "beginning",
    [
        b"POST /",
        HEAD + b"X-Long: ",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nX-Long: ",
    ],
    ids=["the line", "a header", "a trailer"],
)
async def test_what_has_no_end_is_refused(port: int, beginning: bytes) -> None:
    lines = [PART + b"\r\nX-More: " for _ in range(ENOUGH)]
    parts = lines if b"X-Long" in beginning else [PART] * ENOUGH
    assert await said(port, beginning, *parts) in REFUSED


async def test_one_header_without_end_is_refused(port: int) -> None:
    parts = [PART] * ENOUGH
    assert await said(port, HEAD + b"X-Long: ", *parts) in REFUSED


async def test_large_bodies_and_many_requests_on_one_connection_are_not_counted(port: int) -> None:
    body = PART * 20
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    parts = [request[:40], request[40:]]
    for _ in range(3):
        assert await said(port, *parts) == b"HTTP/1.1 200 OK"
    assert await said(port, parts[0], *[parts[1] + parts[0]] * 10, parts[1]) == b"HTTP/1.1 200 OK"


async def told(port: int, *parts: bytes, of: int = 1) -> list[str]:
    """What the application saw of each of so many requests that are sent in parts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(0.002)
        async with asyncio.timeout(PATIENT_S):
            return [(await reader.readuntil(b">")).decode().partition("<")[2] for _ in range(of)]
    finally:
        writer.close()


OFFERS = {
    "nothing": b"",
    "curl --http2": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAM\r\n",
    "Java": b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAA\r\nUpgrade: h2c\r\n",
    "websocket": b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
    "TLS within": b"connection: upgrade\r\nupgrade: TLS/1.2, foo/1\r\nUpgrade: bar\r\n",
    "not meant for us": b"Upgrade: h2c\r\n",
    "no name": b"Connection: upgrade\r\nUpgrade:\r\n",
    "to be told first": b"Expect: 100-continue\r\n",
}
LENGTH = b"Content-Length: 5\r\n\r\nhello"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: 1\r\n\r\n"


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize("body", [LENGTH, CHUNKED], ids=["length", "chunked"])
@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_the_body_is_read_whatever_is_offered(
    port: int, offer: bytes, body: bytes, version: bytes
) -> None:
    request = b"POST /a HTTP/" + version + b"\r\nHost: x\r\n" + offer + body
    cut = len(request) - len(body)
    assert await told(port, request) == ["POST /a hello>"]
    assert await told(port, request[:cut], request[cut:]) == ["POST /a hello>"]
    assert await told(port, *[request[i : i + 3] for i in range(0, len(request), 3)]) == [
        "POST /a hello>"
    ]


async def test_requests_that_follow_an_offer_at_once_are_read_as_well(port: int) -> None:
    offer = OFFERS["curl --http2"]
    posts = [
        b"POST /%d HTTP/1.1\r\nHost: x\r\n%s%s" % (n, offer if n % 3 else b"", body)
        for n, body in enumerate([LENGTH, CHUNKED, LENGTH, CHUNKED, LENGTH])
    ]
    gets = [b"GET /get HTTP/1.1\r\nHost: x\r\n%s\r\n" % offer] * 3
    seen = [f"POST /{n} hello>" for n in range(5)] + ["GET /get >"] * 3
    assert await told(port, b"".join([*posts, *gets]), of=8) == seen


async def test_who_waits_for_leave_to_send_is_told_to_go_on(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = HEAD + OFFERS["to be told first"] + OFFERS["curl --http2"]
        writer.write(head + b"Content-Length: 5\r\n\r\n")
        async with asyncio.timeout(PATIENT_S):
            assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
            writer.write(b"hello")
            assert (await reader.readuntil(b">")).endswith(b"<POST / hello>")
    finally:
        writer.close()


async def test_a_tunnel_is_refused(port: int) -> None:
    request = b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n"
    assert await said(port, request) == b"HTTP/1.1 400 Bad Request"


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        HEAD + b"Upgrade: h2c\r\nConnection: upgrade\r\nContent-Length: -1\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["two framings", "two lengths", "no length", "HTTP/2 at once", "TLS"],
)
async def test_what_cannot_be_read_is_refused(port: int, request_: bytes) -> None:
    assert await said(port, request_) == b"HTTP/1.1 400 Bad Request"
