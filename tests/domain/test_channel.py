"""From where on a channel tells what to whom."""

from datetime import UTC, datetime

from domain.channel import CHANNEL, Activate, ChannelActivated, Era
from domain.decider import Context
from domain.notification import Audience
from domain.policy import DEFAULT, Severity

CONTEXT = Context(datetime(2026, 5, 4, 12, tzinfo=UTC), "command-1", DEFAULT)
ENGINEERING, BOTH = (Audience.ENGINEERING,), (Audience.ENGINEERING, Audience.EXECUTIVES)


def activate(
    after: int,
    audiences: tuple[Audience, ...] = ENGINEERING,
    min_severity: Severity = Severity.SEV3,
) -> Activate:
    return Activate(after=after, audiences=audiences, min_severity=min_severity)


def routed(*commands: Activate) -> tuple[Era, ...]:
    routing = CHANNEL.initial
    for command in commands:
        routing = CHANNEL.fold(routing, CHANNEL.decide(command, routing, CONTEXT))
    return routing.eras


def test_a_channel_begins_behind_the_head_of_the_log() -> None:
    assert CHANNEL.decide(activate(7), CHANNEL.initial, CONTEXT) == [
        ChannelActivated(
            occurred_at=CONTEXT.now, after=7, audiences=ENGINEERING, min_severity=Severity.SEV3
        )
    ]


def test_starting_again_with_the_same_settings_changes_nothing() -> None:
    assert routed(activate(7), activate(90)) == routed(activate(7))


def test_other_settings_hold_from_then_on_and_leave_the_past_as_it_was() -> None:
    assert routed(activate(7), activate(90, BOTH), activate(95, BOTH, Severity.SEV4)) == (
        Era(7, ENGINEERING, Severity.SEV3),
        Era(90, BOTH, Severity.SEV3),
        Era(95, BOTH, Severity.SEV4),
    )
