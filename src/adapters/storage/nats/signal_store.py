"""Raw bodies on the stream SIGNALS, on subjects `raw.<product>.<source>` and `signals.<source>`.

The body is the message, byte for byte. The headers of what reception took in travel as JSON in one
NATS header; what a service has published itself on `signals.<source>` is a CloudEvent, with NATS
headers of its own. When it came in is the time at which the server stored it.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from adapters.storage.nats.jetstream import raw_subject, stored_message, write
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_feed import JetStreamSignalFeed
from adapters.storage.nats.streams import SIGNAL_BODY_BYTES_MAX, SIGNAL_HEADERS_BYTES_MAX, SIGNALS
from adapters.storage.nats.wire import header_block, headers_of, readable
from handlers.ingest.receive import kept_headers
from handlers.kernel.ports import Signal

HEADERS = "Signal-Headers"
PUBLISHED_AS = "cloudevents"
"""The product of what services publish themselves."""

PLAIN_ID_MAX = 128

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class JetStreamSignalStore:
    """`handlers.kernel.ports.SignalStore`."""

    def __init__(self, requests: Requests, *, stream: str = SIGNALS, subject: str = "raw") -> None:
        self._requests = requests
        self._stream = stream
        self._subject = subject

    async def put(
        self, product: str, source: str, body: bytes, headers: Mapping[str, str], msg_id: str
    ) -> int:
        for token in (product, source):
            if not _TOKEN.fullmatch(token):
                raise ValueError(f"not a name of a product or source: {token!r}")
        kept = msgspec.json.encode({name.lower(): value for name, value in headers.items()})
        if len(body) > SIGNAL_BODY_BYTES_MAX or len(kept) > SIGNAL_HEADERS_BYTES_MAX:
            raise ValueError(f"too large: body {len(body)} bytes, headers {len(kept)} bytes")
        block = {
            "Nats-Msg-Id": f"{product}/{source}/{_plain(msg_id)}",
            "Nats-Expected-Stream": self._stream,
            HEADERS: kept.decode(),
        }
        subject = f"{self._subject}.{product}.{source}"
        ack = await write(self._requests, self._stream, subject, body, header_block(block))
        return ack.seq

    async def get(self, position: int) -> Signal | None:
        message = await stored_message(self._requests, self._stream, {"seq": position})
        if message is None:
            return None
        subject = await raw_subject(self._requests, self._stream, message)
        headers = headers_of(message.headers)
        return signal_of(position, readable(subject), message.time, headers, message.body)

    def waiting(self, durable: str) -> JetStreamSignalFeed:
        """What waits for a consumer, which must be kept by others."""
        return JetStreamSignalFeed(self._requests, self._stream, durable, signal_of)


def signal_of(
    position: int, subject: str, at: datetime, headers: Mapping[str, str], body: bytes
) -> Signal:
    """The signal in a message. It never raises."""
    *product, source = subject.split(".")[1:]
    kept = _as_received(headers) if product else kept_headers(_lowered(headers))
    return Signal(position, product[0] if product else PUBLISHED_AS, source, at, kept, body)


def _as_received(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that reception has put in; none where somebody else has written the message."""
    try:
        return msgspec.json.decode(headers.get(HEADERS, "{}"), type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _plain(msg_id: str) -> str:
    """A provider's id as a header value: as it is, or its digest when it is long or strange."""
    if len(msg_id) <= PLAIN_ID_MAX and msg_id.isascii() and msg_id.isprintable():
        return msg_id
    return hashlib.sha256(msg_id.encode()).hexdigest()
