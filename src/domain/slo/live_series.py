"""Samples as they come, late and out of order, by minute: what `by_minute` makes of all of them,
kept up sample by sample.
"""

from collections.abc import Iterable

from domain.slo.series import Minutes, Number, Sample


class LiveSeries:
    """The minutes of one objective, as far as its samples say."""

    def __init__(self, first: int | None = None) -> None:
        """`first`: the minute of the first sample that there ever was, if it is not among these."""
        self._samples: dict[int, dict[int, Sample]] = {}
        self._minutes: dict[int, tuple[Number, Number]] = {}
        self._first = first

    @property
    def last_minute(self) -> int | None:
        """The latest of which something is known (minutes since 1970)."""
        return max(self._minutes, default=None)

    def add(self, samples: Iterable[Sample]) -> None:
        """One more of each time, or another one instead of it. They count what happened since the
        sample before: no counters.
        """
        touched = set()
        for each in samples:
            minute = each.at_s // 60
            self._samples.setdefault(minute, {})[each.at_s] = each
            touched.add(minute)
            self._first = minute if self._first is None else min(self._first, minute)
        for minute in touched:
            self._sum_up(minute)

    def forget_before(self, minute: int) -> None:
        """What was before is of no use any more."""
        for each in [each for each in self._samples if each < minute]:
            del self._samples[each]
            self._minutes.pop(each, None)

    def until(self, ends: int, length: int) -> Minutes:
        """So many minutes before `ends`, but none before the first sample that there ever was."""
        first = ends if self._first is None else self._first
        begins = min(max(ends - length, first), ends)
        found = [self._minutes.get(each) for each in range(begins, ends)]
        return Minutes(
            begins,
            [None if each is None else each[0] for each in found],
            [None if each is None else each[1] for each in found],
        )

    def _sum_up(self, minute: int) -> None:
        """A minute of which one sample cannot be, or says nothing, is not known."""
        bad: Number = 0
        total: Number = 0
        for each in self._samples[minute].values():
            if each.good is None or each.total is None or not 0 <= each.good <= each.total:
                self._minutes.pop(minute, None)
                return
            bad += each.total - each.good
            total += each.total
        self._minutes[minute] = (bad, total)
