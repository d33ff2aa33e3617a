"""Raw bodies on the stream SIGNALS, on subjects `raw.<product>.<source>` and `signals.<source>`.

The body is the message, byte for byte. The headers of what reception took in travel as JSON in one
NATS header; what a service has published itself on `signals.<source>` is a CloudEvent, with NATS
headers of its own. When it came in is the time at which the server stored it.

A body that is too large for one message is cut. Its end is the signal, stored last, and names the
positions of the pieces before, which stand on `part.<product>.<source>`, where no consumer looks.
What was cut off half-way was never answered: its sender repeats it, and the pieces are found by
their ids, or lie there unused.
"""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
import structlog
from msgspec.structs import replace

from adapters.clock import new_id
from adapters.storage.nats.jetstream import raw_subject, stored_message, stream_info, write
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_feed import JetStreamSignalFeed
from adapters.storage.nats.streams import (
    SIGNAL_BODY_BYTES_MAX,
    SIGNAL_HEADERS_BYTES_MAX,
    SIGNAL_PART_BYTES_MAX,
    SIGNALS,
)
from adapters.storage.nats.wire import header_block, headers_of, readable
from handlers.ingest.receive import kept_headers
from handlers.kernel.ports import Signal

HEADERS = "Signal-Headers"
PARTS = "Signal-Parts"
"""Positions, with commas between them."""
PUBLISHED_AS = "cloudevents"
"""The product of what services publish themselves."""

LOST = "commandpost.lost"
"""In place of the product and the source of a piece."""
AT_ONCE = 256

PLAIN_ID_MAX = 128

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = structlog.get_logger(__name__)


class JetStreamSignalStore:
    """`handlers.kernel.ports.SignalStore`."""

    def __init__(
        self,
        requests: Requests,
        *,
        stream: str = SIGNALS,
        subject: str = "raw",
        part: str = "part",
    ) -> None:
        self._requests = requests
        self._stream = stream
        self._subject = subject
        self._part = part

    async def put(
        self, product: str, source: str, body: bytes, headers: Mapping[str, str], msg_id: str | None
    ) -> int:
        for token in (product, source):
            if not _TOKEN.fullmatch(token):
                raise ValueError(f"not a name of a product or source: {token!r}")
        kept = msgspec.json.encode({name.lower(): value for name, value in headers.items()})
        if len(body) > SIGNAL_BODY_BYTES_MAX or len(kept) > SIGNAL_HEADERS_BYTES_MAX:
            raise ValueError(f"too large: body {len(body)} bytes, headers {len(kept)} bytes")
        *pieces, end = _cut(body)
        # A write that is tried again is the same one, so it has an id of its own in any case.
        id_ = f"{product}/{source}/{new_id() if msg_id is None else _plain(msg_id)}"
        parts = [
            await self._write(f"{self._part}.{product}.{source}", piece, f"{id_}/{number}", {})
            for number, piece in enumerate(pieces)
        ]
        more = {HEADERS: kept.decode()}
        if parts:
            more[PARTS] = ",".join(map(str, parts))
        return await self._write(f"{self._subject}.{product}.{source}", end, id_, more)

    async def _write(self, subject: str, body: bytes, id_: str, more: Mapping[str, str]) -> int:
        block = {"Nats-Msg-Id": id_, "Nats-Expected-Stream": self._stream, **more}
        ack = await write(self._requests, self._stream, subject, body, header_block(block))
        return ack.seq

    async def pass_over(self, used: int, margin: int = 0) -> int:
        """Where the stream ends before a position that was `used`, it has lost its end, and none of
        these is given again, nor so many behind. How many were missing, which are pieces of nothing
        now. Raises `Unavailable`.
        """
        last = (await stream_info(self._requests, self._stream)).state.last_seq
        if used <= last:
            return 0
        for begin in range(last, used + margin, AT_ONCE):
            some = range(begin, min(begin + AT_ONCE, used + margin))
            nothing = (self._write(f"{self._part}.{LOST}", b"", new_id(), {}) for _ in some)
            await asyncio.gather(*nothing)
        return used - last

    async def get(self, position: int) -> Signal | None:
        message = await stored_message(self._requests, self._stream, {"seq": position})
        if message is None or message.subject.startswith(f"{self._part}."):
            return None
        subject = await raw_subject(self._requests, self._stream, message)
        headers = headers_of(message.headers)
        signal = signal_of(position, readable(subject), message.time, headers, message.body)
        return await self.whole(signal)

    async def whole(self, signal: Signal) -> Signal:
        if not signal.parts:
            return signal
        pieces = [await self._piece(position) for position in signal.parts]
        return replace(signal, body=b"".join((*pieces, signal.body)), parts=())

    async def _piece(self, position: int) -> bytes:
        """Without it the body makes no sense, and whoever looks into quarantine sees that."""
        message = await stored_message(self._requests, self._stream, {"seq": position})
        if message is None:
            log.error("signal.part_missing", position=position)
        return message.body if message else b""

    def waiting(self, durable: str) -> JetStreamSignalFeed:
        """What waits for a consumer, which must be kept by others."""
        return JetStreamSignalFeed(self._requests, self._stream, durable, signal_of)


def signal_of(
    position: int, subject: str, at: datetime, headers: Mapping[str, str], body: bytes
) -> Signal:
    """The signal in a message. It never raises."""
    *product, source = subject.split(".")[1:]
    if not product:
        return Signal(position, PUBLISHED_AS, source, at, kept_headers(_lowered(headers)), body)
    return Signal(position, product[0], source, at, _as_received(headers), body, _parts(headers))


def _as_received(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that reception has put in; none where somebody else has written the message."""
    try:
        return msgspec.json.decode(headers.get(HEADERS, "{}"), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _parts(headers: Mapping[str, str]) -> tuple[int, ...]:
    """Where the beginning of a body is; nowhere, where somebody else has written the message."""
    named = headers.get(PARTS, "").split(",")
    return tuple(int(each) for each in named if each.isascii() and each.isdecimal())


def _cut(body: bytes) -> list[bytes]:
    """A body in pieces that fit into a message each, at least one."""
    size = SIGNAL_PART_BYTES_MAX
    return [body[at : at + size] for at in range(0, max(len(body), 1), size)]


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _plain(msg_id: str) -> str:
    """A provider's id as a header value: as it is, or its digest when it is long or strange."""
    if len(msg_id) <= PLAIN_ID_MAX and msg_id.isascii() and msg_id.isprintable():
        return msg_id
    return hashlib.sha256(msg_id.encode()).hexdigest()
