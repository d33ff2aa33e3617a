"""How counters have grown, minute by minute: of several series, which begin anew and have gaps.

Each series is taken by itself: what is summed up before a process starts again cannot be told from
one that has lost events. A series counts from its first point on, for how far it had come before
is not known. What it has grown by over a gap counts for the minute that ends the gap; over a long
one nobody can say when that was, so it is not known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

MINUTE_S = 60
LONG_GAP_S = 600


class CounterPoint(NamedTuple):
    """How far a counter had come, in seconds since 1970; None: that is no number."""

    at_s: int
    value: int | None


CounterSeries = tuple[CounterPoint, ...]


class MinuteGrowth(NamedTuple):
    """In the minute that begins then, of so many events so many were good; None: what was read
    cannot be.
    """

    at_s: int
    good: int | None
    total: int | None


def growth_of(
    good: Iterable[CounterSeries], total: Iterable[CounterSeries], since_s: int
) -> Iterator[MinuteGrowth]:
    """What happened in each minute from `since_s` on of which both are known. Where there is no
    series of good events at all, none was good: in an outage from the start nobody has counted one.
    """
    of_good, of_total = tuple(good), _summed(total)
    grown = _summed(of_good)
    for at_s in sorted(each for each in of_total if each >= since_s):
        found = 0 if not any(of_good) else grown.get(at_s)
        if found is None:
            continue
        possible = found <= of_total[at_s]
        yield MinuteGrowth(at_s, found if possible else None, of_total[at_s] if possible else None)


def _summed(series: Iterable[CounterSeries]) -> dict[int, int]:
    grown: dict[int, int] = defaultdict(int)
    for each in series:
        known = sorted((it.at_s, it.value) for it in each if it.value is not None)
        for (before_s, before), (at_s, now) in pairwise(known):
            if at_s - before_s > LONG_GAP_S:
                continue
            grown[at_s - MINUTE_S] += now - before if now >= before else now
    return dict(grown)
