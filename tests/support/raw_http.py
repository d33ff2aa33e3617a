"""HTTP as the bytes that it is: for clients that no library lets one be."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Answered(NamedTuple):
    """One answer. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class Connection:
    """One connection to a service, and what comes over it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, within_s: float = 20) -> Answered:
        """The next answer, past those of 1xx."""
        async with asyncio.timeout(within_s):
            status = 100
            while status < 200:
                head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                first, *lines = head.rstrip().split("\r\n")
                status = int(first.split()[1])
            pairs = (line.partition(":") for line in lines)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            length = int(headers.get("content-length", "0"))
            return Answered(status, headers, await self._reader.readexactly(length))

    async def ended(self, within_s: float = 20) -> bytes:
        """What comes before the service hangs up. Raises `TimeoutError`."""
        async with asyncio.timeout(within_s):
            try:
                return await self._reader.read()
            except ConnectionError:
                return b""

    def close(self) -> None:
        self._writer.close()


@asynccontextmanager
async def connection(url: str) -> AsyncIterator[Connection]:
    """A connection to the service at a URL."""
    where = urlsplit(url)
    opened = Connection(*await asyncio.open_connection(where.hostname, where.port))
    try:
        yield opened
    finally:
        opened.close()


def as_admin(sent: bytes, shown: Mapping[str, str]) -> bytes:
    """The bytes of a request with the header of a token, which is `shown`."""
    head, _, rest = sent.partition(b"\r\n")
    more = "".join(f"{name}: {value}\r\n" for name, value in shown.items())
    return head + b"\r\n" + more.encode() + rest


def request(method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
    """The bytes of a request, by default a command's in JSON: `host="x"` is `Host: x`, and an empty
    header is left out.
    """
    usual = {"host": "localhost"}
    if body is not None:
        usual |= {"content_type": "application/json", "content_length": str(len(body))}
    lines = [
        f"{name.replace('_', '-')}: {value}\r\n"
        for name, value in (usual | headers).items()
        if value
    ]
    return f"{method} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() + (body or b"")
