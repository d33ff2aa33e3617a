"""The head of a request has an end, whatever its sender thinks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from adapters.http.head_limit import HEAD_BYTES_MAX, BoundedProtocol

PART = b"a" * 16_384
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


async def answers(_: Any, receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(answers, http=BoundedProtocol, port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
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
        return (await asyncio.wait_for(answer, 5)).strip()
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
        assert await said(port, *parts) == b"HTTP/1.1 204 No Content"
    assert (
        await said(port, parts[0], *[parts[1] + parts[0]] * 10, parts[1])
        == b"HTTP/1.1 204 No Content"
    )
