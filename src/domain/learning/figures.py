"""Figures of durations: any quantile, shares, and whether two periods differ. Unknown is never 0.

Percentiles interpolate linearly between the closest ranks, as PostgreSQL's `percentile_cont` does.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from math import floor

import msgspec

RESAMPLES = 2_000
RESAMPLES_MIN = 200
KNOWN_MIN = 5
"""Of fewer in either period there is no interval: one value drawn again and again never varies."""
DRAWS_MAX = 1_000_000
"""So many are drawn for one interval; of very many durations it is drawn less often."""


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which this share of them lies; None where there are none."""
    if not 0 <= share <= 1:
        raise ValueError("a quantile is from 0 to 1")
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def mean(values: Sequence[float]) -> float | None:
    """Their mean; None where there are none."""
    return sum(values) / len(values) if values else None


def share_within(values: Iterable[float], most: float) -> float | None:
    """Which share of the known ones is at most so long; None where none is known."""
    known = list(values)
    return sum(value <= most for value in known) / len(known) if known else None


class FigureChange(msgspec.Struct, frozen=True, kw_only=True):
    """How a figure of two periods differs: `before`, `now`, and the interval of 95 % of the
    difference, from `low` to `high`. `trend` is `up`, `down` or, where that interval contains 0,
    None: nothing can be said. All None where a period has nothing known, and no interval where it
    has very few.
    """

    before: float | None
    now: float | None
    low: float | None = None
    high: float | None = None

    @property
    def trend(self) -> str | None:
        """`up`, `down`, or None."""
        if self.low is None or self.high is None or self.low <= 0 <= self.high:
            return None
        return "up" if self.low > 0 else "down"


def change(
    before: Sequence[float],
    now: Sequence[float],
    figure: Callable[[Sequence[float]], float | None] = lambda values: quantile(values, 0.5),
    resamples: int | None = None,
) -> FigureChange:
    """The difference of a figure by the percentile bootstrap (Efron, 1979): both periods are drawn
    again from themselves. The draws follow from the values, so the answer is always the same.
    """
    old, new = figure(before), figure(now)
    if old is None or new is None:
        return FigureChange(before=old, now=new)
    if min(len(before), len(now)) < KNOWN_MIN:
        return FigureChange(before=old, now=new)
    if resamples is None:
        fitting = DRAWS_MAX // (len(before) + len(now))
        resamples = max(RESAMPLES_MIN, min(RESAMPLES, fitting))
    draw = _draws(before, now)
    differences = []
    for _ in range(resamples):
        one, other = _again(before, draw), _again(now, draw)
        differences.append((figure(other) or 0.0) - (figure(one) or 0.0))
    return FigureChange(
        before=old, now=new, low=quantile(differences, 0.025), high=quantile(differences, 0.975)
    )


def _again(values: Sequence[float], draw: Callable[[int], int]) -> list[float]:
    return [values[draw(len(values))] for _ in values]


def _draws(before: Sequence[float], now: Sequence[float]) -> Callable[[int], int]:
    """Numbers below a bound, one after another, that follow from the values alone (xorshift64)."""
    seed = blake2b(repr((sorted(before), sorted(now))).encode(), digest_size=8).digest()
    state = int.from_bytes(seed) | 1

    def draw(below: int) -> int:
        nonlocal state
        state ^= (state << 13) & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 7
        state ^= (state << 17) & 0xFFFFFFFFFFFFFFFF
        return state % below

    return draw
