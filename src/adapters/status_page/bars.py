"""The last days of a component as bars: shapes for the eye, a sentence for everybody."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from adapters.status_page.labels import CONDITIONS, day
from domain.kernel.text import enumerated
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
    if all(each.worst is None for each in days):
        return f"Last {len(days)} days: no data."
    affected = [each for each in days if each.incidents]
    told = "; ".join(_tip(each) for each in affected[-TOLD_DAYS:]) or "no incidents"
    more = len(affected) - TOLD_DAYS
    if more > 0:
        told = f"{more} earlier days with incidents; {told}"
    parts = [f"Last {len(days)} days: {told}."]
    if holes := _holes(days):
        parts.append(f"No data {enumerated(holes)}.")
    return " ".join(parts)


def _holes(days: Sequence[Day]) -> list[str]:
    """The days without data as people say them: `before 5 May 2026`, `on 9 May 2026`. There are
    others, too.
    """
    runs = [(key, [*group]) for key, group in groupby(days, key=lambda each: each.worst is None)]
    said = []
    for place, (missing, run) in enumerate(runs):
        if not missing:
            continue
        if place == 0:
            said.append(f"before {day(runs[1][1][0].date)}")
        elif len(run) == 1:
            said.append(f"on {day(run[0].date)}")
        else:
            said.append(f"from {day(run[0].date)} to {day(run[-1].date)}")
    return said


def _tip(each: Day) -> str:
    references = ", ".join(incident.reference for incident in each.incidents)
    assert each.worst is not None
    return f"{day(each.date)}: {CONDITIONS[each.worst].lower()} ({references})"


def _bar(place: int, worst: Condition | None) -> str:
    top = _TOPS[worst]
    return f"M{place * STEP} {top}h{WIDTH}v{HEIGHT - top}h-{WIDTH}z"
