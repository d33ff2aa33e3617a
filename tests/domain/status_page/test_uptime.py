"""Which part of a window a component was up."""

from datetime import timedelta
from typing import Any

import pytest

from domain.status_page.public_incident import PublicIncident
from domain.status_page.uptime import uptime
from support.public_incidents import public
from support.spec import NOON, at

DAY = timedelta(days=1)
LONG_AGO = NOON - 400 * DAY


def percent(*incidents: PublicIncident, days: int = 10, known: Any = LONG_AGO) -> str | None:
    return uptime(incidents, known, NOON - days * DAY, NOON).percent


def lasted(start_min: float, end_min: float | None, **more: Any) -> PublicIncident:
    ended = None if end_min is None else at(end_min)
    status = "investigating" if ended is None else "resolved"
    return public(
        more.pop("number", 1), started_at=at(start_min), ended_at=ended,
        status=more.pop("status", status), **more,
    )  # fmt: skip


def test_nothing_was_down():
    assert percent() == "100"


@pytest.mark.parametrize(
    ("impact", "expected"),
    [("critical", "90.00"), ("major", "97.00"), ("minor", "100"), ("none", "100")],
)
def test_a_day_of_ten_counts_by_how_bad_it_was(impact: str, expected: str):
    assert percent(lasted(-2 * 1440, -1440, impact=impact)) == expected


def test_what_goes_on_counts_until_now_and_what_began_before_from_the_window_on():
    assert percent(lasted(-1440, None)) == "90.00"
    assert percent(lasted(-20 * 1440, -9 * 1440)) == "90.00"
    assert percent(lasted(-20 * 1440, None)) == "0.00"
    assert percent(lasted(-20 * 1440, -11 * 1440)) == "100", "it was over before"


def test_what_overlaps_counts_once_by_the_worst():
    outage = lasted(-2 * 1440, -1440)
    assert percent(outage, lasted(-2 * 1440, -1440, number=2)) == "90.00"
    assert percent(outage, lasted(-3 * 1440, -1440, number=2, impact="major")) == "87.00"


def test_maintenance_and_false_alarms_are_no_downtime():
    assert percent(lasted(-1440, None, maintenance=True)) == "100"
    assert percent(lasted(-1440, -60, status="canceled")) == "100"


def test_a_second_of_downtime_is_not_100_percent():
    assert percent(lasted(-60, -60 + 1 / 60)) == "99.99"


def test_what_is_not_known_is_not_100_percent():
    assert percent(known=NOON) is None
    assert percent(known=NOON + DAY) is None
    half = NOON - 5 * DAY
    assert percent(lasted(-1440, None), known=half) == "80.00", "of what is known"
