"""Frames on the wire: whatever the chunks they arrive in, each message is delivered once, whole."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.nats.wire import (
    FrameParser,
    frame,
    header,
    header_block,
    headers_of,
    readable,
    status,
)

HEADERS = header_block({"Nats-Msg-Id": "a/1", "Other": "x: y"})
STREAM = (
    b"MSG in.1 7 5\r\nhello\r\n"
    b"PING\r\n"
    b"MSG in.2 7 reply.to 0\r\n\r\n"
    + f"HMSG in.3 7 {len(HEADERS)} {len(HEADERS) + 4}\r\n".encode()
    + HEADERS
    + b"\r\n\r\n\r\n"
    + f"HMSG in.4 7 back {len(HEADERS)} {len(HEADERS)}\r\n".encode()
    + HEADERS
    + b"\r\nMSG other 8 2\r\nok\r\nPONG\r\nMSG in.5 7 4\r\nMSG \r\n"
)
TO_SINK = [
    (b"in.1", b"", b"", b"hello"),
    (b"in.2", b"reply.to", b"", b""),
    (b"in.3", b"", HEADERS, b"\r\n\r\n"),
    (b"in.4", b"back", HEADERS, b""),
    (b"in.5", b"", b"", b"MSG "),
]


class Client:
    """Records what a parser hands to its client."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def _process_ping(self) -> None:
        self.got.append("ping")

    async def _process_pong(self) -> None:
        self.got.append("pong")

    async def _process_msg(self, *message: Any) -> None:
        self.got.append(message)


@given(st.lists(st.integers(0, len(STREAM)), max_size=20).map(sorted))
def test_frames_survive_any_chunking(cuts):
    client, sunk = Client(), []
    parser = FrameParser(client)
    parser.sinks[b"7"] = lambda *message: sunk.append(message)

    async def feed() -> None:
        for start, end in zip([0, *cuts], [*cuts, len(STREAM)], strict=True):
            await parser.parse(STREAM[start:end])

    asyncio.run(feed())
    assert sunk == TO_SINK
    assert client.got == ["ping", (8, b"other", b"", b"ok", b""), "pong"]


async def test_half_a_frame_of_a_lost_connection_is_forgotten():
    sunk: list[Any] = []
    parser = FrameParser(Client())
    parser.sinks[b"7"] = lambda *message: sunk.append(message)
    await parser.parse(STREAM[:17])
    parser.reset()
    await parser.parse(STREAM)
    assert sunk == TO_SINK


def test_frames_are_written_as_the_protocol_has_them():
    assert frame("a.b", "", b"", b"xyz") == b"PUB a.b  3\r\nxyz\r\n"
    assert frame("a.b", "r", HEADERS, b"xyz") == (
        f"HPUB a.b r {len(HEADERS)} {len(HEADERS) + 3}\r\n".encode() + HEADERS + b"xyz\r\n"
    )


@pytest.mark.parametrize("value", ["a\r\nNats-Rollup: all", "a\n", "\r"])
def test_a_line_break_cannot_smuggle_a_header_in(value):
    with pytest.raises(ValueError, match="line break"):
        header_block({"Nats-Msg-Id": value})


def test_headers_and_status_are_found():
    assert header(HEADERS, b"Nats-Msg-Id") == b"a/1"
    assert header(HEADERS, b"Other") == b"x: y"
    assert header(HEADERS, b"Nats-Msg") == b""
    assert status(b"NATS/1.0 404 No Messages\r\n\r\n") == 404
    assert status(HEADERS) == status(b"") == 0


@pytest.mark.parametrize(
    "block", [b"NATS/1.0 \xff\xff\r\n\r\n", b"NATS/1.0 ", b"NATS/1.0", b"\x00\xff\r\n:\r\n", b"\r"]
)
def test_a_header_block_of_any_bytes_has_no_status_and_breaks_nothing(block):
    assert status(block) == 0
    assert all(isinstance(value, str) for value in headers_of(block).values())


@pytest.mark.parametrize("white", [b"\x0b", b"\x0c"])
async def test_what_is_no_space_for_the_server_is_part_of_a_subject(white):
    client, sunk = Client(), []
    parser = FrameParser(client)
    parser.sinks[b"7"] = lambda *message: sunk.append(message)
    await parser.parse(b"MSG a%bb 7 2\r\nok\r\nMSG a%bb 8 r 2\r\nok\r\n" % (white, white))
    assert sunk == [(b"a%bb" % white, b"", b"", b"ok")]
    assert client.got == [(8, b"a%bb" % white, b"r", b"ok", b"")]


async def test_a_message_that_cannot_be_handled_holds_none_up_behind_it():
    client, sunk = Client(), []

    def sink(subject: bytes, *_: bytes) -> None:
        if subject == b"in.\xff":
            raise ValueError("not this one")
        sunk.append(subject)

    async def handled(*message: Any) -> None:
        message[1].decode()
        client.got.append(message)

    parser = FrameParser(client)
    parser.sinks[b"7"] = sink
    client._process_msg = handled
    await parser.parse(
        b"MSG in.\xff 7 0\r\n\r\nMSG other.\xff 8 0\r\n\r\nMSG in.2 7 0\r\n\r\nPING\r\n"
    )
    assert (sunk, client.got) == ([b"in.2"], ["ping"])


def test_a_subject_is_shown_whatever_its_bytes_are():
    assert readable("signals.größe".encode()) == "signals.größe"
    assert readable(b"signals.\xff\x00\x1b[0m") == r"signals.\xff\x00\x1b[0m"
    assert readable("a\u202eb".encode()) == r"a\u202eb"
