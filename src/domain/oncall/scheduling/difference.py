"""What a change of turns means for whoever has them: which hours each gains and loses."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from domain.oncall.layer import Group
from domain.oncall.shifts import Shift

HOUR = timedelta(hours=1)


class TurnSpan(msgspec.Struct, frozen=True, rename={"begins": "from", "ends": "to"}):
    """From when until when."""

    begins: datetime
    ends: datetime


class HoursChanged(msgspec.Struct, frozen=True, kw_only=True):
    """How many hours a person has before and after, and which are gained and lost."""

    person: str
    hours_before: float
    hours_after: float
    gains: tuple[TurnSpan, ...]
    loses: tuple[TurnSpan, ...]


class RotaDifference(msgspec.Struct, frozen=True, kw_only=True):
    """People whose hours change in a window, by name; and the times that nobody has, in hours."""

    begins: datetime
    ends: datetime
    people: tuple[HoursChanged, ...]
    gap_hours_before: float
    gap_hours_after: float


def difference(before: Sequence[Shift], after: Sequence[Shift]) -> RotaDifference:
    """`before` and `after` are shifts of one window, without a pause between them."""
    both = list(_side_by_side(before, after))
    names = sorted({name for _, one, other in both for name in (*one, *other)})
    changed = (_of_person(name, both) for name in names)
    return RotaDifference(
        begins=before[0].begins,
        ends=before[-1].ends,
        people=tuple(each for each in changed if each.gains or each.loses),
        gap_hours_before=_hours(each for each in before if not each.people),
        gap_hours_after=_hours(each for each in after if not each.people),
    )


_Stretch = tuple[TurnSpan, Group, Group]


def _side_by_side(before: Sequence[Shift], after: Sequence[Shift]) -> Iterator[_Stretch]:
    """Stretches in which neither changes, with who has them in the one and in the other."""
    one = other = 0
    begins = before[0].begins
    while one < len(before) and other < len(after):
        ends = min(before[one].ends, after[other].ends)
        yield TurnSpan(begins, ends), before[one].people, after[other].people
        one += before[one].ends == ends
        other += after[other].ends == ends
        begins = ends


def _of_person(name: str, both: Sequence[_Stretch]) -> HoursChanged:
    return HoursChanged(
        person=name,
        hours_before=_hours(span for span, had, _ in both if name in had),
        hours_after=_hours(span for span, _, has in both if name in has),
        gains=_joined([span for span, had, has in both if name in has and name not in had]),
        loses=_joined([span for span, had, has in both if name in had and name not in has]),
    )


def _joined(spans: Sequence[TurnSpan]) -> tuple[TurnSpan, ...]:
    found: list[TurnSpan] = []
    for each in spans:
        if found and found[-1].ends == each.begins:
            found[-1] = TurnSpan(found[-1].begins, each.ends)
        else:
            found.append(each)
    return tuple(found)


def _hours(spans: Iterator[TurnSpan] | Iterator[Shift]) -> float:
    return round(sum((each.ends - each.begins) / HOUR for each in spans), 2)
