"""What is asked of statistics: the figures of a period, by group, now and at another time."""

# ruff: noqa: S608 - names are ours, values are parameters

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.incident import INCIDENT
from domain.incident.course.durations import SERIES
from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded
from projections.incident.period import Period
from projections.incident.running_figures import ROWS_CHANGED, RunningFigures
from projections.incident.statistics import (
    MOVED,
    SETTLED,
    STATISTICS,
    Group,
    Measured,
    Statistics,
    durations,
    measure,
)
from projections.past import Cut, stood_then
from projections.read_model import Candidate, Found, KeptUp, LookBack, Question, Resource

MEASURED_MOST = 1_000
"""So many are folded from the log for the figures of another time; of more, nobody waits for."""

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


def _counted_as(group: str, joined: str, incidents: str) -> str:
    """The incidents of the period, each under its group. Those of which nobody knows when they
    began are of no period, but for that without limits.
    """
    began = (
        "coalesce($since::timestamptz, '-infinity')",
        "coalesce($until::timestamptz, 'infinity')",
    )
    rows = f'SELECT {group} AS "group", incident.* FROM {incidents} AS incident {joined}'
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


def _summarised(incidents: str) -> str:
    """The figures of these incidents, by group: a sort for each series."""
    whole, parts = (
        _counted_as(group, joined, incidents)
        for group, joined in ((_GROUP, ""), ("service", _EACH_SERVICE))
    )
    return f"""
        SELECT "group", incidents, reopened, json_build_object({_SUMMARIES}) AS series FROM (
            SELECT "group", count(*) AS incidents,
            count(*) FILTER (WHERE reopenings > 0) AS reopened, {_FIGURES}
            FROM (
                SELECT * FROM ({whole}) AS whole WHERE $by <> 'service'
                UNION ALL
                SELECT * FROM ({parts}) AS parts WHERE $by = 'service'
            ) AS counted GROUP BY 1
        ) AS summarised ORDER BY "group" COLLATE "C"
    """


DURATIONS = Question(
    of=STATISTICS.name,
    sql=_summarised("{incident}"),
    takes=Period,
    answer=Group,
    made_of="SELECT max(position) FROM {incident}",
    kept_up=KeptUp(changed=ROWS_CHANGED, begin=RunningFigures),
)
"""Over all incidents of the period: the only question that touches so many rows. So its answer is
remembered, and kept up where it is asked for again and again.
"""


class PeriodThen(Period, frozen=True, kw_only=True):
    """The same at the time of a look back. `folded` are those that have changed since, as they were
    measured then, as JSON.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None
    folded: str = "[]"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """The time of a look back, and how many that have changed since may be folded at most."""

    as_of: datetime | None = None
    known_at: datetime | None = None
    most: int = MEASURED_MOST + 1


CHANGED_SINCE = Question(
    of=STATISTICS.name,
    sql=f"""
        SELECT id, position AS place, commits, NULL AS shown FROM {{incident}}
        WHERE {MOVED}
        ORDER BY position LIMIT $most
    """,
    takes=Changed,
    answer=Candidate[Measured],
)
"""What had begun by then and has changed since may have been anything: it is to be folded."""

_COLUMNS = ", ".join((*Measured.__struct_fields__, *(f"{name}_s" for name in SERIES)))
_RECORDS = ", ".join(
    (
        "counted boolean, severity text, services text[], started_at timestamptz, month text",
        "reopenings integer",
        *(f"{name}_s double precision" for name in SERIES),
    )
)

DURATIONS_THEN = Question(
    of=STATISTICS.name,
    sql=_summarised(f"""(
        SELECT {_COLUMNS} FROM {{incident}}
        WHERE {SETTLED}
        UNION ALL
        SELECT {_COLUMNS} FROM jsonb_to_recordset($folded::text::jsonb) AS folded({_RECORDS})
    )"""),
    takes=PeriodThen,
    answer=Group,
)
"""What has not changed since then is what it is now; the rest is given."""


def _measured_then(
    _asked: Period, _id: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[dict[str, Any]]:
    """What the row would have been then."""
    incident = stood_then(INCIDENT, commits, cut).state
    if not isinstance(incident, Undeclared):
        seconds = durations(incident.facts.milestones)
        yield {
            **msgspec.structs.asdict(measure(incident)),
            **{f"{name}_s": value for name, value in seconds.items()},
        }


def summarise(asked: Period, found: Found[Group], _: Cut) -> Statistics:
    """The groups with what they rest on."""
    return Statistics(by=asked.by, since=asked.since, until=asked.until, groups=found.items)


DURATIONS_OF_PERIOD = Resource(
    path="/v1/statistics",
    operation_id="get_statistics",
    tag="queries",
    summary="Statistics",
    description="Durations between milestones over the incidents that began in [from, to); with"
    "\n`as_of` what they were by then, with `known_at` what we knew of them then.",
    question=DURATIONS,
    answers=Statistics,
    answer=summarise,
    look_back=LookBack(
        streams=STATISTICS.follows,
        past=_measured_then,
        candidates=CHANGED_SINCE,
        into=DURATIONS_THEN,
    ),
    waits=True,
)
