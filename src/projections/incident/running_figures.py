"""The figures of periods, kept up in memory: when an incident changes, its durations are taken out
of the sorted ones and put in again, and nothing else is touched.
"""

# ruff: noqa: S608 - names are ours

import struct
from array import array
from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

import msgspec

from domain.incident.course.durations import SERIES
from projections.incident.period import Period
from projections.incident.statistics import STATISTICS, Group, Summary
from projections.read_model import BehindPosition, Question

PERIODS_KEPT = 4
"""So many questions are kept up; each has the durations of all its incidents once more."""
STEP = 1_000  # rows


class RowChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it is now; `seconds` are its durations, big-endian, NaN where one is unknown."""

    id: str
    position: int
    counted: bool
    severity: str
    month: str | None
    services: tuple[str, ...]
    reopened: bool
    started_at: datetime | None
    seconds: bytes


_PACKED = " || ".join(f"float8send(coalesce({name}_s, 'NaN'))" for name in SERIES)
_unpack = struct.Struct(f">{len(SERIES)}d").unpack

ROWS_CHANGED = Question(
    of=STATISTICS.name,
    sql=f"""
        SELECT id, position, counted, severity, month, services, reopenings > 0 AS reopened,
            started_at, {_PACKED} AS seconds
        FROM {{incident}} WHERE position > $position ORDER BY position LIMIT $most
    """,
    takes=BehindPosition,
    answer=RowChanged,
)
"""What has changed behind a position, the oldest first: rows come and change, and none goes."""


class _Sorts(NamedTuple):
    """What incidents are grouped by. Few differ, so they are shared."""

    severity: str
    month: str | None
    services: tuple[str, ...]
    reopened: bool


class _Measure(NamedTuple):
    sorts: _Sorts
    started_at: datetime | None
    seconds: bytes


class _Sorted:
    """Durations in order. The sum is of whole microseconds, so that it is exact for ever."""

    def __init__(self) -> None:
        self.values, self.sum_us = array("d"), 0

    def add(self, value: float, sign: int) -> None:
        """Put one in, or take it out."""
        if sign > 0:
            insort(self.values, value)
        else:
            del self.values[bisect_left(self.values, value)]
        self.sum_us += sign * round(value * 1e6)

    def append(self, value: float, _: int) -> None:
        """Put one in, to be sorted later."""
        self.values.append(value)
        self.sum_us += round(value * 1e6)

    def sort(self) -> None:
        self.values = array("d", sorted(self.values))

    def summary(self, incidents: int) -> Summary:
        known = len(self.values)
        return Summary(
            n=known,
            unknown=incidents - known,
            median_s=self._percentile(0.5),
            p90_s=self._percentile(0.9),
            mean_s=self.sum_us / (known * 1_000_000) if known else None,
        )

    def _percentile(self, share: float) -> float | None:
        if not self.values:
            return None
        place = share * (len(self.values) - 1)
        low = self.values[int(place)]
        high = self.values[min(int(place) + 1, len(self.values) - 1)]
        return low + (place - int(place)) * (high - low)


class _OfGroup:
    def __init__(self) -> None:
        self.incidents = self.reopened = 0
        self.series = [_Sorted() for _ in SERIES]

    def figures(self, name: str) -> Group:
        known = zip(SERIES, self.series, strict=True)
        return Group(
            group=name,
            incidents=self.incidents,
            reopened=self.reopened,
            series={series: values.summary(self.incidents) for series, values in known},
        )


class _OfPeriod:
    """The groups of one question."""

    def __init__(self, asked: Period) -> None:
        self._asked = asked
        self._groups: dict[str, _OfGroup] = {}

    def add(self, measure: _Measure, sign: int, *, sort: bool = True) -> None:
        """Count an incident, or count it no longer."""
        if not self._holds(measure.started_at):
            return
        for name in self._names(measure.sorts):
            group = self._groups.get(name) or self._groups.setdefault(name, _OfGroup())
            group.incidents += sign
            group.reopened += sign * measure.sorts.reopened
            for values, seconds in zip(group.series, _unpack(measure.seconds), strict=True):
                if seconds == seconds:  # noqa: PLR0124 - not NaN
                    (values.add if sort else values.append)(seconds, sign)
            if not group.incidents:
                del self._groups[name]

    def sort(self) -> Iterator[None]:
        for group in self._groups.values():
            for series in group.series:
                series.sort()
                yield

    def figures(self) -> list[Group]:
        return [group.figures(name) for name, group in sorted(self._groups.items())]

    def _holds(self, started_at: datetime | None) -> bool:
        since, until = self._asked.since, self._asked.until
        if started_at is None:
            return since is None and until is None
        return (since is None or started_at >= since) and (until is None or started_at < until)

    def _names(self, sorts: _Sorts) -> Iterable[str]:
        match self._asked.by:
            case "severity":
                return (sorts.severity,)
            case "month":
                return (sorts.month or "unknown",)
            case "service":
                return sorts.services or ("unknown",)
            case _:
                return ("all",)


class RunningFigures:
    """All incidents that are counted, and the figures of the periods that were `prepared`."""

    def __init__(self) -> None:
        self._measures: dict[str, _Measure] = {}
        self._sorts: dict[_Sorts, _Sorts] = {}
        self._periods: OrderedDict[Period, _OfPeriod] = OrderedDict()

    def __len__(self) -> int:
        return len(self._measures)

    def put(self, rows: Iterable[RowChanged]) -> None:
        """These are so now."""
        for row in rows:
            before = self._measures.pop(row.id, None)
            now = self._measure(row) if row.counted else None
            if now:
                self._measures[row.id] = now
            for period in self._periods.values():
                if before:
                    period.add(before, -1)
                if now:
                    period.add(now, 1)

    def prepare(self, asked: Period) -> Iterator[None]:
        """Get ready to answer this, step by step; nothing else is to be done meanwhile."""
        period = _OfPeriod(asked)
        for number, measure in enumerate(self._measures.values(), start=1):
            period.add(measure, 1, sort=False)
            if number % STEP == 0:
                yield
        yield from period.sort()
        self._periods[asked] = period
        while len(self._periods) > PERIODS_KEPT:
            self._periods.popitem(last=False)

    def is_prepared(self, asked: Period) -> bool:
        """Whether it can answer this."""
        return asked in self._periods

    def answer(self, asked: Period) -> list[Group]:
        """The figures of what was prepared."""
        self._periods.move_to_end(asked)
        return self._periods[asked].figures()

    def unprepare(self) -> None:
        """Keep the rows alone."""
        self._periods.clear()

    def _measure(self, row: RowChanged) -> _Measure:
        services = tuple(dict.fromkeys(row.services))
        sorts = _Sorts(row.severity, row.month, services, row.reopened)
        return _Measure(self._sorts.setdefault(sorts, sorts), row.started_at, row.seconds)
