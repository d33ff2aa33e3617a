"""What every channel keeps to, whatever is at its other end."""

import io
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from adapters.channels.console import Console
from adapters.channels.webhook import open_webhook
from domain.notification import Audience
from domain.policy import Severity
from handlers.channels import Channel, Transient
from projections.intents import Intent
from receiver import Answer, receiving

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
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


def intent(number: int = 1, subject: str = "[SEV1] checkout — Errors") -> Intent:
    return Intent(
        id=f"{number:032x}",
        incident_id="01970001-0000-7000-8000-000000000000",
        reference="INC-7",
        event_id="c1/0",
        position=number,
        audience=Audience.ENGINEERING,
        kind="declared",
        severity=Severity.SEV1,
        peak=Severity.SEV1,
        subject=subject,
        text="INC-7: Errors\nImpact: not known yet",
        occurred_at=NOON,
        recorded_at=NOON,
    )


async def test_what_is_sent_arrives_with_its_id_and_words(line: Line) -> None:
    assert await line.channel.send(intent(1))
    assert await line.channel.send(intent(2, "[RESOLVED] checkout — Errors"))
    arrived = line.arrived()
    for expected in (
        intent(1).id,
        intent(2).id,
        "[SEV1] checkout — Errors",
        "[RESOLVED] checkout — Errors",
        "Impact: not known yet",
    ):
        assert expected in arrived


async def test_the_same_message_sent_again_looks_the_same(line: Line) -> None:
    await line.channel.send(intent())
    once = line.arrived().strip()
    await line.channel.send(intent())
    assert line.arrived().count(once) == 2


async def test_a_cut_line_is_worth_another_attempt_and_works_again_later(line: Line) -> None:
    line.cut()
    with pytest.raises(Transient):
        await line.channel.send(intent())
    line.mend()
    assert await line.channel.send(intent())


async def test_any_words_get_through(line: Line) -> None:
    """Titles come from outside: control characters, quotes, other scripts."""
    assert await line.channel.send(intent(subject='\x1b[31m "quoted" \\ \0 日本 \u202e'))
    assert "\x1b" not in line.arrived()


async def test_a_channel_knows_its_name(line: Line) -> None:
    assert line.channel.name == "c"
