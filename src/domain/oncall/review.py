"""How a schedule treats those who carry it and those who rely on it: gaps, hours, and the rules of
the brief as warnings, with a score of 0 to 100 that says why.

Brief: at least four people, no one more than two weeks in a row, hand-offs in business hours and
never at midnight.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec

from domain.oncall.layer import DAY, WEEK
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import Shift, merged, shifts
from domain.oncall.wall_clock import wall_of

PEOPLE_LEAST = 4
WEEKS_MOST = 2
REST_LEAST = 3 * DAY
"""Less time than that between two shifts is no end of being on call: nights, or a free week-end."""
BUSINESS_DAYS = (1, 2, 3, 4, 5)
BUSINESS_HOURS = (9, 17)
CARRIES_MUCH = 1.5
"""Whoever has so many times the mean of hours carries more than a fair part."""
HOUR = timedelta(hours=1)
GAPS_COST, PERSON_COST, WEEKS_COST, HAND_OFFS_COST, SPREAD_COST = 60, 10, 15, 10, 10


class Warned(msgspec.Struct, frozen=True):
    """What to look at, by a stable code, and how many points of the score it costs."""

    code: str
    detail: str
    points: int


class RosterReview(msgspec.Struct, frozen=True, kw_only=True):
    """What a schedule is like in a window: its `score`, what lowers it, the gaps, and how many
    hours each person carries.
    """

    score: int
    warnings: tuple[Warned, ...]
    gaps: tuple[Shift, ...]
    hours: Mapping[str, float]


def reviewed(found: list[Shift], zone: str) -> RosterReview:
    """What a schedule is like by its shifts in a window, and the clock of its zone. Raises
    `ValueError` for a window without length.
    """
    if not found:
        raise ValueError("a window has a length")
    hours = carried(found)
    gaps = tuple(each for each in found if not each.people)
    warnings = tuple(
        each
        for each in (
            _gaps(gaps, found[-1].ends - found[0].begins),
            _too_few(hours),
            _too_long(found),
            _hand_offs(found, zone),
            _spread(hours),
        )
        if each is not None
    )
    score = max(0, 100 - sum(each.points for each in warnings)) if hours else 0
    return RosterReview(score=score, warnings=warnings, gaps=gaps, hours=hours)


def carried(found: Iterable[Shift]) -> dict[str, float]:
    """How many hours each person is on call, by name."""
    hours: dict[str, float] = {}
    for each in found:
        for person in each.people:
            hours[person] = hours.get(person, 0.0) + (each.ends - each.begins) / HOUR
    return dict(sorted(hours.items()))


def double_duty(found: Mapping[str, Iterable[Shift]]) -> Iterator[tuple[Shift, tuple[str, ...]]]:
    """When one person has several schedules at once: a shift of that one person, and which."""
    spans: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for name, held in found.items():
        for each in held:
            for person in each.people:
                spans.setdefault(person, []).append((each.begins, each.ends, name))
    for person, held_by in sorted(spans.items()):
        named = [
            (at, tuple(sorted({name for begins, ends, name in held_by if begins <= at < ends})))
            for at in sorted({at for begins, ends, _ in held_by for at in (begins, ends)})
        ]
        # As shifts of schedules, those that follow each other and are alike become one.
        for each in merged(Shift(at, until, names) for (at, names), (until, _) in pairwise(named)):
            if len(each.people) > 1:
                yield Shift(each.begins, each.ends, (person,)), each.people


def next_hand_off(schedule: Schedule, at: datetime, within: timedelta = 4 * WEEK) -> Shift | None:
    """The next shift of somebody else, or of nobody; None: there is none for so long."""
    found = shifts(schedule, at, at + within)
    return found[1] if len(found) > 1 else None


def _gaps(gaps: Iterable[Shift], window: timedelta) -> Warned | None:
    missing = sum((each.ends - each.begins for each in gaps), timedelta(0))
    if not missing:
        return None
    share = missing / window
    points = max(1, round(GAPS_COST * share))
    return Warned("gaps", f"nobody is on call for {missing / HOUR:g} h ({share:.1%})", points)


def _too_few(hours: Mapping[str, float]) -> Warned | None:
    many = len(hours)
    if many >= PEOPLE_LEAST:
        return None
    said = f"{many} of the {PEOPLE_LEAST} people that it takes to prevent burnout"
    return Warned("people.too_few", said, PERSON_COST * (PEOPLE_LEAST - many))


def _too_long(found: Iterable[Shift]) -> Warned | None:
    """Who is on call longest without a rest."""
    runs: dict[str, tuple[datetime, datetime]] = {}
    longest: tuple[timedelta, str] = timedelta(0), ""
    for each in found:
        for person in each.people:
            begins, ends = runs.get(person, (each.begins, each.begins))
            if each.begins - ends >= REST_LEAST:
                begins = each.begins
            runs[person] = begins, each.ends
            longest = max(longest, (each.ends - begins, person))
    if longest[0] <= WEEKS_MOST * WEEK:
        return None
    said = f"{longest[1]} is on call for {longest[0] / DAY:.0f} days without three days of rest"
    return Warned("weeks.too_many", said, WEEKS_COST)


def _hand_offs(found: list[Shift], zone: str) -> Warned | None:
    """Whether duty passes on when people are at work; that somebody goes, needs nobody to come."""
    times = [
        wall_of(one.begins, zone)
        for before, one in pairwise(found)
        if set(one.people) - set(before.people)
    ]
    outside = [each for each in times if not _is_business(each)]
    if not outside:
        return None
    said = f"{len(outside)} of {len(times)} hand-offs are outside business hours"
    return Warned(
        "hand_off.outside_business", said, max(1, round(HAND_OFFS_COST * len(outside) / len(times)))
    )


def _is_business(wall: datetime) -> bool:
    opens, closes = BUSINESS_HOURS
    minutes = wall.hour * 60 + wall.minute
    return wall.isoweekday() in BUSINESS_DAYS and opens * 60 <= minutes <= closes * 60


def _spread(hours: Mapping[str, float]) -> Warned | None:
    if len(hours) < 2:
        return None
    mean = sum(hours.values()) / len(hours)
    most, person = max((each, name) for name, each in hours.items())
    if most <= CARRIES_MUCH * mean:
        return None
    return Warned(
        "hours.uneven", f"{person} carries {most:g} h, the mean is {mean:.0f} h", SPREAD_COST
    )
