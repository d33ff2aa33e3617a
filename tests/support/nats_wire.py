"""A NATS client that sends what no library would: subjects, reply subjects and headers in bytes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class RawClient:
    """A connection to nats-server on which every byte is one's own."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def publish(
        self, subject: bytes, body: bytes = b"{}", *, reply: bytes = b"", headers: bytes = b""
    ) -> list[str]:
        """Publish, and wait until the server has read it; the errors it answered with."""
        sizes = b"%d" % (len(headers) + len(body))
        if headers:
            sizes = b"%d %b" % (len(headers), sizes)
        verb = b"HPUB" if headers else b"PUB"
        self._writer.write(
            b"%b %b %b %b\r\n%b%b\r\n" % (verb, subject, reply, sizes, headers, body)
        )
        return await self._errors()

    async def subscribe(self, subject: bytes, queue: bytes = b"") -> list[str]:
        """Subscribe, and wait until the server has read it; the errors it answered with."""
        self._writer.write(b"SUB %b %b 1\r\n" % (subject, queue))
        return await self._errors()

    async def _errors(self) -> list[str]:
        self._writer.write(b"PING\r\n")
        errors: list[str] = []
        while (line := await asyncio.wait_for(self._reader.readline(), 5)) != b"PONG\r\n":
            assert line, "the server has hung up"
            if line.startswith(b"-ERR"):
                errors.append(line.decode("utf-8", "backslashreplace").strip())
        return errors


@asynccontextmanager
async def raw_client(url: str) -> AsyncIterator[RawClient]:
    """Connected to `nats://user:password@host:port`, with headers."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        assert (await reader.readline()).startswith(b"INFO ")
        options = {
            "user": parts.username, "pass": parts.password, "verbose": False, "pedantic": False,
            "headers": True, "no_responders": True, "protocol": 1, "lang": "bytes", "version": "1",
        }  # fmt: skip
        writer.write(b"CONNECT %b\r\n" % json.dumps(options).encode())
        yield RawClient(reader, writer)
    finally:
        writer.close()
