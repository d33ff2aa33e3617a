"""Business days, also where the clock is changed."""

from datetime import UTC, datetime, time

import pytest

from domain.policy.business_hours import BusinessHours


@pytest.mark.parametrize(
    ("after", "standup"),
    [
        ("2026-05-04T02:14+00:00", "2026-05-04T09:00+00:00"),  # Monday night: that morning
        ("2026-05-04T09:00+00:00", "2026-05-04T09:00+00:00"),  # as it begins
        ("2026-05-04T09:01+00:00", "2026-05-05T09:00+00:00"),  # Monday, too late: Tuesday
        ("2026-05-08T12:00+00:00", "2026-05-11T09:00+00:00"),  # Friday: Monday
        ("2026-05-09T12:00+00:00", "2026-05-11T09:00+00:00"),  # Saturday: Monday
    ],
)
def test_the_next_standup_is_todays_if_it_is_still_to_come(after: str, standup: str):
    hours = BusinessHours()
    assert hours.next_standup(datetime.fromisoformat(after)) == datetime.fromisoformat(standup)


def test_a_standup_has_a_time_of_its_own_in_the_zone_of_the_team():
    hours = BusinessHours(zone="America/New_York", standup=time(10, 15), weekdays=(1, 3))
    sunday = datetime(2026, 5, 3, 23, tzinfo=UTC)
    assert hours.next_standup(sunday) == datetime(2026, 5, 4, 14, 15, tzinfo=UTC)
    late_on_monday = datetime(2026, 5, 5, 2, tzinfo=UTC)  # still Monday in New York
    assert hours.next_standup(late_on_monday) == datetime(2026, 5, 6, 14, 15, tzinfo=UTC)


def test_nine_stays_nine_when_the_clock_is_changed():
    hours = BusinessHours(zone="Europe/Berlin")
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    assert hours.next_standup(friday) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert hours.next_end(friday) == datetime(2026, 3, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (8,)}, "weekdays"),
        ({"begins": time(18)}, "begins"),
        ({"zone": "Nowhere"}, "zone"),
    ],
)
def test_hours_that_cannot_be_are_refused(changes: dict[str, object], message: str):
    with pytest.raises(ValueError, match=message):
        BusinessHours(**changes)  # type: ignore[arg-type]
