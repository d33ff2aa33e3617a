"""Which intents are to be sent, and what became of them, from the rows of two projections."""

# ruff: noqa: S608 - names are quoted, values are parameters

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from adapters.postgres import schema as sql
from adapters.postgres.encoding import array_literal
from adapters.postgres.pool import Pool, ask
from domain.channel import Era
from handlers.channels import Open, Page
from handlers.ports import Unavailable
from handlers.projecting import Unbuilt
from projections.deliveries import DELIVERIES, Delivery
from projections.intents import INTENTS, Intent

ENDLESS = 2**63 - 1
LISTED_MOST = 1_000

_INTENT = sql.qualified(INTENTS.schema, "intent")
_DELIVERY = sql.qualified(DELIVERIES.schema, "delivery")
_COLUMNS = ", ".join(f"i.{sql.quoted(name)}" for name in Intent.__struct_fields__)

# An event that is told to several audiences reaches a channel once: as the first of them (`place`)
# hears it. Whether anything is recorded of it is asked afterwards, or the next would take its turn.
PENDING = f"""
WITH wanted AS (
    SELECT after, upto, audience, min_severity, place, services::text[] AS services
    FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::text[])
        AS era(after, upto, audience, min_severity, place, services)
), fresh AS (
    SELECT DISTINCT ON (i.event_id) {_COLUMNS}
    FROM {_INTENT} AS i JOIN wanted ON i.audience = wanted.audience
        AND i.position > wanted.after AND i.position <= wanted.upto
        AND i.peak <= wanted.min_severity
        AND (wanted.services = '{{}}' OR i.services = '{{}}' OR i.services && wanted.services)
    WHERE i.position > $8
    ORDER BY i.event_id, wanted.place
)
SELECT {_COLUMNS}, 0::bigint AS ledger_position FROM fresh AS i
WHERE NOT EXISTS (SELECT FROM {_DELIVERY} AS d WHERE d.intent_id = i.id AND d.channel = $1)
UNION ALL
SELECT {_COLUMNS}, d.position FROM {_DELIVERY} AS d JOIN {_INTENT} AS i ON i.id = d.intent_id
WHERE d.channel = $1 AND d.due_at <= $9
ORDER BY severity, position LIMIT $10
"""

LIST = f"""
SELECT {", ".join(map(sql.quoted, Delivery.__struct_fields__))} FROM {_DELIVERY}
WHERE ($1::text IS NULL OR incident_id = $1) AND ($2::text IS NULL OR status = $2)
ORDER BY position DESC LIMIT $3
"""


class PostgresIntents:
    """`handlers.channels.OpenIntents`, and the list of deliveries."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> Page:
        """The horizon is taken first, so that rows written meanwhile lie beyond it."""
        horizon = await self._fetch(f"SELECT coalesce(max(position), 0) FROM {_INTENT}")
        rows = await self._fetch(PENDING, channel, *_columns(eras), after, now, limit)
        found = [Open(_intent(row), row["ledger_position"]) for row in rows]
        return Page(found, int(horizon[0][0]))

    async def deliveries(
        self, *, incident_id: str | None = None, status: str | None = None, limit: int = LISTED_MOST
    ) -> list[Delivery]:
        """What became of notifications, the latest change first. Raises `Unavailable`."""
        rows = await self._fetch(LIST, incident_id, status, min(limit, LISTED_MOST))
        return [msgspec.convert(dict(row), Delivery) for row in rows]

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        try:
            return await ask(self._pool, query, *arguments)
        except Unbuilt as missing:
            raise Unavailable(f"intents and deliveries are being built: {missing}") from missing


def _columns(eras: Sequence[Era]) -> tuple[list[object], ...]:
    """One row for each audience of each era: after, up to, audience, severity, preference, and the
    services as the text of an array.
    """
    ends = [*(era.after for era in eras[1:]), ENDLESS]
    rows = [
        (era.after, end, audience.value, era.min_severity.value, place, array_literal(era.services))
        for era, end in zip(eras, ends, strict=True)
        for place, audience in enumerate(era.audiences)
    ]
    return tuple(map(list, zip(*rows, strict=True))) if rows else ([],) * 6


def _intent(row: asyncpg.Record) -> Intent:
    return msgspec.convert({name: row[name] for name in Intent.__struct_fields__}, Intent)
