"""Quarter over quarter: figures with their incidents, and no arrow where there may be none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.incident.events import Kind
from domain.learning.definitions import BUILT_IN
from domain.learning.trends import histogram, period_of, trends
from support.spec import declared, log_of, reopened, resolved

SPRING, SUMMER = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 8, 1, tzinfo=UTC)


def over(began: datetime, minutes: float | None, **fields: Any) -> Any:
    """An incident that was declared then and resolved so many minutes later; None: not yet."""
    story: list[Any] = [replace(declared(**fields), occurred_at=began)]
    if minutes is not None:
        story.append(replace(resolved(), occurred_at=began + timedelta(minutes=minutes)))
    return log_of(*story).incident


def history(*incidents: Any) -> dict[str, Any]:
    return {str(place): each for place, each in enumerate(incidents)}


def test_each_period_names_its_incidents_and_keeps_open_apart_from_unknown():
    found = trends(
        history(
            over(SPRING, 10),
            over(SPRING, 30),
            over(SPRING, None),
            over(SUMMER, 20),
            over(SUMMER, -5),
            over(SUMMER, 20, kind=Kind.DRILL),
        ),
        BUILT_IN,
        "quarter",
    )
    spring, summer = found.series["declare_to_resolve"]
    assert (spring.period, spring.incidents) == ("2026-Q2", ("0", "1", "2"))
    assert (spring.n, spring.open, spring.unknown, spring.median_s) == (2, 1, 0, 1200)
    assert (summer.period, summer.incidents) == ("2026-Q3", ("3", "4"))
    assert (summer.n, summer.open, summer.unknown) == (1, 0, 1)
    assert (spring.change_s, summer.change_s, summer.trend) == (None, 0, None)
    assert {each.median_s for each in found.series["ttd"]} == {None}
    assert {each.change_s for each in found.series["ttd"]} == {None}
    assert found.definitions_version == BUILT_IN.version


@pytest.mark.parametrize(("factor", "trend"), [(4, "up"), (0.25, "down"), (1.05, None)])
def test_an_arrow_is_shown_only_where_the_interval_does_not_contain_zero(
    factor: float, trend: str | None
):
    minutes = range(20, 60)
    before = [over(SPRING, each) for each in minutes]
    after = [over(SUMMER, each * factor) for each in minutes]
    *_, last = trends(history(*before, *after), BUILT_IN, "quarter").series["declare_to_resolve"]
    assert last.trend == trend
    assert last.low_s is not None
    assert last.high_s is not None
    assert (last.low_s <= 0 <= last.high_s) == (trend is None)


def test_the_share_that_was_reopened():
    once = log_of(declared(), resolved(40), reopened(50), resolved(60)).incident
    found = trends(history(once, log_of(declared(), resolved(40)).incident), BUILT_IN, "month")
    (month,) = found.series["ttd"]
    assert month.reopened == 0.5


def test_periods_and_bounds():
    months = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 3, 4, 12)]
    quarters = [period_of(month, "quarter") for month in months]
    assert quarters == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]
    found = histogram([0, 300, 301, 10**9])
    assert (found["300"], found["900"], found["more"], sum(found.values())) == (2, 1, 1, 4)


def test_nothing_gives_nothing():
    assert set(trends({}, BUILT_IN, "month").series.values()) == {()}
