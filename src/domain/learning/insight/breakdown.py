"""Durations by group: figures of each, how they lie, and which incidents they are made of. What
goes on is kept apart from what is not known of what is over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from domain.incident.course.durations import seconds_between
from domain.learning.definitions import Definitions, SeriesDefinition, between
from domain.learning.figures import mean, quantile, share_within
from domain.learning.insight.measured import (
    UNKNOWN_GROUP,
    LearningRecord,
    MeasuredIncident,
)
from domain.learning.insight.periods import Span
from domain.learning.trends import changed, histogram, is_before, period_of

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
GroupedBy = Literal[
    "all",
    "severity",
    "highest",
    "service",
    "team",
    "month",
    "quarter",
    "weekday",
    "hour",
    "opened_by",
    "after_change",
    "failure",
    "service_and_failure",
]
"""`severity` is the final one, `highest` the highest that it ever had; a service and a team count
each incident that names them; weekday and hour (UTC) are those when it began. Kinds of failure are
by the words of the contributing factors of its post-mortem, and it counts for each.
"""


class GroupFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A series over a group of `incidents`, in seconds. Of `n` the duration is known (`points`, by
    incident), `open` go on, and of the `unknown` ones, which are over, nobody knows it. `shares`
    are those at or below each threshold. `histogram` counts those up to each bound in seconds.
    `mtbf_s` is the mean time between the beginning of one and the next. `change_s` is that of the
    median since the period before, within the interval of 95 % from `low_s` to `high_s`; `trend` is
    null where that contains 0. Null: not known.
    """

    group: str
    incidents: tuple[str, ...]
    n: int
    open: int
    unknown: int
    mean_s: float | None
    quantiles_s: dict[str, float | None]
    shares: dict[str, float | None]
    histogram: dict[str, int]
    points: dict[str, float]
    reopened: float | None
    mtbf_s: float | None
    change_s: float | None = None
    low_s: float | None = None
    high_s: float | None = None
    trend: str | None = None


class Breakdown(msgspec.Struct, frozen=True, kw_only=True):
    """One series by group, with the definitions that it rests on."""

    definitions_version: str
    series: str
    definition: str
    by: GroupedBy
    since: str | None
    until: str | None
    groups: tuple[GroupFigures, ...]


class WantedFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Which figures: any quantiles, the shares at or below any thresholds, in seconds."""

    series: str = "ttresolve"
    by: GroupedBy = "all"
    quantiles: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9)
    within_s: tuple[float, ...] = ()


def breakdown(
    record: LearningRecord, definitions: Definitions, wanted: WantedFigures, period: Span
) -> Breakdown:
    """The figures of the incidents of a period that count."""
    series = definitions.series[wanted.series]
    keys = _KEYS[wanted.by]
    groups: dict[str, list[MeasuredIncident]] = {}
    for incident in record.began_in(period):
        for key in keys(incident, record) or (UNKNOWN_GROUP,):
            groups.setdefault(key, []).append(incident)
    names = sorted(groups, key=lambda name: _ORDER.get(name, (0, name)))
    found = [group_figures(name, groups[name], series, wanted) for name in names]
    if wanted.by in {"month", "quarter"}:
        found = list(_compared(found))
    return Breakdown(
        definitions_version=definitions.version,
        series=wanted.series,
        definition=series.words or f"{series.begin} → {series.end}",
        by=wanted.by,
        since=_in_words(period.since),
        until=_in_words(period.until),
        groups=tuple(found),
    )


_Keys = Callable[[MeasuredIncident, LearningRecord], Sequence[str]]


def _began(key: Callable[[datetime], str]) -> _Keys:
    return lambda it, _: (key(it.began_at),) if it.began_at else ()


_KEYS: Mapping[GroupedBy, _Keys] = {
    "all": lambda *_: ("all",),
    "severity": lambda it, _: (it.severity.value,),
    "highest": lambda it, _: (it.highest.value,),
    "service": lambda it, _: it.services,
    "team": lambda it, record: record.teams.of(it.services),
    "month": _began(lambda at: period_of(at, "month")),
    "quarter": _began(lambda at: period_of(at, "quarter")),
    "weekday": _began(lambda at: WEEKDAYS[at.weekday()]),
    "hour": _began(lambda at: f"{at:%H}:00"),
    "opened_by": lambda it, _: ("alerts" if it.alerts else "people",),
    "after_change": lambda it, _: ("after a change" if it.changes else "no change on record",),
    "failure": lambda it, record: record.failures.get(it.id, ()),
    "service_and_failure": lambda it, record: [
        f"{service}: {kind}"
        for service in it.services
        for kind in record.failures.get(it.id) or (UNKNOWN_GROUP,)
    ],
}
_ORDER = {name: (place, name) for place, name in enumerate(WEEKDAYS)} | {
    UNKNOWN_GROUP: (len(WEEKDAYS), UNKNOWN_GROUP)
}


def group_figures(
    name: str,
    incidents: Sequence[MeasuredIncident],
    series: SeriesDefinition,
    wanted: WantedFigures,
) -> GroupFigures:
    """The figures of these incidents."""
    durations = {
        it.reference: seconds_between(it.timestamps, series.begin, series.end) for it in incidents
    }
    points = {ref: seconds for ref, seconds in durations.items() if seconds is not None}
    goes_on = sum(not it.over for it in incidents if it.reference not in points)
    values = list(points.values())
    return GroupFigures(
        group=name,
        incidents=tuple(durations),
        n=len(points),
        open=goes_on,
        unknown=len(durations) - len(points) - goes_on,
        mean_s=mean(values),
        quantiles_s={f"{each:g}": quantile(values, each) for each in wanted.quantiles},
        shares={f"{each:g}": share_within(values, each) for each in wanted.within_s},
        histogram=histogram(values),
        points=points,
        reopened=mean([float(it.reopenings > 0) for it in incidents]),
        mtbf_s=mean(between(it.began_at for it in incidents)),
    )


def _compared(groups: Sequence[GroupFigures]) -> Iterable[GroupFigures]:
    """Each beside the period just before it, where that has figures too."""
    for last, each in zip((None, *groups), groups, strict=False):
        yield beside(each, last) if last and is_before(last.group, each.group) else each


def beside(now: GroupFigures, before: GroupFigures) -> GroupFigures:
    """With what has changed since the period before."""
    return changed(now, list(before.points.values()), list(now.points.values()))


def _in_words(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
