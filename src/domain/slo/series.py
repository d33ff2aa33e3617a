"""What was counted, minute by minute, made of samples as they came: late, out of order, twice, with
gaps, not numbers at all, and from counters that begin anew.

Which samples there are decides, not in which order they came: of those of one time the last that
came holds. A minute of which nothing is known is None; one without events is 0 of 0.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec

Number = int | Fraction
MINUTES_MOST = 800 * 1440
"""So long is a series at most: one row of a wrong year must not make one of a thousand years."""


class Sample(NamedTuple):
    """What was good of all, in seconds since 1970; None where that is no number."""

    at_s: int
    good: Number | None
    total: Number | None


class Minutes(msgspec.Struct, frozen=True):
    """Failures and events by minute from `begins` on (minutes since 1970), None where unknown."""

    begins: int
    bad: Sequence[Number | None]
    total: Sequence[Number | None]

    def __len__(self) -> int:
        return len(self.total)


class SampleMark(NamedTuple):
    """What is to be known of a sample: `impossible`, `no_number`, `superseded`, `reset`."""

    code: str
    at_s: int


class CountedSeries(NamedTuple):
    """The minutes, and what was found on the way."""

    minutes: Minutes
    marks: tuple[SampleMark, ...]


def by_minute(samples: Iterable[Sample], *, counters: bool = False) -> CountedSeries:
    """Sum samples up by minute. A sample counts for the minute that it is of. With `counters` its
    figures are those of counters that only grow: what counts is the difference to the one before,
    for the minute that ends with it. Raises `ValueError` for none, and for too long a series.
    """
    marks: list[SampleMark] = []
    kept = _one_of_each_time(samples, marks)
    if counters:
        kept = _differences(kept, marks)
    places = [_minute_of(each, counters=counters) for each in kept]
    if not places:
        raise ValueError("there is no sample")
    begins, length = places[0], places[-1] - places[0] + 1
    if length > MINUTES_MOST:
        raise ValueError(f"it spans {length} minutes, and {MINUTES_MOST} are the most")
    bad: list[Number | None] = [None] * length
    total: list[Number | None] = [None] * length
    unknown: set[int] = set()
    for place, each in zip(places, kept, strict=True):
        at = place - begins
        if not _is_possible(each, marks):
            unknown.add(at)
            continue
        assert each.good is not None
        assert each.total is not None
        bad[at] = (bad[at] or 0) + each.total - each.good
        total[at] = (total[at] or 0) + each.total
    for at in unknown:
        bad[at] = total[at] = None
    return CountedSeries(Minutes(begins, bad, total), tuple(marks))


def _one_of_each_time(samples: Iterable[Sample], marks: list[SampleMark]) -> list[Sample]:
    latest: dict[int, Sample] = {}
    for each in samples:
        before = latest.get(each.at_s)
        if before is not None and before != each:
            marks.append(SampleMark("superseded", each.at_s))
        latest[each.at_s] = each
    return [latest[at] for at in sorted(latest)]


def _differences(kept: list[Sample], marks: list[SampleMark]) -> list[Sample]:
    """What was counted between two samples. A counter that is lower than before began anew at 0."""
    found = []
    before: Sample | None = None
    for each in kept:
        if each.good is None or each.total is None:
            if before is not None:
                found.append(each)
            continue
        if before is not None:
            found.append(
                Sample(
                    each.at_s,
                    _grown(before.good, each.good, each.at_s, marks),
                    _grown(before.total, each.total, each.at_s, marks),
                )
            )
        before = each
    return found


def _grown(before: Number | None, now: Number, at_s: int, marks: list[SampleMark]) -> Number:
    assert before is not None
    if now >= before:
        return now - before
    marks.append(SampleMark("reset", at_s))
    return now


def _is_possible(sample: Sample, marks: list[SampleMark]) -> bool:
    if sample.good is None or sample.total is None:
        marks.append(SampleMark("no_number", sample.at_s))
        return False
    if not 0 <= sample.good <= sample.total:
        marks.append(SampleMark("impossible", sample.at_s))
        return False
    return True


def _minute_of(sample: Sample, *, counters: bool) -> int:
    return (sample.at_s - 1 if counters else sample.at_s) // 60
