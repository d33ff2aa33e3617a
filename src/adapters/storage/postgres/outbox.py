"""Which intents are to be sent, and what became of them, from the rows of two projections."""

# ruff: noqa: S608 - names are quoted, values are parameters

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres.encoding import array_literal
from adapters.storage.postgres.pool import Pool, ask
from domain.notification.channel import Era
from handlers.kernel.ports import Unavailable
from handlers.notify.channels import OpenIntent, OutboxPage
from handlers.projecting.projector import Unbuilt
from projections.outbox.deliveries import DELIVERIES, Delivery
from projections.outbox.intents import INTENTS, NOTIFIABLE, intent_of

ENDLESS = 2**63 - 1
ASKED_AT_ONCE = 1_000

_SCHEMA = INTENTS.schema
_NOTIFIABLE = sql.qualified(_SCHEMA, NOTIFIABLE.name)
_DELIVERY = sql.qualified(DELIVERIES.schema, "delivery")
_COLUMNS = ", ".join(f"n.{sql.quoted(column.name)}" for column in NOTIFIABLE.columns)


def _intent_id(audience: str) -> str:
    """As `projections.outbox.intents.intent_id`, in SQL."""
    told = f"convert_to(n.event_id || ' ' || {audience}, 'UTF8')"
    return f"left(encode(sha256({told}), 'hex'), 32)"


BUILD = "SELECT build FROM commandpost.projection WHERE schema = $1"

# What is told to several audiences reaches a channel once: as the first of them (`place`)
# hears it. Whether anything is recorded of it is asked afterwards, or the next would take its turn.
PENDING = f"""
WITH wanted AS (
    SELECT after, upto, audience, min_severity, place, services::text[] AS services, drills
    FROM unnest(
        $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::boolean[]
    ) AS era(after, upto, audience, min_severity, place, services, drills)
), fresh AS (
    SELECT DISTINCT ON (n.position, n.index) {_COLUMNS}, wanted.audience
    FROM {_NOTIFIABLE} AS n JOIN wanted ON wanted.audience = ANY(string_to_array(n.audiences, ' '))
        AND n.position > wanted.after AND n.position <= wanted.upto
        AND n.peak <= wanted.min_severity
        AND (wanted.services = '{{}}' OR n.services = '{{}}' OR n.services && wanted.services)
        AND (wanted.drills OR NOT n.drill)
    WHERE n.position > $9
    ORDER BY n.position, n.index, wanted.place
)
SELECT {_COLUMNS}, n.audience, 0::bigint AS ledger_position FROM fresh AS n
WHERE NOT EXISTS (
    SELECT FROM {_DELIVERY} AS d WHERE d.intent_id = {_intent_id("n.audience")} AND d.channel = $1
)
UNION ALL
SELECT {_COLUMNS}, d.audience, d.position FROM {_DELIVERY} AS d JOIN {_NOTIFIABLE} AS n
    ON n.subject = d.incident_id AND {_intent_id("d.audience")} = d.intent_id
WHERE d.channel = $1 AND d.due_at <= $10
ORDER BY severity, position LIMIT $11
"""

LIST = f"""
SELECT {", ".join(map(sql.quoted, Delivery.__struct_fields__))} FROM {_DELIVERY}
WHERE ($1::text IS NULL OR incident_id = $1) AND ($2::text IS NULL OR status = $2)
    AND ($3::text IS NULL OR channel = $3 OR regexp_replace(channel, '-[0-9a-f]{{10}}$', '') = $3)
    AND (position, intent_id, channel) < ($4, $5, $6)
ORDER BY position DESC, intent_id DESC, channel DESC LIMIT $7
"""
# A channel of the configuration stands for several where each recipient has one: `mail-<digest>`.


class PostgresIntents:
    """`handlers.notify.channels.OpenIntents`, and the list of deliveries."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        """The horizon is taken first, so that rows written meanwhile lie beyond it; and before it
        the build, so that rows which are swapped in meanwhile count as old ones once more.
        """
        build = await self._fetch(BUILD, _SCHEMA)
        horizon = await self._fetch(f"SELECT coalesce(max(position), 0) FROM {_NOTIFIABLE}")
        rows = await self._fetch(PENDING, channel, *_columns(eras), after, now, limit)
        found = [
            OpenIntent(intent_of(dict(row), row["audience"]), row["ledger_position"])
            for row in rows
        ]
        return OutboxPage(found, horizon[0][0], build[0][0] if build else 0)

    async def deliveries(
        self,
        *,
        key: str | None = None,
        status: str | None = None,
        channel: str | None = None,
    ) -> list[Delivery]:
        """What became of notifications, the latest change first; `key` is that of their subject.
        They are asked for in pages. Raises `Unavailable`.
        """
        found: list[Delivery] = []
        behind: tuple[int, str, str] = (ENDLESS, "", "")
        while True:
            rows = await self._fetch(LIST, key, status, channel, *behind, ASKED_AT_ONCE)
            found += [msgspec.convert(dict(row), Delivery) for row in rows]
            if len(rows) < ASKED_AT_ONCE:
                return found
            behind = found[-1].position, found[-1].intent_id, found[-1].channel

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        try:
            return await ask(self._pool, query, *arguments)
        except Unbuilt as missing:
            raise Unavailable(f"intents and deliveries are being built: {missing}") from missing


def _columns(eras: Sequence[Era]) -> tuple[list[object], ...]:
    """One row for each audience of each era: after, up to, audience, severity, preference, the
    services as the text of an array, and whether it is told of drills.
    """
    ends = [*(era.after for era in eras[1:]), ENDLESS]
    rows = [
        (era.after, end, audience.value, era.min_severity.value, place, services, era.drills)
        for era, end in zip(eras, ends, strict=True)
        for services in (array_literal(era.services),)
        for place, audience in enumerate(era.audiences)
    ]
    return tuple(map(list, zip(*rows, strict=True))) if rows else ([],) * 7
