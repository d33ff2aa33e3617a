"""The last days of a component as bars: shapes for the eye, a sentence for everybody."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from adapters.status_page.labels import CONDITIONS, day
from domain.kernel.totality import total
from domain.status_page.components import Condition, Day

STEP, WIDTH, HEIGHT = 5, 4, 34
TOLD_DAYS = 10  # days with incidents that the sentence names

_TOPS: Mapping[Condition | None, int] = total(
    "heights of bars",
    (None, *Condition),
    {
        None: 26,
        Condition.OPERATIONAL: 12,
        Condition.UNDER_MAINTENANCE: 8,
        Condition.DEGRADED_PERFORMANCE: 6,
        Condition.PARTIAL_OUTAGE: 3,
        Condition.MAJOR_OUTAGE: 0,
    },
)
"""Where a bar begins, from above: the worse, the taller, so that colour says nothing alone."""


class Shape(NamedTuple):
    """Bars of the same look in one path; `tip` says what they stand for."""

    look: str
    path: str
    tip: str


class Bars(NamedTuple):
    """Bars as shapes, and in words."""

    view_box: str
    shapes: tuple[Shape, ...]
    summary: str


def bars(days: Sequence[Day]) -> Bars:
    """Quiet days in one shape each, days with incidents in their own, to be pointed at."""
    shapes: list[Shape] = []
    for worst, tip in ((None, "No data"), (Condition.OPERATIONAL, "No incidents")):
        places = [
            place for place, each in enumerate(days) if each.worst is worst and not each.incidents
        ]
        if places:
            shapes.append(Shape(look(worst), "".join(_bar(at, worst) for at in places), tip))
    for place, each in enumerate(days):
        if each.incidents:
            shapes.append(Shape(look(each.worst), _bar(place, each.worst), _tip(each)))
    return Bars(f"0 0 {len(days) * STEP - (STEP - WIDTH)} {HEIGHT}", tuple(shapes), summary(days))


def look(worst: Condition | None) -> str:
    """The class of a condition in the style sheet."""
    return worst.code.replace("_", "-") if worst is not None else "unknown"


def summary(days: Sequence[Day]) -> str:
    """The days in a sentence or two."""
    affected = [each for each in days if each.incidents]
    told = "; ".join(_tip(each) for each in affected[-TOLD_DAYS:]) or "no incidents"
    more = len(affected) - TOLD_DAYS
    if more > 0:
        told = f"{more} earlier days with incidents; {told}"
    parts = [f"Last {len(days)} days: {told}."]
    known = [each.worst is not None for each in days]
    if not all(known):
        first, count = next(iter((key, len([*group])) for key, group in groupby(known)))
        until = f" before {day(days[count].date)}" if not first and count < len(days) else ""
        parts.append(f"No data{until or ' for some days'}.")
    return " ".join(parts)


def _tip(each: Day) -> str:
    references = ", ".join(incident.reference for incident in each.incidents)
    assert each.worst is not None
    return f"{day(each.date)}: {CONDITIONS[each.worst].lower()} ({references})"


def _bar(place: int, worst: Condition | None) -> str:
    top = _TOPS[worst]
    return f"M{place * STEP} {top}h{WIDTH}v{HEIGHT - top}h-{WIDTH}z"
