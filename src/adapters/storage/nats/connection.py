"""One connection to NATS that never sends late and tells at once when it is lost."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from nats.aio.client import Client, ErrorCallback
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.api import Header

from adapters.storage.nats.wire import (
    FrameParser,
    Sink,
    described_status,
    frame,
    headers_of,
    readable,
    status,
)
from handlers.inboxes import OURS
from handlers.kernel.ports import Unavailable

log = structlog.get_logger(__name__)


class CannotConnectError(Exception):
    """NATS cannot be used as configured; the message tells an operator what to change."""


class NatsConnection(Client):
    """nats-py's client, with frames written directly and chosen subscriptions read directly, and
    with messages that are taken as they come.

    nats-py stops reading when a subject is not UTF-8, and takes a message with a header `Status`
    for one of the server: whoever may publish could stop or hide what comes behind. Reconnecting,
    authentication and TLS stay with nats-py; tests/adapters/storage/nats notice when a new version
    of it moves what is used here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._frames = FrameParser(self)
        self._ps = self._frames  # type: ignore[assignment]
        self._out: list[bytes] = []
        self.on_lost: list[Callable[[], None]] = []
        self.last_fault = ""
        self._refusal = ""
        self._quiet = True  # while connecting for the first time: `connect` reports in the end

    async def connect(  # type: ignore[override] # the rest of its settings goes through
        self, servers: list[str], error_cb: ErrorCallback | None = None, **options: Any
    ) -> None:
        """As nats-py, with inboxes below a prefix of ours, and telling what goes wrong."""

        async def heard(error: Exception) -> None:
            await self.fault(error)
            if error_cb is not None:
                await error_cb(error)

        await super().connect(servers, error_cb=heard, **options | {"inbox_prefix": OURS})
        self._quiet = False

    def send(self, subject: str, reply: str, headers: bytes, payload: bytes) -> None:
        """Write one message now or never. Raises `Unavailable` when there is no connection.

        Messages of one turn of the event loop leave in one write. What is not yet written when the
        connection is lost is dropped: a late write would be a ghost.
        """
        if self._status != Client.CONNECTED:
            raise Unavailable("not connected to NATS")
        if not self._out:
            asyncio.get_running_loop().call_soon(self._write_out)
        self._out.append(frame(subject, reply, headers, payload))

    def _write_out(self) -> None:
        out, self._out = self._out, []
        if self._status != Client.CONNECTED or self._transport is None:
            return
        if self._pending:  # a subscription of nats-py goes before what relies on it
            out, self._pending, self._pending_data_size = [*self._pending, *out], [], 0
        self._transport.write(b"".join(out))

    async def listen(self, subject: str, sink: Sink) -> Subscription:
        """Subscribe and hand each message to `sink` as it is parsed; survives reconnects."""
        subscription = await self.subscribe(subject)
        self._frames.sinks[_key(subscription)] = sink
        return subscription

    async def unlisten(self, subscription: Subscription) -> None:
        self._frames.sinks.pop(_key(subscription), None)
        if self.is_connected:
            await subscription.unsubscribe()
        else:
            self._subs.pop(int(_key(subscription)), None)

    async def _process_headers(self, headers: bytes) -> dict[str, str] | None:
        if not headers:
            return None
        found = headers_of(headers)
        if code := status(headers):
            found |= {Header.STATUS: str(code), Header.DESCRIPTION: described_status(headers)}
        return found or None

    def _build_message(
        self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: dict[str, str] | None
    ) -> Msg:
        if reply and headers:  # the server wants no answer to its own
            headers = {name: it for name, it in headers.items() if name != Header.STATUS} or None
        return Msg(self, readable(subject), readable(reply), data, headers, _sid=sid)

    async def lost(self) -> None:
        if not self.is_closed:
            log.warning("nats.disconnected")
        for callback in self.on_lost:
            callback()

    async def found_again(self) -> None:
        where = self.connected_url
        log.info("nats.reconnected", server=where and _bare(where.netloc))

    async def fault(self, error: Exception) -> None:
        said = str(error) or type(error).__name__
        repeated, self.last_fault = said == self.last_fault, said  # ten times a second, at worst
        if "authorization" in self.last_fault.lower():
            self._refusal = self.last_fault  # the server hangs up next, which says less
        if not self._quiet and not repeated:
            log.warning("nats.fault", error=self.last_fault)

    @property
    def complaint(self) -> str:
        """Why connecting failed, as far as the server or the network says."""
        return self._refusal or self.last_fault


def _key(subscription: Subscription) -> bytes:
    return str(subscription._id).encode()  # noqa: SLF001 - the id on the wire has no public name


async def connect(
    url: str, *, name: str = "commandpost", within_s: float = 5.0, **credentials: Any
) -> NatsConnection:
    """Connect to `url` (`nats://` or `tls://`, a comma between servers of a cluster).

    `credentials` are those of nats-py: user, password, token, user_credentials, nkeys_seed, tls.
    Raises `CannotConnectError` when no server answers `within_s` seconds or it refuses.
    """
    connection = NatsConnection()
    try:
        async with asyncio.timeout(within_s):
            await connection.connect(
                url.split(","),
                name=name,
                disconnected_cb=connection.lost,
                reconnected_cb=connection.found_again,
                pending_size=-1,  # publish while disconnected fails at once; else it is sent later
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.1,
                ping_interval=5,
                **credentials,
            )
    except (OSError, NatsError, TimeoutError) as error:
        await connection.close()
        why = connection.complaint or str(error) or type(error).__name__
        raise CannotConnectError(f"NATS at {_bare(url)} cannot be used: {why}") from error
    return connection


def _bare(url: str) -> str:
    """A URL to show: without the password."""
    return ",".join(server.rsplit("@", 1)[-1] for server in url.split(","))
