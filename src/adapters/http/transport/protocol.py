"""HTTP/1.1 as uvicorn speaks it, and what it leaves out: offers of other protocols are declined, a
head has an end, and whoever lets us wait is not waited for.
"""

import fcntl
import sys
import termios
from asyncio import BaseTransport
from contextlib import suppress
from math import inf

import msgspec
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from adapters.http.problems import PROBLEM_JSON, RETRY_AFTER_S, document
from adapters.http.transport.connections import BODY_S, HEAD_S, UNREAD_S, Connections, Waits

HEAD_BYTES_MAX = 64 * 1024
"""Of the request line with its headers, and of trailers; four times what servers usually take."""


class Http1Protocol(HttpToolsProtocol):
    """HTTP/1.1 and nothing else. What arrived together with the beginning of a head (256 KiB at
    most) is not counted.
    """

    server_state: Connections
    due = inf
    _requests = 0
    _in_head = False
    _head_bytes = 0
    _trailer_bytes = 0
    _unsent_bytes = 0

    @property
    def waits(self) -> Waits:
        if self.transport.get_write_buffer_size():
            return Waits.FOR_US
        if self.cycle is None or self.cycle.response_complete:
            return Waits.FOR_A_HEAD
        return Waits.FOR_A_BODY if self.cycle.more_body else Waits.FOR_US

    def expire(self) -> None:
        """The time is up. A client that still takes what was sent gets more of it."""
        unsent = self._untaken_bytes()
        if unsent and unsent != self._unsent_bytes:
            self._unsent_bytes = unsent
            self._renew()
        elif self._in_head and not self.transport.is_closing():
            self._answer(408, "head.too_slow", f"the headers did not come within {HEAD_S:.0f} s")
        elif unsent or self.waits is Waits.FOR_A_BODY or self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.close()

    def _untaken_bytes(self) -> int:
        """What is to be sent, and what the system has sent and the other side not taken: its
        buffers may hold megabytes, so that from the first alone a slow client seems to be gone.
        """
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            with suppress(OSError):  # not every system tells
                sock = self.transport.get_extra_info("socket")
                told = fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4))
                unsent += int.from_bytes(told, sys.byteorder)
        return unsent

    def _renew(self) -> None:
        match self.waits:
            case Waits.FOR_A_HEAD:
                wait_s = HEAD_S
            case Waits.FOR_A_BODY:
                wait_s = BODY_S
            case Waits.FOR_US:
                wait_s = UNREAD_S if self.transport.get_write_buffer_size() else inf
        self.due = self.loop.time() + wait_s

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type] # one that is written to
        self._renew()
        if refused := self.server_state.admit(self):
            self._answer(503, "connections.too_many", refused)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server_state.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._renew()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._renew()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        cycle = self.cycle
        if self.expect_100_continue and cycle.response_complete and cycle.more_body:
            self.transport.close()  # nobody knows whether a body follows, or the next request
        self._renew()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._requests += 1
        self._in_head, self._head_bytes, self._trailer_bytes = True, 0, 0
        self._renew()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if not self.parser.should_upgrade():  # else it comes again, without the offer
            super().on_headers_complete()
            self._renew()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()
            self._renew()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Behind a chunked body, too; an error here is an answer of 400."""
        if not self._in_head:
            self._trailer_bytes += len(name) + len(value)
            if self._trailer_bytes > HEAD_BYTES_MAX:
                raise ValueError("trailers without end")
        super().on_header(name, value)

    def data_received(self, data: bytes) -> None:
        before, inside = self._requests, self._in_head
        self._unset_keepalive_if_required()
        try:
            self._parse(memoryview(data))
        except HttpParserError:
            self._refuse("Invalid HTTP request received.")
            return
        if inside and self._in_head and self._requests == before:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse("Request line and headers are too large.")

    def _parse(self, data: memoryview) -> None:
        """Read on, whatever the client offers beside HTTP/1.1. The parser takes an offer (`Upgrade:
        h2c` of curl and Java) for accepted, and ends the request without its body; RFC 9110, 7.8,
        lets a server ignore it. So the head goes to a new parser, without the offer.
        """
        while True:
            try:
                self.parser.feed_data(data)
            except HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
                head = self._head_without_offer()
                self.parser = HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                self.parser.feed_data(head)
            else:
                return

    def _head_without_offer(self) -> bytes:
        method = self.parser.get_method()
        if method == b"CONNECT":  # an upgrade by itself; we are no proxy
            raise HttpParserError("CONNECT")
        version = self.parser.get_http_version().encode()
        fields = [b"%s: %s\r\n" % field for field in self.headers if field[0] != b"upgrade"]
        return b"%s %s HTTP/%s\r\n%s\r\n" % (method, self.url, version, b"".join(fields))

    def _refuse(self, why: str) -> None:
        self.logger.warning(why)
        self._answer(400, "request.invalid", why)

    def _answer(self, status: int, code: str, detail: str) -> None:
        """Say why, where no request has got so far as to be answered, and hang up."""
        if self.transport.is_closing():
            return
        body = msgspec.json.encode(document(status, code, detail))
        head = (
            f"content-type: {PROBLEM_JSON}\r\ncontent-length: {len(body)}\r\n"
            f"retry-after: {RETRY_AFTER_S}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(STATUS_LINE[status] + head.encode() + body)
        self.transport.close()
