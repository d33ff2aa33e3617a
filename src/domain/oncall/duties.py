"""The duties of one layer: from when until when its groups are on duty, as instants.

All is laid out on the wall clock first, where a day has 24 hours, and turned into instants at the
end: the order of times stays the same in that, so nothing is lost or doubled.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.kernel.months import months_on
from domain.oncall.layer import DAY, Group, Layer, Recurring, Restriction, Turns
from domain.oncall.recurrence import occurrences
from domain.oncall.wall_clock import instant_of, wall_of

_MARGIN = 2 * DAY
"""By so much the wall clocks of two instants may differ from these: a zone can skip a whole day."""


class Duty(NamedTuple):
    """A group has a layer from `begins` until `ends`."""

    begins: datetime
    ends: datetime
    layer: Layer
    people: Group


def duties(layer: Layer, since: datetime, until: datetime) -> Iterator[Duty]:
    """Those in [since, until), cut off there. They may overlap, and a vacant turn is one, too."""
    since = max(since, layer.begins or since)
    until = min(until, layer.ends or until)
    if since >= until or not layer.groups:
        return
    lower, upper = wall_of(since, layer.zone) - _MARGIN, wall_of(until, layer.zone) + _MARGIN
    for start, end, turn in _walls(layer.pattern, lower, upper):
        group = layer.groups[(turn + layer.group) % len(layer.groups)]
        for left, right in _restricted(start, end, layer.restrictions):
            begins = max(since, instant_of(left, layer.zone))
            ends = min(until, instant_of(right, layer.zone))
            if begins < ends:
                yield Duty(begins, ends, layer, group)


def _walls(
    pattern: Turns | Recurring, lower: datetime, upper: datetime
) -> Iterator[tuple[datetime, datetime, int]]:
    match pattern:
        case Turns(months=0):
            yield from _turns(pattern, lower, upper)
        case Turns():
            yield from _months(pattern, lower, upper)
        case Recurring():
            for each in occurrences(pattern, lower - pattern.length, upper):
                yield each.start, each.start + pattern.length, each.turn


def _turns(
    pattern: Turns, lower: datetime, upper: datetime
) -> Iterator[tuple[datetime, datetime, int]]:
    turn = (lower - pattern.anchor) // pattern.length
    start = pattern.anchor + turn * pattern.length
    while start < upper:
        yield start, start + pattern.length, turn
        start += pattern.length
        turn += 1


def _months(
    pattern: Turns, lower: datetime, upper: datetime
) -> Iterator[tuple[datetime, datetime, int]]:
    anchor = pattern.anchor
    distance = (lower.year - anchor.year) * 12 + lower.month - anchor.month
    turn = distance // pattern.months - 1
    while (start := months_on(anchor, turn * pattern.months)) < upper:
        turn += 1
        yield start, months_on(anchor, turn * pattern.months), turn - 1


def _restricted(
    start: datetime, end: datetime, restrictions: tuple[Restriction, ...]
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of [start, end) in which a layer is on duty."""
    if not restrictions:
        yield start, end
    for each in restrictions:
        day = (start - each.length).date()
        while (opens := datetime.combine(day, each.at)) < end:
            closes = opens + each.length
            if each.weekday in {None, day.isoweekday()} and closes > start:
                yield max(opens, start), min(closes, end)
            day += timedelta(days=1)
