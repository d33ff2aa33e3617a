"""Answers from the rows of the projections."""

# ruff: noqa: S608 - schema names are ours, values are parameters

from datetime import datetime
from typing import Any

import msgspec

from adapters.storage.codec import Codec
from adapters.storage.postgres.outbox import PostgresIntents
from adapters.storage.postgres.pool import Pool, ask
from adapters.storage.postgres.projectors import Projectors
from domain.incident.view import IncidentView
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Unbuilt
from handlers.queries.replay import Filter
from projections.alerting.quarantine import QUARANTINE
from projections.alerting.routes import ROUTES
from projections.incident.board import BOARD
from projections.incident.statistics import SERIES, STATISTICS, Group, Statistics, Summary
from projections.incident.timeline import TIMELINE, Entry, in_order, lines
from projections.outbox.deliveries import Delivery

_VIEW = msgspec.json.Decoder(IncidentView)

_WHERE = """
    ($1::text[] = '{}' OR status = ANY($1) OR status_category = ANY($1)
        OR ('open' = ANY($1) AND status_category IN ('triage', 'live')))
    AND ($2::text[] = '{}' OR severity = ANY($2))
    AND ($3::bigint IS NULL OR number < $3)
"""

_GROUPS = {
    "all": ("'all'", ""),
    "severity": ("severity", ""),
    "month": ("coalesce(month, 'unknown')", ""),
    "service": (
        "service",
        """CROSS JOIN LATERAL (SELECT DISTINCT unnest(CASE WHEN cardinality(services) = 0
            THEN ARRAY['unknown'] ELSE services END) AS service) AS each_service""",
    ),
}


class PostgresViews:
    """Implements `handlers.queries.Views`; schema names come from the projections' versions.
    `codec` reads the commits that rows hold.
    """

    def __init__(self, pool: Pool, projectors: Projectors, codec: Codec) -> None:
        self._pool = pool
        self._projectors = projectors
        self._codec = codec
        self._intents = PostgresIntents(pool)

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        await self._projectors.wait_for(projection, position, timeout_s)

    async def incidents(self, wanted: Filter) -> list[IncidentView]:
        rows = await self._fetch(
            f"SELECT view FROM {BOARD.schema}.incident WHERE {_WHERE} "
            "ORDER BY number DESC LIMIT $4",
            list(wanted.statuses),
            list(wanted.severities),
            wanted.before,
            wanted.limit,
        )
        return [_VIEW.decode(row["view"]) for row in rows]

    async def started_before(self, at: datetime, wanted: Filter) -> list[str]:
        rows = await self._fetch(
            f"SELECT id FROM {BOARD.schema}.incident WHERE (started_at IS NULL OR started_at <= $1)"
            " AND ($2::bigint IS NULL OR number < $2) ORDER BY number DESC",
            at,
            wanted.before,
        )
        return [row["id"] for row in rows]

    async def unfinished(self, since: datetime) -> list[str]:
        rows = await self._fetch(
            f"SELECT id FROM {BOARD.schema}.incident WHERE status_category IN ('triage', 'live')"
            " OR (status_category = 'closed' AND coalesce(resolved_at, 'infinity') >= $1)"
            " ORDER BY number DESC",
            since,
        )
        return [row["id"] for row in rows]

    async def incident(self, incident_id: str) -> IncidentView | None:
        rows = await self._fetch(
            f"SELECT view FROM {BOARD.schema}.incident WHERE id = $1", incident_id
        )
        return _VIEW.decode(rows[0]["view"]) if rows else None

    async def timeline(self, incident_id: str) -> list[Entry]:
        rows = await self._fetch(
            f"SELECT position, body FROM {TIMELINE.schema}.commit WHERE incident_id = $1",
            incident_id,
        )
        return in_order(
            line for row in rows for line in lines(row["position"], self._codec.decode(row["body"]))
        )

    async def statistics(
        self, since: datetime | None, until: datetime | None, by: str
    ) -> Statistics:
        label, join = _GROUPS[by]
        rows = await self._fetch(
            f"SELECT {label} AS grouped, count(*) AS incidents, "
            f"count(*) FILTER (WHERE reopenings > 0) AS reopened, {_SERIES_SQL} "
            f"FROM {STATISTICS.schema}.incident {join} WHERE counted "
            "AND ($1::timestamptz IS NULL OR started_at >= $1) "
            "AND ($2::timestamptz IS NULL OR started_at < $2) GROUP BY 1 ORDER BY 1",
            since,
            until,
        )
        return Statistics(by=by, since=since, until=until, groups=[_group(row) for row in rows])

    async def quarantine(self, *, everything: bool = False) -> list[dict[str, Any]]:
        where = "" if everything else "WHERE status = 'quarantined'"
        rows = await self._fetch(
            f"SELECT * FROM {QUARANTINE.schema}.cases {where} ORDER BY position"
        )
        return [dict(row) for row in rows]

    async def routes(self, *, everything: bool = False, limit: int = 500) -> list[dict[str, Any]]:
        where = "" if everything else "WHERE firing.incident IS NULL"
        rows = await self._fetch(
            f"SELECT firing.* FROM {ROUTES.schema}.firing {where} "
            "ORDER BY signal DESC, alert, episode LIMIT $1",
            limit,
        )
        return [dict(row) for row in rows]

    async def deliveries(self, incident_id: str) -> list[Delivery]:
        return await self._intents.deliveries(key=incident_id)

    async def _fetch(self, query: str, *values: Any) -> list[Any]:
        try:
            return await ask(self._pool, query, *values)
        except Unbuilt as missing:
            raise Unavailable("the read model is being built") from missing


_SERIES_SQL = ", ".join(
    f"count({name}_s) AS {name}_n, avg({name}_s) AS {name}_mean, "
    f"percentile_cont(0.5) WITHIN GROUP (ORDER BY {name}_s) AS {name}_median, "
    f"percentile_cont(0.9) WITHIN GROUP (ORDER BY {name}_s) AS {name}_p90"
    for name in SERIES
)


def _group(row: Any) -> Group:
    return Group(
        group=row["grouped"],
        incidents=row["incidents"],
        reopened=row["reopened"],
        series={
            name: Summary(
                n=row[f"{name}_n"],
                unknown=row["incidents"] - row[f"{name}_n"],
                median_s=row[f"{name}_median"],
                p90_s=row[f"{name}_p90"],
                mean_s=row[f"{name}_mean"],
            )
            for name in SERIES
        },
    )
