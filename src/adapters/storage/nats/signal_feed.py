"""Signals as they wait to be translated: pulled from a durable consumer with their bodies, ahead of
what is being done, so that sources can take turns.

The server hands out again what was not acknowledged `ack_wait` after it was handed out; what is in
hand says every few seconds that it is. After a crash it comes again.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog

from adapters.storage.nats.jetstream import SECOND_NS, handed_out, pull_request
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.wire import header, headers_of, readable, status
from handlers.ingest.consumer import Arrival
from handlers.kernel.ports import Signal, Unavailable

AHEAD_MAX = 20_000
AHEAD_BYTES_MAX = 32 * 1024 * 1024
"""So much may be in hand. Sources are served in turn among what is in hand."""

PULL = 256
HEARTBEAT_S = 1.0
SILENT_CHECKS_MAX = 4  # counted, so that a busy event loop is not mistaken for a silent server
IN_HAND_S = 2.0  # shorter than `handlers.messaging.ACK_WAIT_S`
RETRY_PAUSE_S = 0.25

_PULL_REQUEST = pull_request(PULL, bytes_max=4 * 1024 * 1024, heartbeat_s=HEARTBEAT_S)

MakeSignal = Callable[[int, str, datetime, dict[str, str], bytes], Signal]
"""The signal in a message: position, subject, when it was stored, headers, body."""

log = structlog.get_logger(__name__)


class InHand:
    """`handlers.ingest.consumer.Arrival`. A message that is handed out again while it is in hand
    has another reply subject.
    """

    __slots__ = ("_feed", "reply", "said_at", "signal")

    def __init__(self, feed: "JetStreamSignalFeed", signal: Signal, reply: bytes) -> None:
        self._feed = feed
        self.signal = signal
        self.reply = reply
        self.said_at = asyncio.get_running_loop().time()

    def done(self) -> None:
        self._feed.let_go(self, b"+ACK")

    def later(self, delay_s: float) -> None:
        self._feed.let_go(self, b'-NAK {"delay": %d}' % int(delay_s * SECOND_NS))


class JetStreamSignalFeed:
    """`handlers.ingest.consumer.SignalFeed`, by a durable consumer that others keep."""

    def __init__(self, requests: Requests, stream: str, durable: str, signal: MakeSignal) -> None:
        self._connection = requests.connection
        self._next = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._signal = signal
        self._inbox = self._connection.new_inbox()
        self._take: Callable[[Arrival], None] = lambda _: None
        self._in_hand: dict[int, InHand] = {}
        self._bytes = 0
        self._credit = 0  # messages that the server may still send for the pull that it has
        self._silent_checks = 0
        self._closed = False

    @asynccontextmanager
    async def open(self, take: Callable[[Arrival], None]) -> AsyncIterator[None]:
        self._take = take
        subscription = await self._connection.listen(self._inbox, self._receive)
        self._connection.on_lost.append(self._forget_pull)
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self._closed = True
            watch.cancel()
            self._connection.on_lost.remove(self._forget_pull)
            for each in list(self._in_hand.values()):
                self.let_go(each, b"-NAK")
            with suppress(Unavailable):
                await self._connection.unlisten(subscription)

    def let_go(self, arrival: InHand, answer: bytes) -> None:
        """Answer for a message. If that is lost, the message comes again."""
        if self._in_hand.pop(arrival.signal.position, None) is None:
            return
        self._bytes -= len(arrival.signal.body)
        self._answer(arrival, answer)
        self._pull()

    def _answer(self, arrival: InHand, answer: bytes) -> None:
        with suppress(Unavailable):
            self._connection.send(arrival.reply.decode(), "", b"", answer)

    def _receive(self, subject: bytes, reply: bytes, headers: bytes, body: bytes) -> None:
        self._silent_checks = 0
        if not reply:
            self._understand(headers)
            return
        try:
            handed = handed_out(reply)
            position, stored_at = handed.position, handed.stored_at
        except (IndexError, ValueError, OverflowError):
            log.warning("signals.strange_message", reply=reply.decode("utf-8", "replace"))
            return
        self._credit -= 1
        known = self._in_hand.get(position)
        if known is not None:
            known.reply = reply
        elif not self._closed:
            signal = self._signal(position, readable(subject), stored_at, headers_of(headers), body)
            arrival = self._in_hand[position] = InHand(self, signal, reply)
            self._bytes += len(body)
            self._take(arrival)
        self._pull()

    def _understand(self, headers: bytes) -> None:
        """A status message: a heartbeat, or the end of a pull, for a reason."""
        code = status(headers)
        if code == 100:
            return
        self._credit = 0
        if code == 408 or header(headers, b"Nats-Pending-Messages"):
            self._pull()
        else:  # the consumer is not there, or its server has gone: `_watch` asks again
            log.debug("signals.pull_ended", status=headers[9:80].decode(errors="replace"))

    def _pull(self) -> None:
        """Ask for more where the last pull has ended and there is room."""
        room = len(self._in_hand) + PULL <= AHEAD_MAX and self._bytes < AHEAD_BYTES_MAX
        if self._credit > 0 or not room or self._closed:
            return
        with suppress(Unavailable):
            self._connection.send(self._next, self._inbox, b"", _PULL_REQUEST)
            self._credit = PULL

    def _forget_pull(self) -> None:
        self._credit = 0

    async def _watch(self) -> None:
        """Say what is in hand, and ask again where the server has fallen silent."""
        while True:
            self._silent_checks += 1
            if self._silent_checks > SILENT_CHECKS_MAX * HEARTBEAT_S / RETRY_PAUSE_S:
                self._credit = self._silent_checks = 0
            self._pull()
            now = asyncio.get_running_loop().time()
            for each in self._in_hand.values():
                if now - each.said_at >= IN_HAND_S:
                    each.said_at = now
                    self._answer(each, b"+WPI")
            await asyncio.sleep(RETRY_PAUSE_S)
