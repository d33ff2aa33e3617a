"""Somebody who receives webhooks: a small HTTP server that counts what it is sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from support.service_process import CONFIG

WEBHOOK = """
[channels.hook]
kind = "webhook"
url = "{url}"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
audiences = ["engineering", "executives"]
"""


def with_webhook(hook: "Receiver") -> str:
    """The usual configuration, with the receiver as the one channel."""
    return CONFIG.replace("[channels]\n", WEBHOOK.format(url=hook.url))


class Receiver:
    """What was delivered, in order: (webhook id, body). `status` is what it answers, while
    `answers` is set.
    """

    def __init__(self) -> None:
        self.deliveries: list[tuple[str, Any]] = []
        self.status = 204
        self.answers = asyncio.Event()
        self.answers.set()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request after the other, until the sender hangs up."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                headers = dict(
                    line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:] if line
                )
                body = await reader.readexactly(int(headers["content-length"]))
                self.deliveries.append((headers["webhook-id"], json.loads(body)))
                await self.answers.wait()
                writer.write(f"HTTP/1.1 {self.status} So\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    @property
    def ids(self) -> list[str]:
        return [webhook_id for webhook_id, _ in self.deliveries]


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free loopback port."""
    receiving = Receiver()
    server = await asyncio.start_server(receiving.serve, "127.0.0.1", 0)
    receiving.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield receiving
        receiving.answers.set()
        server.close()
