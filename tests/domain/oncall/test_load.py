"""What on-call asks of people: counted by their own clocks, and unknown where that is not known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.oncall.load import CarriedShift, OnCallLoad, PersonLoad, PersonPage, on_call_load

FRIDAY = datetime(2026, 5, 1, 12, tzinfo=UTC)
ZONES = {"ada": "Europe/Berlin", "grace": "America/New_York", "kei": None}
HOUR = timedelta(hours=1)


def page(hours: float, person: str = "ada", taken_s: float | None = None) -> PersonPage:
    at = FRIDAY + hours * HOUR
    taken = None if taken_s is None else at + timedelta(seconds=taken_s)
    return PersonPage(f"PG-{hours}", person, at, taken)


def shift(begins: float, ends: float, person: str = "ada", schedule: str = "s") -> CarriedShift:
    return CarriedShift(schedule, person, FRIDAY + begins * HOUR, FRIDAY + ends * HOUR)


def load(*told: PersonPage, shifts: tuple[CarriedShift, ...] = ()) -> OnCallLoad:
    return on_call_load(told, shifts, ZONES, FRIDAY, FRIDAY + timedelta(days=28))


def of(person: str, found: OnCallLoad) -> PersonLoad:
    return next(each for each in found.people if each.person == person)


@pytest.mark.parametrize(
    ("hours", "person", "night", "weekend"),
    [
        (10, "ada", 1, 1),  # 22:00 UTC is midnight in Berlin, a Saturday by then
        (9.9, "ada", 1, 0),
        (0, "ada", 0, 0),
        (0, "grace", 0, 0),
        (18, "grace", 1, 1),
        (0, "kei", None, None),
        (0, "stranger", None, None),
    ],
)
def test_nights_and_week_ends_are_those_of_the_persons_own_clock(hours, person, night, weekend):
    found = of(person, load(page(hours, person)))
    assert (found.night_pages, found.weekend_pages) == (night, weekend)


def test_more_than_five_in_any_seven_days_are_too_many_whenever_the_week_begins():
    five = [page(24 * day) for day in range(5)]
    assert load(*five).too_many == ()
    assert load(*five, page(24 * 7)).too_many == ()  # a week after the first of them
    assert load(*five, page(24 * 7 - 1)).too_many == ("ada",)


def test_pages_that_follow_each_other_closely_interrupt_once():
    found = of("ada", load(page(0), page(0.1), page(0.3), page(2)))
    assert (found.pages, found.interruptions) == (4, 2)


def test_of_several_schedules_at_once_the_hours_count_once():
    found = load(shifts=(shift(0, 10), shift(5, 12, schedule="t"), shift(6, 7, schedule="u")))
    assert of("ada", found).hours == 12


def test_the_busiest_shift_is_named():
    found = load(page(1), page(25), page(26), shifts=(shift(0, 24), shift(24, 48)))
    busiest = of("ada", found).busiest_shift
    assert busiest is not None
    assert (busiest.begins, busiest.pages) == (FRIDAY + 24 * HOUR, 2)
    assert of("ada", load(shifts=(shift(0, 24),))).busiest_shift is None


def test_what_nobody_acknowledged_has_no_time_and_few_are_marked():
    found = of("ada", load(page(0), page(3)))
    assert (found.acknowledged, found.acknowledged_s, found.few) == (0, None, True)
    five = [page(hour, taken_s=60 * hour) for hour in range(1, 6)]
    found = of("ada", load(*five, page(9)))
    assert (found.acknowledged, found.acknowledged_s, found.few) == (5, 180, False)


def test_an_acknowledgement_before_the_person_was_paged_answers_nothing():
    assert of("ada", load(page(0, taken_s=-5))).acknowledged == 0


def test_the_spread_says_how_evenly_it_lies_and_is_unknown_of_nobody():
    found = load(page(0), page(1), page(2), shifts=(shift(0, 4), shift(0, 4, "grace")))
    assert found.pages is not None
    assert (found.pages.least, found.pages.most, found.pages.ratio) == (0, 3, 2)
    assert found.hours is not None
    assert found.hours.ratio == 1
    assert load().pages is None
    quiet = load(shifts=(shift(0, 4),)).pages
    assert quiet is not None
    assert quiet.ratio is None


@given(st.lists(st.integers(0, 27 * 24), max_size=40))
def test_whatever_comes_the_figures_fit_each_other(hours: list[int]):
    found = load(*(page(each) for each in hours))
    if not hours:
        assert found.people == ()
        return
    one = of("ada", found)
    assert 1 <= one.interruptions <= one.pages == len(hours)
    slow = max(
        sum(each <= other < each + 7 * 24 for other in hours) for each in hours
    )  # by looking at every week
    assert one.busiest_week == slow
