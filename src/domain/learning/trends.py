"""Quarters and months beside one another: figures, how they changed, and which incidents they are.

A change is said only where its interval of 95 % does not contain 0. What goes on is kept apart from
what is not known of what is over.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeVar

import msgspec

from domain.incident.course.durations import seconds_between
from domain.incident.state import Closed, KnownIncident
from domain.incident.timestamps import timestamps_of
from domain.learning.definitions import Definitions, why_not_counted
from domain.learning.figures import change, mean, quantile

PeriodKind = Literal["quarter", "month"]
BOUNDS_S = (300, 900, 1_800, 3_600, 4 * 3_600, 24 * 3_600, 7 * 24 * 3_600)
"""Up to 5 min, 15 min, 30 min, 1 h, 4 h, a day, a week; and longer."""


F = TypeVar("F", bound=msgspec.Struct)


class PeriodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A series in one period. Of its `incidents`, `n` have a known duration, `open` go on, and of
    the `unknown` ones, which are over, nobody knows it. `histogram` counts those up to each bound
    in seconds, `more` the longer ones. `change_s` is that of the median since the period before,
    within the interval `low_s` to `high_s`; `trend` is null where that contains 0.
    """

    period: str
    incidents: tuple[str, ...]
    n: int
    open: int
    unknown: int
    median_s: float | None
    p90_s: float | None
    mean_s: float | None
    reopened: float | None
    """The share of its incidents that were reopened."""
    histogram: dict[str, int]
    change_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None
    trend: str | None = None


class Trends(msgspec.Struct, frozen=True, kw_only=True):
    """Each series, period by period, the first first, with the definitions that they rest on."""

    by: str
    definitions_version: str
    definitions: dict[str, str]
    series: dict[str, tuple[PeriodFigures, ...]]


def trends(
    incidents: Mapping[str, KnownIncident], definitions: Definitions, by: PeriodKind
) -> Trends:
    """All series by period; incidents of which nobody knows when they began are of none."""
    periods: dict[str, dict[str, KnownIncident]] = {}
    for id_, incident in incidents.items():
        began = incident.facts.milestones.counted_from
        if began and why_not_counted(incident, definitions) is None:
            periods.setdefault(period_of(began, by), {})[id_] = incident
    return Trends(
        by=by,
        definitions_version=definitions.version,
        definitions={
            name: each.words or f"{each.begin} → {each.end}"
            for name, each in definitions.series.items()
        },
        series={name: _series(periods, definitions, name) for name in definitions.series},
    )


def period_of(at: datetime, by: PeriodKind) -> str:
    """`2026-Q3`, or `2026-08`, in UTC."""
    return f"{at:%Y-%m}" if by == "month" else f"{at.year}-Q{(at.month + 2) // 3}"


def is_before(one: str, other: str) -> bool:
    """Whether a month or quarter is the one just before another."""
    year, place = int(one[:4]), int(one.rpartition("-")[2].removeprefix("Q"))
    most = 12 if "Q" not in one else 4
    after = (year, place + 1) if place < most else (year + 1, 1)
    return other == (f"{after[0]}-{after[1]:02}" if most == 12 else f"{after[0]}-Q{after[1]}")


def _series(
    periods: Mapping[str, Mapping[str, KnownIncident]], definitions: Definitions, name: str
) -> tuple[PeriodFigures, ...]:
    series, found = definitions.series[name], list[PeriodFigures]()
    before: list[float] = []
    for period in sorted(periods):
        held = periods[period]
        durations = {
            id_: seconds_between(timestamps_of(it), series.begin, series.end)
            for id_, it in held.items()
        }
        known = [seconds for seconds in durations.values() if seconds is not None]
        missing = [held[id_] for id_, seconds in durations.items() if seconds is None]
        over = sum(isinstance(it, Closed) for it in missing)
        figures = PeriodFigures(
            period=period,
            incidents=tuple(held),
            n=len(known),
            open=len(missing) - over,
            unknown=over,
            median_s=quantile(known, 0.5),
            p90_s=quantile(known, 0.9),
            mean_s=mean(known),
            reopened=mean([float(it.facts.response.reopenings > 0) for it in held.values()]),
            histogram=histogram(known),
        )
        follows = found and is_before(found[-1].period, period)
        found.append(changed(figures, before, known) if follows else figures)
        before = known
    return tuple(found)


def changed(figures: F, before: Sequence[float], now: Sequence[float]) -> F:
    """Figures of the durations `now`, with what has changed since those `before`."""
    differs = change(before, now)
    if differs.before is None or differs.now is None:
        return figures
    return msgspec.structs.replace(
        figures,
        change_s=differs.now - differs.before,
        low_s=differs.low,
        high_s=differs.high,
        trend=differs.trend,
    )


def histogram(values: Iterable[float]) -> dict[str, int]:
    """How many are up to each bound, and behind the one before it."""
    counts = dict.fromkeys((*map(str, BOUNDS_S), "more"), 0)
    for value in values:
        bound = next((each for each in BOUNDS_S if value <= each), None)
        counts["more" if bound is None else str(bound)] += 1
    return counts
