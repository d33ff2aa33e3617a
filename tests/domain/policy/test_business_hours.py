"""Business days, also where the clock is changed."""

from datetime import UTC, datetime, time

import pytest

from domain.policy.business_hours import BusinessHours


@pytest.mark.parametrize(
    ("after", "begins"),
    [
        ("2026-05-04T02:14+00:00", "2026-05-05T09:00+00:00"),  # Monday night: Tuesday
        ("2026-05-08T12:00+00:00", "2026-05-11T09:00+00:00"),  # Friday: Monday
        ("2026-05-09T12:00+00:00", "2026-05-11T09:00+00:00"),  # Saturday: Monday
    ],
)
def test_the_next_business_day_begins_at_nine(after: str, begins: str):
    hours = BusinessHours()
    assert hours.next_begin(datetime.fromisoformat(after)) == datetime.fromisoformat(begins)


def test_nine_stays_nine_when_the_clock_is_changed():
    hours = BusinessHours(zone="Europe/Berlin")
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    assert hours.next_begin(friday) == datetime(2026, 3, 30, 7, tzinfo=UTC)
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
