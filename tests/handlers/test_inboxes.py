"""Answers go to inboxes alone, whatever subject a sender names for them."""

import pytest

from adapters.storage.nats.streams import all_streams
from handlers.inboxes import Inboxes


class Counted:
    """How many answers were withheld."""

    def __init__(self) -> None:
        self.answers = 0

    def __call__(self) -> None:
        self.answers += 1


@pytest.mark.parametrize(
    "reply",
    [
        "_INBOX.N5iB8Zb6gVXQp5YlGzJ2oI",
        "_INBOX.payments.N5iB8Zb6gVXQp5YlGzJ2oI.3fX",
        "_R_.UcLv4c.FxY0",
        "_INBOX_night.shift.7",
        "_private.x",
    ],
)
def test_an_inbox_is_answered(reply):
    counted = Counted()
    assert Inboxes(["_INBOX_night.shift", "_private"], counted).admit(reply, "commands.x.y")
    assert counted.answers == 0


@pytest.mark.parametrize(
    "reply",
    [
        "incident.evil",
        "reference.2",
        "signals.shop",
        "raw.pagerduty.pd",
        "timer.set.incident.x.y",
        "commands.incident.declare",
        "$JS.API.STREAM.DELETE.EVENTS",
        "$JS.ACK.SIGNALS.translate.1.1.1.1.0",
        "$SYS.REQ.SERVER.PING",
        "_INBOX",
        "_INBOX.",
        "_INBOX..x",
        "_INBOX.x.",
        "_INBOX.*",
        "_INBOX.x.>",
        "_INBOXES.x",
        "_inbox.x",
        "_INBOX.\\xff",
        "_INBOX.ä",
        "_INBOX_day.x",
        "_INBOX.commandpost.N5iB8Zb6gVXQp5YlGzJ2oI.4",
        " _INBOX.x",
    ],
)
def test_nothing_else_is_answered_and_that_is_counted(reply):
    counted = Counted()
    assert not Inboxes(["_INBOX_night"], counted).admit(reply, "commands.incident.declare")
    assert counted.answers == 1


def test_no_stream_takes_what_an_inbox_may_be_named():
    subjects = [subject for stream in all_streams() for subject in stream["subjects"]]
    assert [subject for subject in subjects if subject.startswith(("_", "*", ">"))] == []
