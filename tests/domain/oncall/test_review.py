"""What a schedule is like: gaps, hours, double duty, and the score with its reasons."""

from datetime import UTC, datetime, time, timedelta

from domain.oncall.layer import DAY, WEEK, Layer, Restriction, Turns
from domain.oncall.review import RosterReview, double_duty, next_hand_off, reviewed
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import Shift, shifts

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
FOUR = ("ada", "bo", "cy", "dee")


def schedule(*people: str, at: str = "10:00", turn: timedelta = WEEK, **fields) -> Schedule:
    layer = Layer(
        id="one",
        zone="Europe/Berlin",
        pattern=Turns(anchor=datetime.fromisoformat(f"2026-06-01T{at}"), length=turn),
        groups=tuple((each,) for each in people),
        **fields,
    )
    return Schedule(id="s", name="s", zone="Europe/Berlin", layers=(layer,))


def of_window(found: Schedule, since: datetime, until: datetime) -> RosterReview:
    return reviewed(shifts(found, since, until), found.zone)


def warned(found: Schedule, weeks: int = 8) -> dict[str, int]:
    review = of_window(found, MONDAY, MONDAY + weeks * WEEK)
    assert review.score == max(0, 100 - sum(each.points for each in review.warnings))
    return {each.code: each.points for each in review.warnings}


def test_what_the_brief_asks_for_has_full_marks():
    assert warned(schedule(*FOUR)) == {}


def test_fewer_than_four_people_cost_a_part_each():
    assert warned(schedule("ada", "bo", "cy")) == {"people.too_few": 10}
    assert warned(schedule("ada", "bo")) == {"people.too_few": 20}


def test_more_than_two_weeks_in_a_row_are_named():
    assert "weeks.too_many" not in warned(schedule(*FOUR, turn=2 * WEEK), weeks=16)
    assert "weeks.too_many" in warned(schedule(*FOUR, turn=3 * WEEK), weeks=24)
    nights = (Restriction(at=time(20), length=timedelta(hours=12)),)
    assert "weeks.too_many" in warned(schedule("ada", restrictions=nights))


def test_a_hand_off_at_midnight_is_named_and_one_when_people_are_at_work_is_not():
    assert warned(schedule(*FOUR, at="00:00")) == {"hand_off.outside_business": 10}
    assert warned(schedule(*FOUR, at="17:00")) == {}


def test_gaps_cost_as_much_of_the_time_as_they_take():
    days = (Restriction(at=time(9), length=timedelta(hours=12)),)
    review = of_window(schedule(*FOUR, restrictions=days), MONDAY, MONDAY + 4 * WEEK)
    assert next(each.points for each in review.warnings if each.code == "gaps") == 30
    assert sum((each.ends - each.begins for each in review.gaps), timedelta(0)) == 14 * DAY


def test_whoever_carries_much_more_than_the_others_is_named():
    assert "hours.uneven" in warned(schedule("ada", "ada", "ada", "bo", "cy", "dee"))


def test_a_schedule_of_nobody_has_no_points():
    assert of_window(schedule(), MONDAY, MONDAY + WEEK).score == 0


def test_hours_are_those_of_the_clock_that_goes_on():
    found = of_window(
        schedule("ada"),
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )
    assert found.hours == {"ada": 23.0}


def test_one_person_with_two_schedules_at_once_is_found():
    held = {
        "first": [Shift(MONDAY, MONDAY + 3 * DAY, ("ada",))],
        "second": [
            Shift(MONDAY + DAY, MONDAY + 2 * DAY, ("ada", "bo")),
            Shift(MONDAY + 2 * DAY, MONDAY + 5 * DAY, ("ada",)),
        ],
    }
    assert list(double_duty(held)) == [
        (Shift(MONDAY + DAY, MONDAY + 3 * DAY, ("ada",)), ("first", "second"))
    ]


def test_the_next_hand_off_is_the_next_other_shift():
    two = schedule("ada", "bo")
    following = next_hand_off(two, MONDAY + DAY)
    assert following is not None
    assert (following.begins, following.people) == (MONDAY + timedelta(days=7, hours=8), ("bo",))
    assert next_hand_off(schedule("ada"), MONDAY + DAY) is None
    assert shifts(two, MONDAY + DAY, MONDAY + 2 * DAY)[0].people == ("ada",)
