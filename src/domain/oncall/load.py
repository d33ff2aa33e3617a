"""What on-call asks of the people who carry it: pages, nights, week-ends, interruptions, hours, and
how evenly all of that lies on a team.

Load is a property of alerts and schedules. More than five pages a week are noisy alerts (brief):
they are what has to change. What is not known stays unknown, and few are marked as few.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from domain.learning.figures import quantile

WEEK = timedelta(days=7)
WEEK_MOST = 5
"""More pages than that in any seven days are too many (brief: `alert_if_pages_exceed: 5`)."""
NIGHT = time(22), time(7)
WEEKEND = (6, 7)
ONE_INTERRUPTION = timedelta(minutes=15)
"""A page so soon after the one before interrupts nobody once more."""
FEW = 5
"""Of fewer acknowledgements a median says little."""
HOUR = timedelta(hours=1)


class PersonPage(NamedTuple):
    """A page that reached for a person (slug), when first, and when that person acknowledged it;
    None: that person did not.
    """

    page: str
    person: str
    at: datetime
    acknowledged_at: datetime | None = None


class CarriedShift(NamedTuple):
    """A person has a schedule from `begins` until `ends`."""

    schedule: str
    person: str
    begins: datetime
    ends: datetime


class BusyShift(msgspec.Struct, frozen=True, rename={"begins": "from", "ends": "to"}):
    """The shift with the most pages, and how many these are."""

    schedule: str
    begins: datetime
    ends: datetime
    pages: int


class PersonLoad(msgspec.Struct, frozen=True, kw_only=True):
    """What a person carried. Nights are 22:00 to 07:00, week-ends Saturday and Sunday by the
    person's own clock; null: the zone is not known. `interruptions`: pages within 15 minutes of the
    one before are one. `busiest_week`: the most pages in any seven days; `too_many`: more than
    five. `acknowledged` of them this person did, in `acknowledged_s` (median, in seconds); `few`:
    that rests on fewer than five.
    """

    person: str
    hours: float
    pages: int
    interruptions: int
    night_pages: int | None
    weekend_pages: int | None
    busiest_week: int
    too_many: bool
    busiest_shift: BusyShift | None
    acknowledged: int
    acknowledged_s: float | None
    few: bool


class LoadSpread(msgspec.Struct, frozen=True, kw_only=True):
    """How something lies on people: the least and the most that one has, the mean, and `ratio`, the
    most in means (1: all have the same); null where nobody has any.
    """

    least: float
    mean: float
    most: float
    ratio: float | None


class OnCallLoad(
    msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}
):
    """What on-call asked of people in a window, those with the most pages first. `too_many`: who
    had more than five pages in seven days: those alerts have to change. `hours` and `pages` are
    spreads over all who had turns or pages; null: nobody had. `not_laid_out`: schedules whose
    hours are not in it.
    """

    since: datetime
    until: datetime
    people: tuple[PersonLoad, ...]
    too_many: tuple[str, ...]
    hours: LoadSpread | None
    pages: LoadSpread | None
    not_laid_out: tuple[str, ...] = ()


def on_call_load(
    pages: Iterable[PersonPage],
    shifts: Iterable[CarriedShift],
    zones: Mapping[str, str | None],
    since: datetime,
    until: datetime,
) -> OnCallLoad:
    """The load in [since, until), of which all `pages` and `shifts` are."""
    told: dict[str, list[PersonPage]] = {}
    for page in sorted(pages, key=lambda it: (it.at, it.page)):
        told.setdefault(page.person, []).append(page)
    held: dict[str, list[CarriedShift]] = {}
    for shift in shifts:
        held.setdefault(shift.person, []).append(shift)
    loads = sorted(
        (
            _load(name, told.get(name, []), held.get(name, []), zones.get(name))
            for name in {*told, *held}
        ),
        key=lambda it: (-it.pages, it.person),
    )
    return OnCallLoad(
        since=since,
        until=until,
        people=tuple(loads),
        too_many=tuple(each.person for each in loads if each.too_many),
        hours=_spread([each.hours for each in loads]),
        pages=_spread([float(each.pages) for each in loads]),
    )


def _load(
    person: str, pages: Sequence[PersonPage], shifts: Sequence[CarriedShift], zone: str | None
) -> PersonLoad:
    busiest = _busiest_week(pages)
    # Who took it before being paged for it has answered nothing.
    taken = [
        (it.acknowledged_at - it.at).total_seconds()
        for it in pages
        if it.acknowledged_at and it.acknowledged_at >= it.at
    ]
    local = [it.at.astimezone(ZoneInfo(zone)) for it in pages] if zone else None
    return PersonLoad(
        person=person,
        hours=round(_hours(shifts), 2),
        pages=len(pages),
        interruptions=_interruptions(pages),
        night_pages=None if local is None else sum(_is_night(at) for at in local),
        weekend_pages=None if local is None else sum(at.isoweekday() in WEEKEND for at in local),
        busiest_week=busiest,
        too_many=busiest > WEEK_MOST,
        busiest_shift=_busiest_shift(pages, shifts),
        acknowledged=len(taken),
        acknowledged_s=quantile(taken, 0.5),
        few=len(taken) < FEW,
    )


def _hours(shifts: Sequence[CarriedShift]) -> float:
    """Hours on call, those of several schedules at once counted once: one carries one phone."""
    total, until = timedelta(), None
    for each in sorted(shifts, key=lambda it: it.begins):
        begins = each.begins if until is None else max(each.begins, until)
        total += max(each.ends - begins, timedelta())
        until = each.ends if until is None else max(until, each.ends)
    return total / HOUR


def _interruptions(pages: Sequence[PersonPage]) -> int:
    count, last = 0, None
    for each in pages:
        count += last is None or each.at - last > ONE_INTERRUPTION
        last = each.at
    return count


def _busiest_week(pages: Sequence[PersonPage]) -> int:
    most = first = 0
    for place, each in enumerate(pages):
        while each.at - pages[first].at >= WEEK:
            first += 1
        most = max(most, place - first + 1)
    return most


def _busiest_shift(pages: Sequence[PersonPage], shifts: Sequence[CarriedShift]) -> BusyShift | None:
    found = [
        BusyShift(it.schedule, it.begins, it.ends, sum(it.begins <= p.at < it.ends for p in pages))
        for it in shifts
    ]
    busy = [each for each in found if each.pages]
    return max(busy, key=lambda it: (it.pages, it.begins)) if busy else None


def _is_night(at: datetime) -> bool:
    return at.time() >= NIGHT[0] or at.time() < NIGHT[1]


def _spread(values: Sequence[float]) -> LoadSpread | None:
    if not values:
        return None
    mean = sum(values) / len(values)
    return LoadSpread(
        least=min(values),
        mean=round(mean, 2),
        most=max(values),
        ratio=round(max(values) / mean, 2) if mean else None,
    )
