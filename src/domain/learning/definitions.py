"""What the figures mean, as versioned data: which milestones a series counts between, and which
incidents count. Another version can be asked of all history, and says which incidents moved, and
why.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise

import msgspec

from domain.incident.course.durations import SERIES, seconds_between
from domain.incident.events import Kind
from domain.incident.state import Duplicate, FalsePositive, KnownIncident, in_triage
from domain.incident.timestamps import Timestamps, timestamps_of
from domain.kernel.text import span
from domain.learning.figures import mean, quantile, share_within

COUNTED = (Kind.STANDARD, Kind.RETROSPECTIVE)


class SeriesDefinition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A duration `from` one milestone `to` another; `within_s` are thresholds of which the share at
    or below each is asked.
    """

    begin: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")
    words: str = ""
    within_s: tuple[float, ...] = ()


class Definitions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All series by name, the `kinds` of incidents that count, and the `quantiles` that are shown.
    Raises ValueError where a series names no milestone.
    """

    version: str
    series: dict[str, SeriesDefinition]
    kinds: tuple[Kind, ...] = COUNTED
    quantiles: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9)

    def __post_init__(self) -> None:
        if not self.version.strip():
            raise ValueError("version: a name of these definitions is needed")
        if not self.series:
            raise ValueError("series: there is none")
        for name, each in self.series.items():
            for field, milestone in (("from", each.begin), ("to", each.end)):
                if milestone not in Timestamps.__struct_fields__:
                    known = ", ".join(Timestamps.__struct_fields__)
                    raise ValueError(
                        f"series.{name}.{field}: {milestone!r} is no milestone; there are {known}"
                    )
        if not all(0 <= each <= 1 for each in self.quantiles):
            raise ValueError("quantiles: each is from 0 to 1")


def _defined(series: Mapping[str, tuple[str, str, str]]) -> dict[str, SeriesDefinition]:
    return {
        name: SeriesDefinition(begin=begin, end=end, words=words)
        for name, (begin, end, words) in series.items()
    }


BUILT_IN = Definitions(version="1", series=_defined(SERIES))
"""Those of `GET /v1/statistics`."""

_MORE = {
    "investigate": ("declared_at", "identified_at", "Declared → first cause that stands"),
    "repair": ("identified_at", "mitigated_at", "First cause that stands → mitigated"),
    "verify": ("mitigated_at", "resolved_at", "Mitigated → resolved"),
    "first_public_update": (
        "declared_at",
        "first_public_at",
        "Declared → first update for customers",
    ),
    "time_to_engage": ("detected_at", "acknowledged_at", "Detected → first acknowledgement"),
    "time_to_declare": ("detected_at", "declared_at", "Detected → declared"),
}
IN_FULL = Definitions(version="2", series=_defined(SERIES | _MORE))
"""Those of figures, the scorecard and reviews: the same, and the parts of a response."""


class SeriesFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a series, in seconds; null where nothing is known. `shares` are by threshold
    in seconds, `incidents` the ids of those with a known duration.
    """

    n: int
    unknown: int
    mean_s: float | None
    quantiles_s: dict[str, float | None]
    shares: dict[str, float | None]
    incidents: tuple[str, ...]


class MovedDuration(msgspec.Struct, frozen=True, kw_only=True):
    """An incident of which a series says something else, and why; null: unknown, or not counted."""

    id: str
    reference: str
    title: str
    series: str
    before_s: float | None
    after_s: float | None
    why: str


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """All history by other definitions. `between_s` are quantiles of the time between one incident
    that counts and the next, of which MTBF is the mean.
    """

    version_before: str
    version_after: str
    incidents: int
    before: dict[str, SeriesFigures]
    after: dict[str, SeriesFigures]
    mtbf_s: float | None
    moved: tuple[MovedDuration, ...]


def recompute(
    incidents: Mapping[str, KnownIncident], before: Definitions, after: Definitions
) -> Recomputed:
    """The figures by both definitions, and which incidents moved."""
    counted = [it for it in incidents.values() if why_not_counted(it, after) is None]
    return Recomputed(
        version_before=before.version,
        version_after=after.version,
        incidents=len(counted),
        before=figures_by(incidents, before),
        after=figures_by(incidents, after),
        mtbf_s=mean(between(it.facts.milestones.counted_from for it in counted)),
        moved=tuple(
            moved for id_, it in incidents.items() for moved in _moved(id_, it, before, after)
        ),
    )


def why_not_counted(incident: KnownIncident, definitions: Definitions) -> str | None:
    """Why an incident does not count; None: it does."""
    facts = incident.facts
    if isinstance(incident, FalsePositive):
        return "it was canceled"
    if isinstance(incident, Duplicate):
        return "it was merged into another one"
    if in_triage(facts):
        return "it is in triage"
    kind = facts.about.kind
    return None if kind in definitions.kinds else f"its kind is {kind}"


def figures_by(
    incidents: Mapping[str, KnownIncident], definitions: Definitions
) -> dict[str, SeriesFigures]:
    """The figures of each series."""
    counted = {
        id_: timestamps_of(it)
        for id_, it in incidents.items()
        if why_not_counted(it, definitions) is None
    }
    return {name: _figures(counted, name, definitions) for name in definitions.series}


def _figures(
    counted: Mapping[str, Timestamps], name: str, definitions: Definitions
) -> SeriesFigures:
    series = definitions.series[name]
    durations = {
        id_: seconds_between(each, series.begin, series.end) for id_, each in counted.items()
    }
    known = {id_: seconds for id_, seconds in durations.items() if seconds is not None}
    values = list(known.values())
    return SeriesFigures(
        n=len(known),
        unknown=len(durations) - len(known),
        mean_s=mean(values),
        quantiles_s={f"{each:g}": quantile(values, each) for each in definitions.quantiles},
        shares={f"{each:g}": share_within(values, each) for each in series.within_s},
        incidents=tuple(known),
    )


def between(began: Iterable[datetime | None]) -> list[float]:
    """Seconds between one incident and the next, by when they began, as far as that is known."""
    known = sorted(at for at in began if at)
    return [(then - at).total_seconds() for at, then in pairwise(known)]


def _moved(
    id_: str, incident: KnownIncident, before: Definitions, after: Definitions
) -> Iterator[MovedDuration]:
    left, joins = why_not_counted(incident, before), why_not_counted(incident, after)
    timestamps = timestamps_of(incident)
    for name in dict.fromkeys((*before.series, *after.series)):
        old, new = before.series.get(name), after.series.get(name)
        was = None if left else _seconds(timestamps, old)
        now = None if joins else _seconds(timestamps, new)
        if was == now:
            continue
        yield MovedDuration(
            id=id_,
            reference=incident.facts.reference,
            title=incident.facts.about.title,
            series=name,
            before_s=was,
            after_s=now,
            why=_why(left, joins, old, new, after.version),
        )


def _seconds(timestamps: Timestamps, series: SeriesDefinition | None) -> float | None:
    return seconds_between(timestamps, series.begin, series.end) if series else None


def _why(
    left: str | None,
    joins: str | None,
    old: SeriesDefinition | None,
    new: SeriesDefinition | None,
    version: str,
) -> str:
    """Why a duration is another one."""
    if joins and not left:
        return f"it does not count any more: {joins}"
    if left and not joins:
        return f"it counts now, which it did not as {left}"
    if old is None:
        return f"the series is new in {version}"
    if new is None:
        return f"there is no such series in {version}"
    changes = [
        f"it counts {word} {then}, not {was}"
        for word, was, then in (("from", old.begin, new.begin), ("to", old.end, new.end))
        if was != then
    ]
    return " and ".join(changes)


def in_words(seconds: float | None) -> str:
    """A duration for people."""
    return "unknown" if seconds is None else span(seconds)
