"""Commands and signals over NATS, with the extra `nats`: nothing of HTTP need be reachable."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec
import nats
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from commandpost_client.asking import Options
from commandpost_client.errors import Unavailable
from commandpost_client.models import SignalData
from commandpost_client.retries import wait_s
from commandpost_client.wire import Call, Command, command_call, read_answer, signal_call

T = TypeVar("T")


@asynccontextmanager
async def over_nats(options: Options, *, inbox: str = "_INBOX") -> AsyncIterator["NatsCommandpost"]:
    """A client of the service behind the NATS server at `url` of the options; `inbox` is the prefix
    of the inboxes that its user may hear.
    """
    connection = await nats.connect(
        options.base_url(), pending_size=-1, max_reconnect_attempts=-1, inbox_prefix=inbox
    )
    try:
        yield NatsCommandpost(connection, options)
    finally:
        await connection.close()


class NatsCommandpost:
    """What `AsyncCommandpost` does, but for questions and events: these have no way over NATS."""

    def __init__(self, connection: Client, options: Options) -> None:
        self._connection, self._options = connection, options

    async def send(
        self, command: Command[T], ref: str | None = None, *, key: str | None = None
    ) -> T:
        """As over HTTP. Raises `Refused`, `Unavailable`."""
        call, route = command_call(command, ref, key), command.ROUTE
        if ref is not None:
            members = msgspec.json.decode(call.content or b"{}", type=dict[str, msgspec.Raw])
            call = replace(call, content=msgspec.json.encode({**members, route.about: ref}))
        return await self._tried(lambda: self._sent(call, route.subject))

    async def _sent(self, call: Call[T], subject: str) -> T:
        headers = {**self._options.headers(), **call.headers}
        try:
            reply = await self._connection.request(
                subject, call.content or b"", timeout=self._options.timeout_s, headers=headers
            )
        except (NatsError, TimeoutError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        shown: Mapping[str, str] = reply.headers or {}
        if "Commandpost-Error" not in shown:
            return read_answer(call, 200, {}, reply.data)
        return read_answer(call, _status(reply.data), {}, reply.data)

    async def signal(
        self, to: str, data: SignalData, *, event_id: str | None = None, at: datetime | None = None
    ) -> None:
        """As over HTTP; what cannot be understood of it is told to operators alone. Raises
        `Unavailable`.
        """
        call = signal_call(to, data, event_id, at, self._options)
        event = msgspec.json.decode(call.content or b"", type=dict[str, object])
        headers = {**call.headers, "Nats-Msg-Id": f"{to}/{event['id']}"}
        await self._tried(lambda: self._published(to, call.content or b"", headers))

    async def _published(self, to: str, content: bytes, headers: dict[str, str]) -> None:
        stream = self._connection.jetstream()
        try:
            await stream.publish(f"signals.{to}", content, self._options.timeout_s, headers=headers)
        except (NatsError, JetStreamError, TimeoutError, OSError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error

    async def _tried(self, attempt: Callable[[], Awaitable[T]]) -> T:
        for planned in self._options.retries.waits():
            try:
                return await attempt()
            except Unavailable:
                await asyncio.sleep(wait_s(planned, None))
        return await attempt()


def _status(content: bytes) -> int:
    """That of the problem, as HTTP would have it; without one it may go right later."""
    try:
        told = msgspec.json.decode(content, type=dict[str, object]).get("status")
    except msgspec.DecodeError:
        told = None
    return told if isinstance(told, int) else 503
