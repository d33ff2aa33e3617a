"""Statistics: how long detection, acknowledgement, mitigation and resolution took.

Each duration is a row value or unknown (null), never 0 for unknown. Means mislead where incidents
differ by orders of magnitude (Google, "Incident Metrics in SRE"), so median and p90 stand beside.
"""

# ruff: noqa: S608 - names are ours, values are parameters

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from domain.incident.durations import SERIES, seconds_between
from domain.incident.events import Kind
from domain.incident.state import (
    Duplicate,
    FalsePositive,
    KnownIncident,
    Milestones,
    Undeclared,
    in_triage,
)
from domain.kernel.refusal import Refused
from domain.kernel.totality import chosen
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.past import Cut
from projections.projection import Column, Projection, Put
from projections.read_model import Found, Question, Resource
from projections.table import table_of

DEFINITIONS_VERSION = 1

NOTES = (
    "Reopening and what did not hold take mitigation and resolution back: the last ones count.",
    "A duration is unknown where a milestone is missing, not reached yet, or out of order.",
    "Counted: declared standard and retrospective incidents, neither canceled nor merged.",
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
    return genuine and facts.about.kind in _COUNTED_KINDS


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A row, without its durations: these have a column for each series, `ttd_s` and so on."""

    id: str
    counted: bool
    severity: str
    services: tuple[str, ...]
    started_at: datetime | None
    month: str | None
    reopenings: int
    position: int


_MEASURED = table_of(
    Measured,
    name="incident",
    key=("id",),
    types={"reopenings": "integer"},
    indexes=(("started_at",), ("position",)),
)
_DURATIONS = tuple(Column(f"{name}_s", "double precision", null=True) for name in SERIES)


def _show(incident_id: str, known: IncidentFold) -> Iterable[Put]:
    incident = known.incident
    if isinstance(incident, Undeclared):
        return
    facts = incident.facts
    milestones = facts.milestones
    started = milestones.counted_from
    measured = Measured(
        id=incident_id,
        counted=_counted(incident),
        severity=facts.severity.value,
        services=facts.about.services,
        started_at=started,
        month=started.strftime("%Y-%m") if started else None,
        reopenings=facts.response.reopenings,
        position=known.position,
    )
    yield Put("incident", (*msgspec.structs.astuple(measured), *durations(milestones).values()))


STATISTICS: Projection[IncidentFold] = Projection(
    name="statistics",
    version=3,
    follows=("incident.",),
    tables=(msgspec.structs.replace(_MEASURED, columns=(*_MEASURED.columns, *_DURATIONS)),),
    initial=NOTHING_FOLDED,
    evolve=follow,
    snapshot=IncidentFold,
    show=_show,
)


Grouping = Literal["all", "severity", "service", "month"]


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents that began in [from, to), grouped; without one of the two, there is no such limit.
    Raises `Refused` where it would be empty.
    """

    since: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = msgspec.field(default=None, name="to")
    by: Grouping = "all"

    def __post_init__(self) -> None:
        if self.since and self.until and self.since >= self.until:
            raise Refused(
                "query.invalid",
                f"from {_in_words(self.since)} is not before to {_in_words(self.until)}",
                field="from",
                rule="from < to",
            )


def _in_words(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


_SECONDS = ", ".join(f"{name}_s" for name in SERIES)
_FIGURES = ", ".join(
    f"""
            count({name}_s) AS {name}_n, avg({name}_s) AS {name}_mean,
            percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {name}_s) AS {name}_at"""
    for name in SERIES
)
_SUMMARIES = ", ".join(
    f"""
            '{name}', json_build_object('n', {name}_n, 'unknown', incidents - {name}_n,
                'median_s', {name}_at[1], 'p90_s', {name}_at[2], 'mean_s', {name}_mean)"""
    for name in SERIES
)


def _counted_as(group: str, joined: str = "") -> str:
    """The incidents of the period, each under its group. Those of which nobody knows when they
    began are of no period, but for that without limits.
    """
    began = (
        "coalesce($since::timestamptz, '-infinity')",
        "coalesce($until::timestamptz, 'infinity')",
    )
    rows = f'SELECT {group} AS "group", incident.* FROM {{incident}} AS incident {joined}'
    return f"""
        {rows} WHERE counted AND started_at >= {began[0]} AND started_at < {began[1]}
        UNION ALL
        {rows} WHERE counted AND started_at IS NULL
            AND $since::timestamptz IS NULL AND $until::timestamptz IS NULL
    """


_GROUP = """
    CASE $by::text
        WHEN 'severity' THEN severity WHEN 'month' THEN coalesce(month, 'unknown') ELSE 'all'
    END
"""
_EACH_SERVICE = """
    CROSS JOIN LATERAL (
        SELECT DISTINCT unnest(
            CASE WHEN cardinality(services) = 0 THEN ARRAY['unknown'] ELSE services END
        ) AS service
    ) AS each
"""

DURATIONS = Question(
    of=STATISTICS.name,
    sql=f"""
        SELECT "group", incidents, reopened, json_build_object({_SUMMARIES}) AS series FROM (
            SELECT "group", count(*) AS incidents,
            count(*) FILTER (WHERE reopenings > 0) AS reopened, {_FIGURES}
            FROM (
                SELECT * FROM ({_counted_as(_GROUP)}) AS whole WHERE $by <> 'service'
                UNION ALL
                SELECT * FROM ({_counted_as("service", _EACH_SERVICE)}) AS parts
                WHERE $by = 'service'
            ) AS counted GROUP BY 1
        ) AS summarised ORDER BY 1
    """,
    takes=Period,
    answer=Group,
    made_of="SELECT max(position) FROM {incident}",
)
"""A sort for each series, over all incidents of the period: the only question that touches so many
rows. So its answer is remembered.
"""


def summarise(asked: Period, found: Found[Group], _: Cut) -> Statistics:
    """The groups with what they rest on."""
    return Statistics(by=asked.by, since=asked.since, until=asked.until, groups=found.items)


DURATIONS_OF_PERIOD = Resource(
    path="/v1/statistics",
    operation_id="get_statistics",
    tag="queries",
    summary="Statistics",
    description="Durations between milestones over the incidents that began in [from, to).",
    question=DURATIONS,
    answers=Statistics,
    answer=summarise,
    waits=True,
)
