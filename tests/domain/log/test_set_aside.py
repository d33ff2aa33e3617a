"""What waits to be settled, and when people hear of it."""

from datetime import UTC, datetime

import pytest

from domain.kernel.decider import Context
from domain.log import LOG, Recover, Report, SetAside, Skip
from domain.log.set_aside import LogCommand, LogEvent, describe, is_news
from domain.policy import DEFAULT

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def report(*positions: int, code: str = "body.not_json", tags: tuple[str, ...] = ()) -> Report:
    return Report(positions=positions, subject="incident.evil", code=code, reason="r", tags=tags)


def after(*commands: LogCommand) -> tuple[SetAside, list[LogEvent]]:
    state, events = LOG.initial, list[LogEvent]()
    for command in commands:
        decided = LOG.decide(command, state, Context(NOON, "c", DEFAULT))
        state = LOG.fold(state, decided)
        events += decided
    return state, events


SKIP = Skip(position=2, subject="incident.evil", code="body.not_json", reason="ours")


@pytest.mark.parametrize("command", [report(1, 2), SKIP, Recover(positions=(1,))])
def test_the_same_command_twice_adds_nothing(command: LogCommand):
    assert after(report(1), command, command) == after(report(1), command)


def test_what_is_skipped_waits_no_more_and_is_never_reported_again():
    state, events = after(report(1, 2), SKIP, report(1, 2))
    assert (state.waiting, state.skipped, len(events)) == ({1}, {2}, 2)


def test_what_a_release_can_read_waits_no_more_and_may_be_reported_by_an_older_one():
    state, events = after(report(1), Recover(positions=(1, 7)), report(1))
    assert (state.waiting, len(events)) == ({1}, 3)
    assert events[1].positions == (1,)  # type: ignore[union-attr]


def test_a_flood_is_told_of_at_each_doubling_and_each_new_cause_at_once():
    state, told = LOG.initial, []
    for position in range(1, 100):
        event = LOG.decide(report(position), state, Context(NOON, "c", DEFAULT))[0]
        following = LOG.evolve(state, event)
        told += [position] if is_news(state, following) else []
        state = following
    assert told == [1, 2, 4, 8, 16, 32, 64]
    event = LOG.decide(report(100, code="tag.unknown"), state, Context(NOON, "c", DEFAULT))[0]
    assert is_news(state, LOG.evolve(state, event))


def test_words_name_position_and_subject_say_what_to_do_and_quote_no_stranger():
    _, (event,) = after(report(17, code="tag.unknown", tags=("incident.teleported.v1",)))
    assert "position 17 on incident.evil" in describe(event)
    assert describe(event).endswith("incident.teleported.v1: upgrade this instance.")
    strange = Report(positions=(1,), subject="incident.`<@all>", code="body.not_json", reason="<!>")
    _, (event,) = after(strange)
    assert "<" not in describe(event)
    assert "commandpost log skip 1 REASON" in describe(event)
