"""What engineering hears of what waits in quarantine: once, and with how severe it may be."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from domain.alerting.samples import CAUSE
from domain.alerting.waiting import (
    QuarantineCleared,
    SignalsWaiting,
    Survey,
    WaitingTold,
    decide,
    describe,
    evolve,
    holds,
)
from domain.kernel.decider import Context
from domain.policy import DEFAULT, Severity

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def waits(count: int, first: float, last: float, *causes: object) -> Survey:
    found = causes or (replace(CAUSE, count=count),)
    return Survey(count=count, causes=found, since=at(first), last=at(last))  # type: ignore[arg-type]


def surveyed(*surveys: tuple[float, Survey]) -> list[tuple[float, str, int]]:
    """When what was told, of surveys at these seconds."""
    state, told = WaitingTold(), []
    for seconds, survey in surveys:
        for event in decide(survey, state, Context(at(seconds), "c", DEFAULT)):
            state = evolve(state, event)
            told.append((seconds, type(event).__name__, state.count))
    return told


def test_a_flood_is_one_message_once_it_is_over():
    flood = [(each, waits(each * 100 + 1, 0, each)) for each in range(20)]
    later = [(each, waits(1901, 0, 19)) for each in range(20, 5_000, 10)]
    assert surveyed(*flood, *later) == [(30, "SignalsWaiting", 1901)]


def test_a_flood_without_an_end_is_told_after_half_a_minute_and_a_quarter_of_an_hour_at_most():
    flood = [(each, waits(each + 1, 0, each)) for each in range(3_000)]
    first, *more = surveyed(*flood)
    assert first == (30, "SignalsWaiting", 31)
    assert more == []
    assert surveyed(*flood, (3_010, waits(3_000, 0, 2_999)))[1:] == [
        (3_010, "SignalsWaiting", 3_000)
    ]


def test_another_reason_is_told_with_the_next_message_and_a_more_severe_one_at_once():
    mild = replace(CAUSE, severity=Severity.SEV3)
    other = replace(mild, code="other")
    severe = replace(CAUSE, code="third")
    said = surveyed(
        (10, waits(1, 0, 0, mild)),
        (100, waits(2, 0, 90, mild, other)),
        (920, waits(2, 0, 90, mild, other)),
        (940, waits(3, 0, 931, mild, other, severe)),
    )
    assert [seconds for seconds, _, _ in said] == [10, 920, 940]


def test_another_source_is_told_at_once_and_no_second_time():
    one, other = CAUSE, replace(CAUSE, source="other", severity=Severity.SEV4)
    said = surveyed(
        (10, waits(1, 0, 0, one)),
        (62, waits(2, 0, 60, one, other)),
        (66, waits(2, 0, 60, one, other)),
        (90, waits(3, 0, 80, one, replace(other, count=2))),
        (100, waits(1, 60, 80, other)),
        (110, waits(2, 60, 100, one, other)),
    )
    assert [seconds for seconds, _, _ in said] == [10, 62]


def test_a_severity_that_is_stated_is_told_beside_one_that_was_only_presumed():
    unknown = replace(CAUSE, severity=None)
    stated = replace(CAUSE, code="other", severity=DEFAULT.unassessed)
    said = surveyed(
        (10, waits(1, 0, 0, unknown)),
        (62, waits(2, 0, 60, unknown, stated)),
        (99, waits(3, 0, 90, unknown, replace(stated, count=2))),
    )
    assert [seconds for seconds, _, _ in said] == [10, 62]


def test_what_states_no_severity_counts_as_the_higher_level_in_doubt():
    unknown = replace(CAUSE, severity=None)
    (event,) = decide(waits(1, 0, 0, unknown), WaitingTold(), Context(at(9), "c", DEFAULT))
    assert isinstance(event, SignalsWaiting)
    assert event.severity is DEFAULT.unassessed


def test_that_nothing_waits_any_more_is_told_once_and_takes_back_what_was_not_sent():
    one, none = waits(1, 0, 0), Survey()
    assert [what for _, what, _ in surveyed((9, one), (20, none), (21, none), (99, one))] == [
        "SignalsWaiting",
        "QuarantineCleared",
        "SignalsWaiting",
    ]
    (told,) = decide(one, WaitingTold(), Context(at(9), "c", DEFAULT))
    filled = evolve(WaitingTold(), told)
    assert holds(told, filled)
    assert not holds(told, evolve(filled, QuarantineCleared(occurred_at=at(20))))


def test_who_is_woken_reads_how_many_of_whom_and_what_to_do():
    (event,) = decide(waits(12, 0, 0), WaitingTold(), Context(at(9), "c", DEFAULT))
    said = describe(event)
    assert "12 signals were not understood" in said
    assert "12 of pagerduty source payments: event_type.unknown, SEV1" in said
    assert "`commandpost quarantine show 17`" in said
