"""An end to what comes before a body: uvicorn gathers line and headers of a request without one."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 64 * 1024
"""Of the request line with its headers, and of trailers; four times what servers usually take."""


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with an answer to heads that do not end. What arrived together with the
    beginning of a head (256 KiB at most) is not counted.
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
        super().on_headers_complete()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Behind a chunked body, too; an error here is an answer of 400."""
        if not self._in_head:
            self._trailer_bytes += len(name) + len(value)
            if self._trailer_bytes > HEAD_BYTES_MAX:
                raise ValueError("trailers without end")
        super().on_header(name, value)

    def data_received(self, data: bytes) -> None:
        before, inside = self._requests, self._in_head
        super().data_received(data)
        if inside and self._in_head and self._requests == before:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
                self.logger.warning("Request line and headers are too large.")
                self.send_400_response("Request line and headers are too large.")
