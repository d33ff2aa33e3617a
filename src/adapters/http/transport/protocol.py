"""HTTP/1.1 as uvicorn speaks it, and what it leaves out: offers of other protocols are declined,
and a head has an end.
"""

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 64 * 1024
"""Of the request line with its headers, and of trailers; four times what servers usually take."""


class Http1Protocol(HttpToolsProtocol):
    """HTTP/1.1 and nothing else. What arrived together with the beginning of a head (256 KiB at
    most) is not counted.
    """

    _requests = 0
    _in_head = False
    _head_bytes = 0
    _trailer_bytes = 0

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._requests += 1
        self._in_head, self._head_bytes, self._trailer_bytes = True, 0, 0

    def on_headers_complete(self) -> None:
        self._in_head = False
        if not self.parser.should_upgrade():  # else it comes again, without the offer
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

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
        if not self.transport.is_closing():
            self.logger.warning(why)
            self.send_400_response(why)
