"""When a clock shows a time: after the changes of the clocks, too."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.oncall.duties import duties
from domain.oncall.layer import Layer, Recurring, Turns
from domain.oncall.recurrence_rule import parsed
from domain.oncall.wall_clock import instant_of, is_zone


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00Z"),  # skipped: 03:00 is next
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z"),  # the first of the two
        ("Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:10", "2026-10-03T15:30Z"),  # half an hour
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00Z"),  # a day that never was
        ("UTC", "2026-03-29T02:30", "2026-03-29T02:30Z"),
    ],
)
def test_a_time_is_reached_at_the_first_instant_that_shows_it_or_a_later_one(zone, wall, instant):
    assert instant_of(datetime.fromisoformat(wall), zone) == datetime.fromisoformat(instant)


@pytest.mark.parametrize("name", ["", "Europe/Nowhere", "../etc/passwd", "CET+1", "Berlin"])
def test_what_is_no_zone(name: str):
    assert not is_zone(name)


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "BYDAY=MO", "FREQ=DAILY;BYDAY=XX", "hello"]
)
def test_a_rule_that_cannot_be_followed_is_refused(rule: str):
    with pytest.raises(ValueError, match=r"."):
        parsed(rule)


def test_turns_by_the_month_keep_the_day_or_take_the_last():
    layer = Layer(
        id="m",
        zone="UTC",
        pattern=Turns(anchor=datetime.fromisoformat("2026-01-31T09:00"), months=1),
        groups=(("ada",), ("bo",)),
    )
    found = list(
        duties(layer, datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    )
    assert [(each.begins.isoformat()[:16], each.people) for each in found] == [
        ("2026-01-31T09:00", ("ada",)),
        ("2026-02-28T09:00", ("bo",)),
        ("2026-03-31T09:00", ("ada",)),
    ]


def test_a_rule_that_matches_nothing_ends():
    never = Recurring(
        start=datetime.fromisoformat("2026-01-01"),
        length=timedelta(hours=1),
        rule="FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    )
    layer = Layer(id="n", zone="UTC", pattern=never, groups=(("ada",),))
    assert not list(
        duties(layer, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    )


@pytest.mark.parametrize("name", ["Europe/berlin", "Europe", "../../etc/passwd", "\0", "UTC "])
def test_what_is_no_zone_in_just_that_spelling_is_none(name: str):
    assert not is_zone(name)
