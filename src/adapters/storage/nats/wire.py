"""The NATS protocol where speed matters: parsing message frames, writing and reading headers.

Protocol: https://docs.nats.io/reference/reference-protocols/nats-protocol
"""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from nats.protocol.parser import Parser

Sink = Callable[[bytes, bytes, bytes, bytes], None]
"""Takes subject, reply subject, header block and payload of one message; must not raise."""

_H, _M = b"HM"
_LINE_END = b"\r\n"

log = structlog.get_logger(__name__)


class FrameParser:
    """A drop-in for the parser of nats-py that hands the messages of a few chosen subscriptions
    straight to their sinks: no regular expression, header dictionary, queue or task per message.

    Messages of other subscriptions and all control lines take the path of nats-py. What is wrong
    with one message is a fault of that message: those behind it are read.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._control: Any = Parser(client)
        self._rest = b""
        self._resets = 0
        self.sinks: dict[bytes, Sink] = {}

    def reset(self) -> None:
        """Forget half a frame; nats-py calls this when a connection starts or is lost."""
        self._control.reset()
        self._rest = b""
        self._resets += 1

    async def parse(self, data: bytes = b"") -> None:
        """Deliver every whole frame in `data`, keep the rest for the next call."""
        buffer = self._rest + data if self._rest else data
        resets, at, size = self._resets, 0, len(buffer)
        while at < size:
            line_end = buffer.find(_LINE_END, at)
            if line_end < 0:
                break
            kind, start = buffer[at], line_end + 2
            if kind != _H and kind != _M:  # noqa: PLR1714 - a tuple per message would be made
                await self._control.parse(_in_utf8(buffer[at:start]))
                at = start
                continue
            # By single spaces alone: for the server, form feeds and the like are part of a subject.
            words = buffer[at:line_end].split(b" ")
            end = start + int(words[-1])
            if end + 2 > size:
                break
            body, reply_words = (start + int(words[-2]), 6) if kind == _H else (start, 5)
            reply = words[3] if len(words) == reply_words else b""
            sink = self.sinks.get(words[2])
            try:
                if sink is not None:
                    sink(words[1], reply, buffer[start:body], buffer[body:end])
                else:
                    await self._client._process_msg(  # noqa: SLF001 - as the parser it stands in for
                        int(words[2]), words[1], reply, buffer[body:end], buffer[start:body]
                    )
            except Exception:
                log.exception("nats.message_dropped", subject=readable(words[1]))
            at = end + 2
        if resets == self._resets:  # else the connection was lost meanwhile, and its bytes with it
            self._rest = buffer[at:]


def frame(subject: str, reply: str, headers: bytes, payload: bytes) -> bytes:
    """A PUB or HPUB frame; `headers` is a header block or empty."""
    if headers:
        sizes = f"{len(headers)} {len(headers) + len(payload)}"
        return b"%b%b%b\r\n" % (f"HPUB {subject} {reply} {sizes}\r\n".encode(), headers, payload)
    return b"%b%b\r\n" % (f"PUB {subject} {reply} {len(payload)}\r\n".encode(), payload)


def header_block(headers: Mapping[str, str]) -> bytes:
    """The headers of a message as NATS sends them; a line break in a value is a ValueError."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    block = "\r\n".join(["NATS/1.0", *lines, "", ""])
    if block.count("\r") + block.count("\n") != 2 * (len(lines) + 2):
        raise ValueError("a header cannot hold a line break")
    return block.encode()


def header(headers: bytes, name: bytes) -> bytes:
    """The last value of header `name` in a block, empty when it is not there."""
    at = headers.rfind(b"\r\n" + name + b": ")
    if at < 0:
        return b""
    start = at + len(name) + 4
    return headers[start : headers.find(_LINE_END, start)]


def headers_of(block: bytes) -> dict[str, str]:
    """All headers of a block; of a name that comes twice, the last value. Never raises."""
    lines = block.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name: value.strip() for name, _, value in pairs}


def status(headers: bytes) -> int:
    """The code of a status message such as `NATS/1.0 503`, 0 for an ordinary message."""
    code = headers[9:12] if headers.startswith(b"NATS/1.0 ") else b""
    return int(code) if code.isdigit() else 0


def described_status(headers: bytes) -> str:
    """What a status message says beside its code: "No Messages"."""
    return headers[12 : headers.find(_LINE_END)].decode("utf-8", "replace").strip()


def readable(subject: bytes) -> str:
    """A subject as text. A publisher may use any bytes but those of white space: what is not UTF-8
    or cannot be printed is escaped, `\\xff`.
    """
    text = subject.decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _in_utf8(line: bytes) -> bytes:
    """A line of the server, which may quote a subject."""
    return line.decode("utf-8", "backslashreplace").encode()
