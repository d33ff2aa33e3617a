"""Shifts equal what a clock shows that is walked minute by minute, on nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.oncall.layer import Layer, Recurring, Restriction, Turns
from domain.oncall.schedule import Schedule, Swap
from domain.oncall.shifts import shifts
from support.slow_clock import walked

CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kathmandu": (date(2026, 3, 1),),
}
PEOPLE = st.sampled_from(["ada", "bo", "cy"])
GROUPS = st.lists(st.lists(PEOPLE, max_size=2, unique=True).map(tuple), min_size=1, max_size=3)
TIMES = st.builds(time, st.sampled_from([0, 1, 2, 3, 9, 23]), st.sampled_from([0, 15, 30]))
MINUTES = st.sampled_from([30, 45, 60, 90, 600, 1440, 4320, 10080])


@st.composite
def layers(draw: st.DrawFn, name: str, zone: str, day: date) -> Layer:
    start = datetime.combine(day - timedelta(days=draw(st.integers(0, 30))), draw(TIMES))
    length = timedelta(minutes=draw(MINUTES))
    pattern = draw(
        st.sampled_from(
            [
                Turns(anchor=start, length=length),
                Turns(anchor=start + timedelta(days=20), length=length),
                Recurring(start=start, length=length, rule="FREQ=DAILY", every=2),
                Recurring(start=start, length=length, rule="FREQ=HOURLY;INTERVAL=5"),
                Recurring(start=start, length=length, rule="FREQ=WEEKLY;BYDAY=SA,SU,MO"),
                Recurring(start=datetime.combine(day, start.time()), length=length),
            ]
        )
    )
    restriction = st.builds(
        Restriction,
        at=TIMES,
        length=MINUTES.map(lambda many: timedelta(minutes=many)),
        weekday=st.none() | st.integers(1, 7),
    )
    begins = draw(st.none() | st.integers(-20, 20))
    noon = datetime.combine(day, time(12), UTC)
    return Layer(
        id=name,
        zone=zone,
        pattern=pattern,
        groups=tuple(draw(GROUPS)),
        rank=draw(st.integers(0, 1)),
        group=draw(st.integers(0, 2)),
        begins=None if begins is None else noon + timedelta(hours=begins),
        restrictions=tuple(draw(st.lists(restriction, max_size=2))),
    )


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Schedule, date]:
    zone = draw(st.sampled_from(sorted(CHANGES)))
    day = draw(st.sampled_from(CHANGES[zone]))
    names = ["one", "two", "three"][: draw(st.integers(1, 3))]
    noon = datetime.combine(day, time(1), UTC)
    swap = Swap(begins=noon, ends=noon + timedelta(hours=7), leaves="ada", takes="dee")
    return (
        Schedule(
            id="s",
            name="s",
            zone=zone,
            layers=tuple(draw(layers(name, zone, day)) for name in names),
            swaps=draw(st.sampled_from([(), (swap,)])),
        ),
        day,
    )


@given(schedules())
@settings(max_examples=25, deadline=None)
def test_each_minute_has_those_whom_the_slow_clock_shows(drawn: tuple[Schedule, date]):
    schedule, day = drawn
    since = datetime.combine(day, time(0), UTC) - timedelta(hours=11)
    until = since + timedelta(hours=30)
    found = shifts(schedule, since, until)
    assert found[0].begins == since
    assert found[-1].ends == until
    left = iter(found)
    now = next(left)
    for minute, people in walked(schedule, since, until):
        if minute >= now.ends:
            following = next(left)
            assert following.begins == now.ends
            assert following.people != now.people
            now = following
        assert now.people == people, minute
