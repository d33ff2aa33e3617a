"""Idle and slow clients give way: to new ones, and to time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
import uvicorn

from adapters.http.transport import connections, protocol
from adapters.http.transport.connections import Connections, Limits
from adapters.http.transport.protocol import Http1Protocol
from support.patience import PATIENT_S

STRANGER, PROXY = "127.0.0.9", "127.0.0.2"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"
LARGE = b"x" * 8_000_000


class Client(NamedTuple):
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def says(self, data: bytes = b"") -> bytes:
        """The status line of what is answered; nothing: the server hung up."""
        self.writer.write(data)
        async with asyncio.timeout(PATIENT_S):
            try:
                line = await self.reader.readline()
            except ConnectionError:
                return b""
        return line.strip().removeprefix(b"HTTP/1.1 ")


class Server(NamedTuple):
    port: int
    connections: Connections
    held: asyncio.Event
    reasons: list[str]

    async def connect(self, address: str = STRANGER, data: bytes = b"") -> Client:
        opened = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0))
        opened[1].write(data)
        await asyncio.sleep(0.02)
        return Client(*opened)

    async def sweep(self, after_s: float = 0.0) -> None:
        await asyncio.sleep(after_s)
        self.connections.sweep(asyncio.get_running_loop().time())
        await asyncio.sleep(0.02)

    def waiting(self) -> dict[str, float]:
        return {labels[0]: count for labels, count in self.connections.count() if count}


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[Server]:
    """A server whose answers to `/held` wait, and to `/large` are large."""
    reasons: list[str] = []
    held = asyncio.Event()

    async def answers(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            more = message.get("more_body", False)
        if scope["path"] == "/held":
            await held.wait()
        body = LARGE if scope["path"] == "/large" else b"ok"
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    config = uvicorn.Config(
        answers, http=Http1Protocol, ws="none", port=0, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    counted = Connections(limits, lambda _, reason: reasons.append(reason))
    server.server_state = counted
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield Server(server.servers[0].sockets[0].getsockname()[1], counted, held, reasons)
    finally:
        held.set()
        for each in list(counted.connections):
            each.transport.abort()
        await server.shutdown()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(Limits(in_all=6, per_address=3, proxies=(PROXY,))) as running:
        yield running


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes one of the waits short."""
    return lambda name, to_s=0.1: monkeypatch.setattr(protocol, name, to_s)


async def test_who_has_waited_longest_gives_way_to_another_of_its_address(server: Server):
    other = await server.connect(PROXY)
    clients = [await server.connect() for _ in range(3)]
    assert await clients[1].says(GET) == b"200 OK"
    newest = await server.connect()
    assert await clients[0].says() == b""
    assert [await each.says(GET) for each in (clients[2], newest, other)] == [b"200 OK"] * 3
    assert server.reasons == ["crowd"]


async def test_who_is_being_answered_gives_way_to_nobody(server: Server):
    clients = [await server.connect(data=GET.replace(b"/", b"/held", 1)) for _ in range(3)]
    refused, other = await server.connect(), await server.connect(PROXY)
    assert await refused.says() == b"503 Service Unavailable"
    assert await other.says(GET) == b"200 OK"
    server.held.set()
    assert [await each.says() for each in clients] == [b"200 OK"] * 3
    assert server.reasons == ["address"]
    assert server.waiting() == {"for_a_head": 4}


async def test_a_proxy_may_have_all_but_not_more(server: Server):
    clients = [await server.connect(PROXY, GET.replace(b"/", b"/held", 1)) for _ in range(6)]
    assert await (await server.connect(PROXY)).says() == b"503 Service Unavailable"
    assert await (await server.connect()).says() == b"503 Service Unavailable"
    assert server.waiting() == {"for_us": 6}
    server.held.set()
    assert [await each.says() for each in clients] == [b"200 OK"] * 6


async def test_half_a_body_gives_way_only_where_nobody_is_idle(server: Server):
    halves = [await server.connect(PROXY, POST + b"hel") for _ in range(5)]
    idle = await server.connect(PROXY)
    newest = await server.connect()
    assert await newest.says(GET) == b"200 OK"
    assert await idle.says() == b""
    assert server.waiting() == {"for_a_head": 1, "for_a_body": 5}
    more = [await server.connect(PROXY, POST + b"hel") for _ in range(2)]
    assert await halves[0].says() == b""
    assert [await each.says(b"lo") for each in (*halves[1:], *more)] == [b"200 OK"] * 6


async def test_a_crowd_that_comes_and_goes_leaves_nothing_behind(server: Server):
    for _ in range(20):
        for each in [await server.connect() for _ in range(4)]:
            each.writer.close()
    await asyncio.sleep(0.1)
    assert server.waiting() == {}
    clients = [await server.connect(data=GET) for _ in range(3)]
    assert [await each.says() for each in clients] == [b"200 OK"] * 3


async def test_who_says_nothing_is_hung_up_on(server: Server, hurry: Callable[..., None]):
    hurry("HEAD_S")
    silent = await server.connect()
    await server.sweep()
    assert server.waiting() == {"for_a_head": 1}
    await server.sweep(0.1)
    assert await silent.says() == b""
    assert (server.waiting(), server.reasons) == ({}, ["head"])


@pytest.mark.parametrize("before", [b"", GET])
async def test_who_says_it_byte_by_byte_is_told_why(
    server: Server, hurry: Callable[..., None], before: bytes
):
    """On a new connection, and on one that has been good."""
    hurry("HEAD_S")
    slow = await server.connect(data=before)
    if before:
        assert await slow.says() == b"200 OK"
        assert await slow.reader.readuntil(b"ok")
    for part in (b"POST", b" / HTTP", b"/1.1\r\nHo"):
        slow.writer.write(part)
        await asyncio.sleep(0.05)
    await server.sweep()
    assert await slow.says() == b"408 Request Timeout"
    assert b'"code":"head.too_slow"' in await slow.reader.read()


async def test_who_is_answered_before_its_body_cannot_keep_on_sending_it(
    server: Server, hurry: Callable[..., None]
):
    hurry("HEAD_S")
    hurry("BODY_S")
    slow = await server.connect(data=POST + b"hel")
    await server.sweep(0.15)
    assert await slow.says() == b""
    assert server.reasons == ["body"]


async def test_who_is_answered_late_is_not_hurried(server: Server, hurry: Callable[..., None]):
    for name in ("HEAD_S", "BODY_S", "UNREAD_S"):
        hurry(name)
    waits = await server.connect(data=POST.replace(b"/", b"/held", 1) + b"hello")
    await server.sweep(0.3)
    server.held.set()
    assert await waits.says() == b"200 OK"


async def test_who_reads_slowly_is_waited_for_and_who_does_not_is_not(
    server: Server, hurry: Callable[..., None]
):
    hurry("UNREAD_S", 0.4)
    request = GET.replace(b"/", b"/large", 1)
    slow, deaf = [await server.connect(PROXY, request) for _ in range(2)]
    async with asyncio.timeout(PATIENT_S):
        head = await slow.reader.readuntil(b"\r\n\r\n")
        for _ in range(8):
            await server.sweep(0.2)
            await slow.reader.readexactly(len(LARGE) // 8)
    assert b"200 OK" in head
    assert server.reasons.count("unread") == 1
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await deaf.reader.readexactly(len(LARGE))


async def test_descriptors_are_kept_for_what_the_service_sends(monkeypatch: pytest.MonkeyPatch):
    now: list[Any] = []
    fake = connections.resource
    for (soft, hard), (room, raised) in {
        (1024, 4096): (1000, (1256, 4096)),
        (1024, 1024): (768, (1024, 1024)),
        (256, 256): (64, (256, 256)),
        (1024, fake.RLIM_INFINITY): (1000, (1256, fake.RLIM_INFINITY)),
        (4096, 4096): (1000, None),
        (fake.RLIM_INFINITY, fake.RLIM_INFINITY): (1000, None),
    }.items():
        now.clear()
        monkeypatch.setattr(fake, "getrlimit", lambda _, at=(soft, hard): at)
        monkeypatch.setattr(fake, "setrlimit", lambda _, limits: now.append(limits))
        assert connections.room_for(1000) == room
        assert now == ([raised] if raised else [])
