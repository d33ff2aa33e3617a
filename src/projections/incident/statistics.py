"""Statistics: how long detection, acknowledgement, mitigation and resolution took.

Each duration is a row value or unknown (null), never 0 for unknown. Means mislead where incidents
differ by orders of magnitude (Google, "Incident Metrics in SRE"), so median and p90 stand beside.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.incident.course.durations import SERIES, seconds_between
from domain.incident.events import Kind
from domain.incident.milestones import Milestones
from domain.incident.state import (
    Duplicate,
    FalsePositive,
    KnownIncident,
    Undeclared,
    in_triage,
)
from domain.kernel.totality import chosen
from domain.learning.insight.measured import MeasuredIncident, measured_of
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.past import settled
from projections.projection import Column, Projection, Put
from projections.table import put_into, table_of

DEFINITIONS_VERSION = 1

NOTES = (
    "Reopening and what did not hold take mitigation and resolution back: the last ones count.",
    "A duration is unknown where a milestone is missing, not reached yet, or out of order.",
    "Counted: declared standard and retrospective incidents, neither canceled nor merged.",
    "Private incidents are in no figure, whoever asks.",
    "Period and month (UTC) are those of the impact start, else declaration, else detection.",
    "Percentiles interpolate linearly between the closest ranks.",
)

_COUNTED_KINDS = chosen(
    "whether incidents count in statistics",
    Kind,
    {
        Kind.STANDARD: True,
        Kind.RETROSPECTIVE: True,
        Kind.MAINTENANCE: False,
        Kind.TEST: False,
        Kind.DRILL: False,
    },
)


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """One series over a group of incidents. Seconds; null where nothing is known."""

    n: int
    unknown: int
    median_s: float | None
    p90_s: float | None
    mean_s: float | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group of incidents, such as `SEV1` or `2026-11`; `all` when not grouped."""

    group: str
    incidents: int
    reopened: int
    series: dict[str, Summary]


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a question about durations, with the definitions that it rests on."""

    by: str
    since: datetime | None
    until: datetime | None
    groups: list[Group]
    definitions_version: int = DEFINITIONS_VERSION
    definitions: dict[str, str] = msgspec.field(
        default_factory=lambda: {name: words for name, (_, _, words) in SERIES.items()}
    )
    notes: tuple[str, ...] = NOTES


def durations(milestones: Milestones) -> dict[str, float | None]:
    """All series of one incident."""
    return {
        name: seconds_between(milestones, start, end) for name, (start, end, _) in SERIES.items()
    }


def _counted(incident: KnownIncident) -> bool:
    facts = incident.facts
    genuine = not isinstance(incident, FalsePositive | Duplicate) and not in_triage(facts)
    seen = facts.about.private is None  # a total must not tell what its reader may not see
    return genuine and seen and facts.about.kind in _COUNTED_KINDS


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of an incident, without its durations: these have a column for each series,
    `ttd_s` and so on.
    """

    counted: bool
    severity: str
    services: tuple[str, ...]
    started_at: datetime | None
    month: str | None
    reopenings: int


class MeasuredRow(Measured, frozen=True, kw_only=True):
    """A row, with the `Span` of time in which the incident came to be so. `facts` are null where it
    is private: a total must not tell what its reader may not see.
    """

    id: str
    position: int
    first_occurred_at: datetime
    last_occurred_at: datetime
    first_recorded_at: datetime
    last_recorded_at: datetime
    commits: int
    facts: MeasuredIncident | None


_MEASURED = table_of(
    MeasuredRow,
    name="incident",
    key=("id",),
    about=(),
    types={"reopenings": "integer", "commits": "integer"},
    indexes=(("started_at",), ("position",), ("last_occurred_at",), ("last_recorded_at",)),
)
_AS_OF, _KNOWN_AT = (f"coalesce(${it}::timestamptz, 'infinity')" for it in ("as_of", "known_at"))
SETTLED = f"last_occurred_at <= {_AS_OF} AND last_recorded_at <= {_KNOWN_AT}"
"""Of which rows nothing has changed since the time of a look back: they are what they were then."""
MOVED = f"""first_occurred_at <= {_AS_OF} AND first_recorded_at <= {_KNOWN_AT}
        AND (last_occurred_at > {_AS_OF} OR last_recorded_at > {_KNOWN_AT})"""
"""Of which something was known by then, and has changed since: they may have been anything."""
_put = put_into(_MEASURED, MeasuredRow)
_DURATIONS = tuple(Column(f"{name}_s", "double precision", null=True) for name in SERIES)


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    milestones = incident.facts.milestones
    assert known.span is not None, "whatever is measured was told of"
    row = MeasuredRow(
        id=incident_id,
        position=known.position,
        facts=None if incident.facts.about.private else measured_of(incident_id, incident),
        **msgspec.structs.asdict(measure(incident)),
        **msgspec.structs.asdict(settled(known.span, milestones)),
    )
    put = _put(row)
    yield Put(put.table, (*put.row, *durations(milestones).values()))


def measure(incident: KnownIncident) -> Measured:
    """What is counted of it."""
    facts = incident.facts
    started = facts.milestones.counted_from
    return Measured(
        counted=_counted(incident),
        severity=facts.severity.value,
        services=facts.about.services,
        started_at=started,
        month=started.strftime("%Y-%m") if started else None,
        reopenings=facts.response.reopenings,
    )


STATISTICS: Projection[IncidentFold] = Projection(
    name="statistics",
    version=9,
    follows=("incident.",),
    tables=(msgspec.structs.replace(_MEASURED, columns=(*_MEASURED.columns, *_DURATIONS)),),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    show=_show,
)
