"""Shifts that recur: when each begins by the wall clock, and the how-manieth turn it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.oncall.layer import Recurring, Step
from domain.oncall.recurrence_rule import RecurrenceRule, beginnings, parsed

_STEPS = {"HOURLY": Step.HOUR, "DAILY": Step.DAY, "WEEKLY": Step.WEEK}
_UNITS = {
    "HOURLY": timedelta(hours=1),
    "DAILY": timedelta(days=1),
    "WEEKLY": timedelta(days=7),
}


class Occurrence(NamedTuple):
    """A shift that begins at `start` by the wall clock; `turn`: the how-manieth, from 0."""

    start: datetime
    turn: int


def occurrences(shifts: Recurring, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """The shifts that begin in [since, until) of the wall clock, in order."""
    if shifts.last is not None:
        until = min(until, shifts.last + datetime.resolution)
    first = since if shifts.first is None else max(since, shifts.first)
    for each in _all(shifts, since, until):
        if each.start >= until:
            return
        if each.start >= first:
            yield each


def _all(shifts: Recurring, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """Those before `until`; of those before `since` there may be some."""
    if shifts.rule is None:
        return _counted(shifts, iter((shifts.start,)))
    rule = parsed(shifts.rule)
    step = _period(shifts, rule)
    if step is None:
        return _counted(shifts, beginnings(rule, shifts.start, until))
    return _by_period(shifts, rule, step, (since, until))


def _period(shifts: Recurring, rule: RecurrenceRule) -> Step | None:
    """The period that a turn lasts; None: those before it have to be counted."""
    if shifts.step is not Step.OCCURRENCE:
        return shifts.step
    if not rule.is_plain or shifts.added or shifts.left_out:
        return None
    return _STEPS.get(rule.frequency)


def counted_from(shifts: Recurring, rule: RecurrenceRule, since: datetime) -> datetime:
    """From when on shifts are gone through to find those from `since` on."""
    start = shifts.start
    if _period(shifts, rule) is None or rule.frequency not in _UNITS or rule.most is not None:
        return start
    stride = _UNITS[rule.frequency] * rule.interval
    return start + max(0, (since - start) // stride - 1) * stride


def _counted(shifts: Recurring, starts: Iterator[datetime]) -> Iterator[Occurrence]:
    """Each from the very first on: which turn it is follows from those before."""
    for turn, start in enumerate(_kept(shifts, starts)):
        yield Occurrence(start, turn // shifts.every)


def _kept(shifts: Recurring, starts: Iterator[datetime]) -> Iterator[datetime]:
    left_out = set(shifts.left_out)
    if shifts.added:
        starts = iter(sorted({*starts, *shifts.added}))
    return (each for each in starts if each not in left_out)


def _by_period(
    shifts: Recurring, rule: RecurrenceRule, step: Step, window: tuple[datetime, datetime]
) -> Iterator[Occurrence]:
    """Which turn it is follows from the time alone, so those long ago are passed over. The first
    period is that of the first shift.
    """
    since, until = window
    first = next(beginnings(rule, shifts.start, until), None)
    if first is None:
        return
    opening = _number(first, step, rule)
    start = counted_from(shifts, rule, since)
    for each in _kept(shifts, beginnings(rule, start, until)):
        turn = (_number(each, step, rule) - opening) // (rule.interval * shifts.every)
        yield Occurrence(each, turn)


def _number(start: datetime, step: Step, rule: RecurrenceRule) -> int:
    """The number of the period in which it begins."""
    match step:
        case Step.HOUR:
            return start.toordinal() * 24 + start.hour
        case Step.WEEK:
            return (start.toordinal() - 1 - rule.week_start) // 7
        case Step.MONTH:
            return start.year * 12 + start.month
        case _:
            return start.toordinal()
