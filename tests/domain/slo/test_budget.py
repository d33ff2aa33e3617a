"""What is left of an error budget, and what follows."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from domain.slo.budget import BudgetState, budget_of, state_of
from domain.slo.objective import Calendar, Objective
from domain.slo.series import Minutes


@pytest.mark.parametrize(
    ("remaining", "state"),
    [
        (None, BudgetState.UNKNOWN),
        (Fraction(1), BudgetState.NORMAL),
        (Fraction(501, 1000), BudgetState.NORMAL),
        (Fraction(1, 2), BudgetState.FREEZE_REVIEW),
        (Fraction(1, 4), BudgetState.FREEZE_REVIEW),
        (Fraction(249, 1000), BudgetState.RELIABILITY_ONLY),
        (Fraction(1, 1000), BudgetState.RELIABILITY_ONLY),
        (Fraction(0), BudgetState.FROZEN),
        (Fraction(-3), BudgetState.FROZEN),
    ],
)
def test_states_by_what_remains(remaining: Fraction | None, state: BudgetState):
    assert state_of(remaining) is state


def test_a_budget_weighs_events_of_its_window_alone():
    minutes = Minutes(100, [9, 1, None, 0], [10, 50, None, 50])
    found = budget_of(minutes, Objective("a", Fraction("0.96"), 3))
    assert found is not None
    assert (found.begins, found.ends, found.bad, found.total) == (101, 104, 1, 100)
    assert (found.allowed, found.remaining) == (Fraction(4), Fraction(3, 4))
    assert found.unknown_minutes == 1


def test_nothing_counted_is_unknown_and_not_whole():
    found = budget_of(Minutes(0, [0, None], [0, None]), Objective("a", Fraction("0.9"), 10))
    assert found is not None
    assert (found.remaining, found.state, found.unknown_minutes) == (None, BudgetState.UNKNOWN, 9)


def test_more_than_all_may_be_gone():
    found = budget_of(Minutes(0, [5], [10]), Objective("a", Fraction("0.9"), 1))
    assert found is not None
    assert (found.remaining, found.state) == (Fraction(-4), BudgetState.FROZEN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "unit", "starts", "at", "begins", "ends"),
    [
        (1, "M", "2026-01-31T00:00", "2026-03-01T12:00", "2026-02-27T23:00", "2026-03-30T22:00"),
        (1, "Q", "2026-01-01T00:00", "2026-12-31T22:59", "2026-09-30T22:00", "2026-12-31T23:00"),
        (1, "w", "2026-03-23T00:00", "2026-03-29T21:59", "2026-03-22T23:00", "2026-03-29T22:00"),
        (2, "d", "2026-01-01T00:00", "2026-01-03T23:00", "2026-01-02T23:00", "2026-01-04T23:00"),
        (1, "Y", "2024-02-29T00:00", "2027-01-01T00:00", "2026-02-27T23:00", "2027-02-27T23:00"),
    ],
)
def test_periods_follow_the_wall_clock(
    count: int, unit: str, starts: str, at: str, begins: str, ends: str
):
    calendar = Calendar(datetime.fromisoformat(starts), "Europe/Berlin", count, unit)
    assert calendar.period(utc(at)) == (utc(begins), utc(ends))


def test_a_calendar_that_has_not_begun_has_no_budget():
    starts = datetime.fromisoformat("2026-01-01T00:00:00")
    objective = Objective("a", Fraction("0.9"), 43200, calendar=Calendar(starts, "UTC", 1, "M"))
    assert budget_of(Minutes(0, [0], [1]), objective) is None
    later = int(utc("2026-01-15T00:00:00").timestamp()) // 60
    found = budget_of(Minutes(later, [0], [1]), objective)
    assert found is not None
    assert found.begins == int(utc("2026-01-01T00:00:00").timestamp()) // 60
    assert found.unknown_minutes == 14 * 1440
