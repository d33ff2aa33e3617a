"""How components are doing, and how they did."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.status_page.components import (
    Component,
    Condition,
    days,
    derive_components,
    status_of,
    worst,
)
from support.public_incidents import public
from support.spec import NOON

CHECKOUT = Component(name="Checkout", services=("checkout", "payments"))
TODAY = NOON.date()
LONG_AGO = TODAY - timedelta(days=400)


@pytest.mark.parametrize(
    ("impact", "condition"),
    [
        ("critical", Condition.MAJOR_OUTAGE),
        ("major", Condition.PARTIAL_OUTAGE),
        ("minor", Condition.DEGRADED_PERFORMANCE),
        ("none", Condition.OPERATIONAL),
    ],
)
def test_an_open_incident_sets_the_status_of_the_components_it_concerns(
    impact: str, condition: Condition
):
    incident = public(impact=impact, services=("payments", "mail"))
    assert status_of(CHECKOUT, [incident]) is condition
    assert status_of(Component(name="Search", services=("search",)), [incident]) == 0


def test_the_worst_open_incident_counts():
    found = [public(1, impact="minor"), public(2, impact="major"), public(3, maintenance=True)]
    assert status_of(CHECKOUT, found) is Condition.PARTIAL_OUTAGE
    assert worst([public(3, maintenance=True)]) is Condition.UNDER_MAINTENANCE
    assert worst([]) is Condition.OPERATIONAL


@pytest.mark.parametrize("status", ["resolved", "canceled", "merged"])
def test_what_is_over_counts_no_more(status: str):
    assert status_of(CHECKOUT, [public(status=status)]) is Condition.OPERATIONAL


def test_once_recovery_is_watched_an_outage_is_a_degradation():
    assert status_of(CHECKOUT, [public(status="monitoring")]) is Condition.DEGRADED_PERFORMANCE
    watched = public(status="monitoring", impact="none")
    assert status_of(CHECKOUT, [watched]) is Condition.OPERATIONAL
    watched = public(status="monitoring", maintenance=True)
    assert status_of(CHECKOUT, [watched]) is Condition.UNDER_MAINTENANCE


def test_without_configuration_each_service_with_a_public_incident_is_a_component():
    found = derive_components([public(1, services=("search", "api")), public(2, services=("api",))])
    assert [component.name for component in found] == ["api", "search"]


def conditions(*incidents: object, since: date = LONG_AGO) -> list[int | None]:
    return [day.worst for day in days(incidents, TODAY, 5, since)]


def test_an_incident_colours_each_day_that_it_lasted():
    over = public(
        status="resolved",
        started_at=NOON - timedelta(days=3),
        ended_at=NOON - timedelta(days=2),
    )
    assert conditions(over) == [0, 4, 4, 0, 0]


def test_an_open_incident_lasts_until_today_and_the_worst_of_a_day_counts():
    minor = public(1, impact="minor", started_at=NOON - timedelta(days=30))
    major = public(
        2, impact="major", status="resolved", ended_at=NOON, started_at=NOON - timedelta(hours=1)
    )
    assert conditions(minor, major) == [2, 2, 2, 2, 3]


def test_an_end_at_midnight_belongs_to_the_day_before():
    over = public(
        status="resolved",
        started_at=NOON - timedelta(days=1),
        ended_at=datetime(2026, 5, 4, tzinfo=UTC),
    )
    assert conditions(over) == [0, 0, 0, 4, 0]


def test_of_days_before_the_log_begins_only_incidents_are_known():
    early = public(
        status="resolved",
        started_at=NOON - timedelta(days=4),
        ended_at=NOON - timedelta(days=4),
    )
    assert conditions(early, since=TODAY - timedelta(days=1)) == [4, None, None, 0, 0]
    assert conditions(since=TODAY) == [None, None, None, None, 0]


def test_a_false_alarm_colours_nothing():
    assert conditions(public(status="canceled", ended_at=NOON)) == [0] * 5


def test_an_end_before_the_beginning_colours_the_day_of_the_beginning():
    odd = public(status="resolved", ended_at=NOON - timedelta(days=2))
    assert conditions(odd) == [0, 0, 0, 0, 4]


def test_days_are_those_of_utc():
    (day,) = days([], date(2026, 5, 4), 1, LONG_AGO)
    assert day.date == date(2026, 5, 4)
