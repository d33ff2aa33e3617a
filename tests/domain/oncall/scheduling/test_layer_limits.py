"""What is taken can be laid out at once, at any time that can be asked about."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.kernel.refusal import Refused
from domain.oncall.effort import steps_of
from domain.oncall.layer import Layer, Recurring, Restriction, Turns
from domain.oncall.scheduling import commands as c
from domain.oncall.scheduling import standing_in
from domain.oncall.scheduling.kept import Course
from domain.oncall.scheduling.rota import Rota, on_call_at, shifts_of
from support.rotas import DAY, HOUR, MONDAY, PAYMENTS, WEEK, after, layer, on_call, refusal, rota

START = datetime.fromisoformat("2000-01-01T09:00")
EACH_MINUTE = ",".join(str(minute) for minute in range(60))
FAR = datetime.fromisoformat("9999-12-31T00:00")
INVALID, TOO_MANY = "schedule.layer_invalid", "schedule.too_many_turns"


def recurring(rule: str, **more: Any) -> Layer:
    return layer("ada", pattern=Recurring(start=START, length=HOUR, rule=rule, **more))


def turns(**more: Any) -> Layer:
    return layer("ada", pattern=Turns(**{"anchor": START, **more}))


@pytest.mark.parametrize(
    ("layers", "code"),
    [
        ([recurring(f"FREQ=HOURLY;COUNT=10000;BYHOUR=9;BYMINUTE={EACH_MINUTE}")], TOO_MANY),
        ([recurring("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")], TOO_MANY),
        ([turns(length=HOUR / 2)], TOO_MANY),
        ([turns(length=HOUR, anchor=START)] * 7, TOO_MANY),
        ([turns(length=timedelta(minutes=1))], TOO_MANY),
        ([replace(turns(length=timedelta(minutes=1)), begins=MONDAY + 900 * DAY)], TOO_MANY),
        ([turns(length=400 * DAY)], INVALID),
        ([turns(months=10**7)], INVALID),
        ([recurring("FREQ=DAILY", added=(START,) * 1001)], INVALID),
        ([recurring("FREQ=DAILY", left_out=(FAR,))], INVALID),
        ([layer("ada", restrictions=(Restriction(at=time(9), length=10**6 * DAY),))], INVALID),
        ([layer("ada", restrictions=(Restriction(at=time(9), length=HOUR),) * 101)], INVALID),
        ([layer("ada", begins=datetime(1, 1, 1, tzinfo=UTC))], INVALID),
        ([layer("ada", rank=10**30)], INVALID),
        ([layer("ada", pattern=Recurring(start=START, length=HOUR))] * 1001, INVALID),
        ([layer(" ")], INVALID),
        ([layer("ada", id="")], INVALID),
        ([layer("a" * 301)], INVALID),
        ([layer(*map(str, range(501)))], INVALID),
        ([layer("ada")] * 101, INVALID),
    ],
)  # fmt: skip
def test_what_nobody_can_follow_is_refused_at_once(layers: list[Layer], code: str):
    many = [replace(each, id=each.id and f"{each.id}{n}") for n, each in enumerate(layers)]
    given = many if len(layers) > 1 else layers
    assert refusal(replace(PAYMENTS, layers=tuple(given))) == (code, "layers")


def test_turns_that_are_counted_from_the_year_one_are_followed():
    first = datetime.fromisoformat("0001-01-01T09:00")
    state = after(replace(PAYMENTS, layers=(layer("ada", pattern=Turns(anchor=first)),)))
    assert on_call(state, MONDAY) == ("ada",)


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_a_time_that_is_out_of_reach_is_said_to_be(year: int):
    at = datetime(year, 1, 1, tzinfo=UTC)
    with pytest.raises(Refused, match="out of reach"):
        on_call_at(rota(after(PAYMENTS)), at)
    with pytest.raises(Refused, match="out of reach"):
        shifts_of(rota(after(PAYMENTS)), at, at + DAY)
    for command in (
        c.OverrideTurns(people=(), begins=at, ends=at + DAY),
        c.ChangeSchedule(layers=(layer("bo"),), since=at),
    ):
        assert refusal(PAYMENTS, command)[0] == "schedule.out_of_reach"


def test_what_was_taken_before_there_were_limits_is_refused_when_it_is_asked_about():
    old = Rota("old", (Course(since=None, zone="UTC", layers=(turns(length=HOUR / 60),)),), ())
    with pytest.raises(Refused, match="layer primary"):
        shifts_of(old, MONDAY, MONDAY + 400 * DAY)


def test_entries_that_nobody_can_follow_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(standing_in, "ENTRIES_MOST", 5)
    said = [c.OverrideTurns(people=(f"p{n}",), begins=MONDAY, ends=MONDAY + WEEK) for n in range(6)]
    state = after(PAYMENTS, *said[:-1])
    with pytest.raises(Refused, match="5 entries"):
        after(said[-1], state=state)
    assert on_call(state, MONDAY) == ("p4",)


@pytest.mark.parametrize(
    ("rule", "least"),
    [
        ("FREQ=HOURLY;BYHOUR=9", 24 * 365 * 26),
        ("FREQ=DAILY;BYHOUR=9,10", 365 * 26 * 2),
        ("FREQ=MONTHLY;BYDAY=1MO", 12 * 26),
    ],
)
def test_what_is_counted_from_its_beginning_takes_its_steps_from_there(rule: str, least: int):
    assert steps_of(recurring(rule), MONDAY, MONDAY + DAY) >= least


def test_what_follows_from_the_time_alone_takes_few_steps():
    for each in (recurring("FREQ=DAILY"), recurring("FREQ=HOURLY;COUNT=5"), turns(length=DAY)):
        assert steps_of(each, MONDAY, MONDAY + DAY) < 100
