"""From where on a channel tells what to whom."""

from datetime import UTC, datetime

from domain.kernel.decider import Context
from domain.notification import CHANNEL, Audience
from domain.notification.channel import Activate, ChannelActivated, Era
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


def test_other_services_begin_a_new_era() -> None:
    of_checkout = Activate(
        after=9, audiences=ENGINEERING, min_severity=Severity.SEV3, services=("checkout",)
    )
    assert routed(activate(7), of_checkout, of_checkout) == (
        Era(7, ENGINEERING, Severity.SEV3),
        Era(9, ENGINEERING, Severity.SEV3, ("checkout",)),
    )


def test_a_channel_that_is_marked_for_drills_begins_a_new_era() -> None:
    marked = Activate(after=9, audiences=ENGINEERING, min_severity=Severity.SEV3, drills=True)
    assert routed(activate(7), marked, marked) == (
        Era(7, ENGINEERING, Severity.SEV3),
        Era(9, ENGINEERING, Severity.SEV3, drills=True),
    )


def test_a_channel_for_some_services_hears_of_those_and_of_what_names_none() -> None:
    some = Era(0, ENGINEERING, Severity.SEV4, ("checkout", "search"))
    assert some.concerns(("payments", "search"))
    assert some.concerns(())
    assert not some.concerns(("payments",))
    assert Era(0, ENGINEERING, Severity.SEV4).concerns(("payments",))
