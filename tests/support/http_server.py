"""A real HTTP server that behaves as it is told: answers, is slow, hangs up, redirects."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple


class Request(NamedTuple):
    """What came in. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """What to answer, after `wait_s`; status 0 hangs up instead, before a byte, and `cut_bytes` of
    the body are announced but never sent.
    """

    status: int = 204
    headers: Mapping[str, str] = {}
    body: bytes = b""
    wait_s: float = 0.0
    cut_bytes: int = 0


class Receiver:
    """Serves on a free loopback port. `answer` holds until it is replaced; while it is None,
    `respond` finds one for each request.
    """

    def __init__(self, respond: Callable[[Request], Answer] = lambda _: Answer()) -> None:
        self.answer: Answer | None = None
        self.respond = respond
        self.requests: list[Request] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = first.split()
            request = Request(method, path, headers, body)
            self.requests.append(request)
            answer = self.answer or self.respond(request)
            await asyncio.sleep(answer.wait_s)
            if answer.status:
                writer.write(_rendered(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _rendered(answer: Answer) -> bytes:
    more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
    length = len(answer.body) + answer.cut_bytes
    head = f"HTTP/1.1 {answer.status} Status\r\ncontent-length: {length}\r\n"
    return f"{head}connection: close\r\n{more}\r\n".encode() + answer.body


@asynccontextmanager
async def receiving(
    respond: Callable[[Request], Answer] = lambda _: Answer(),
) -> AsyncIterator[Receiver]:
    """A receiver while the block lasts."""
    receiver = Receiver(respond)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    receiver.url = f"http://{host}:{port}/hooks"
    async with server:
        yield receiver
