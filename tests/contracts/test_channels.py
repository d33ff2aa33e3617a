"""What every channel keeps to, whatever is at its other end."""

import io
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import pytest

from adapters.channels.console import Console
from adapters.channels.webhook import open_webhook
from handlers.channels import Channel, Transient
from messages import NOON, message
from receiver import Answer, receiving

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="


class Line(NamedTuple):
    """A channel, all that has arrived at its other end, and a way to cut and to mend it."""

    channel: Channel
    arrived: Callable[[], str]
    cut: Callable[[], None]
    mend: Callable[[], None]


class Pipe(io.StringIO):
    broken = False

    def write(self, text: str) -> int:
        if self.broken:
            raise BrokenPipeError("nobody reads")
        return super().write(text)


@pytest.fixture(params=["console", "webhook"])
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    if request.param == "console":
        pipe = Pipe()
        yield Line(
            Console("c", pipe),
            pipe.getvalue,
            lambda: setattr(pipe, "broken", True),
            lambda: setattr(pipe, "broken", False),
        )
        return
    async with receiving() as end, open_webhook("c", end.url, SECRET, lambda: NOON) as webhook:
        yield Line(
            webhook,
            lambda: "\n".join(request.body.decode() for request in end.requests),
            lambda: setattr(end, "answer", Answer(status=0)),
            lambda: setattr(end, "answer", Answer()),
        )


async def test_what_is_sent_arrives_with_its_id_and_words(line: Line) -> None:
    assert await line.channel.send(message(1))
    assert await line.channel.send(message(2, "[RESOLVED] checkout — Errors"))
    arrived = line.arrived()
    for expected in (
        message(1).intent.id,
        message(2).intent.id,
        "[SEV1] checkout — Errors",
        "[RESOLVED] checkout — Errors",
        "Impact: 30% of users",
    ):
        assert expected in arrived


async def test_the_same_message_sent_again_looks_the_same(line: Line) -> None:
    await line.channel.send(message())
    once = line.arrived().strip()
    await line.channel.send(message())
    assert line.arrived().count(once) == 2


async def test_a_cut_line_is_worth_another_attempt_and_works_again_later(line: Line) -> None:
    line.cut()
    with pytest.raises(Transient):
        await line.channel.send(message())
    line.mend()
    assert await line.channel.send(message())


async def test_any_words_get_through(line: Line) -> None:
    """Titles come from outside: control characters, quotes, other scripts."""
    assert await line.channel.send(message(subject='\x1b[31m "quoted" \\ \0 日本 \u202e'))
    assert "\x1b" not in line.arrived()


async def test_a_channel_knows_its_name(line: Line) -> None:
    assert line.channel.name == "c"
