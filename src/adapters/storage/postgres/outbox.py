"""Which intents are to be sent, and what became of them, from the rows of two projections."""

# ruff: noqa: S608 - names are quoted, values are parameters

from collections.abc import Iterator, Sequence
from datetime import datetime

import asyncpg
import msgspec

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres.encoding import array_literal
from adapters.storage.postgres.pool import Pool, ask
from domain.kernel.notifiable import LOWEST
from domain.notification.channel import Era
from domain.notification.intent import configured_name, intent_of, named_by
from domain.policy.audience import Audience
from domain.sight import Sight, Viewer
from handlers.kernel.ports import BeingBuilt
from handlers.notify.channels import OpenIntent, OutboxPage
from handlers.projecting.projector import Unbuilt
from projections.cursor import cursor_of
from projections.outbox.deliveries import (
    DELIVERIES,
    DELIVERIES_WHERE,
    DeliveriesWhere,
    Delivery,
    Status,
)
from projections.outbox.intents import INTENTS, NOTIFIABLE
from projections.outbox.pending import pending_statement
from projections.parts import PART
from projections.projection import SIGHT
from projections.seen_rows import sight_of

ENDLESS = 2**63 - 1

_SCHEMA = INTENTS.schema
_NOTIFIABLE = sql.qualified(_SCHEMA, NOTIFIABLE.name)
_DELIVERY = sql.qualified(DELIVERIES.schema, "delivery")
_COLUMNS = [sql.quoted(column.name) for column in NOTIFIABLE.columns]


STANDS = f"""
    SELECT (SELECT build FROM commandpost.projection WHERE schema = $1) AS build,
        (SELECT coalesce(max(position), 0) FROM {_NOTIFIABLE}) AS horizon
"""

_SIGHT = sql.qualified(_SCHEMA, SIGHT.name)
_PART = sql.qualified(_SCHEMA, PART.name)
PENDING = pending_statement(
    notifiable=_NOTIFIABLE, sight=_SIGHT, part=_PART, delivery=_DELIVERY, columns=_COLUMNS
)
LIST = DELIVERIES_WHERE.over(DELIVERIES.schema, DELIVERIES.tables)


class PostgresIntents:
    """`handlers.notify.channels.OpenIntents`, and the list of deliveries."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        """The horizon is taken first, so that rows written meanwhile lie beyond it; and the build
        with it, so that rows which are swapped in meanwhile count as old ones once more.
        """
        ((build, horizon),) = await self._fetch(STANDS, _SCHEMA)
        readers = (eras[-1].private if eras else None) or Sight()
        private = (list(readers.people), list(readers.teams))
        *columns, addressed, admins, carries = _columns(eras, channel)
        where = (*private, addressed, admins, carries)
        rows = await self._fetch(PENDING, channel, *columns, after, now, limit, *where)
        found = [
            OpenIntent(intent_of(dict(row), row["audience"]), row["ledger_position"])
            for row in rows
        ]
        return OutboxPage(found, horizon, build or 0)

    async def deliveries(
        self,
        viewer: Viewer,
        *,
        key: str | None = None,
        status: Status | None = None,
        channel: str | None = None,
    ) -> list[Delivery]:
        """What became of notifications, as far as a viewer may see it, the latest change first;
        `key` is that of their subject. They are asked for in pages. Raises `Unavailable`.
        """
        found: list[Delivery] = []
        aggregate, id_ = (None, None) if key is None else named_by(key)
        asked = DeliveriesWhere(aggregate=aggregate, id=id_, status=status, channel=channel)
        while True:
            values = [getattr(asked, name) for name in DELIVERIES_WHERE.parameters]
            rows = await self._fetch(LIST, *values, *sight_of(viewer))
            found += [msgspec.convert(dict(row), Delivery) for row in rows]
            if len(rows) < asked.limit:
                return found
            last = found[-1]
            behind = cursor_of(last.position, last.intent_id, last.channel)
            asked = msgspec.structs.replace(asked, after=behind)

    async def _fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        try:
            return await ask(self._pool, query, *arguments)
        except Unbuilt as missing:
            raise BeingBuilt("intents, or deliveries,") from missing


def _columns(eras: Sequence[Era], channel: str) -> tuple[list[object], ...]:
    """One row for each audience of each era: after, up to, audience, severity, preference, the
    services as the text of an array, whether it is told of drills, the name of the channel, if it
    is told alone what is addressed to it, whether the row is for what administrators are told,
    which each era has for each audience that they may be told as, if they read the channel, and the
    methods by which it reaches single persons. As `channel.preference`.
    """
    ends = [*(era.after for era in eras[1:]), ENDLESS]
    rows = [
        (
            *(era.after, end, audience.value, era.min_severity.value, place, services),
            *(era.drills, era.addressed, False, _NOTHING),
        )
        for era, end in zip(eras, ends, strict=True)
        for services in (array_literal(era.services),)
        for place, audience in enumerate(era.audiences)
    ]
    rows += [
        (era.after, end, audience.value, LOWEST.value, 0, _NOTHING, True, "", True, _NOTHING)
        for era, end in zip(eras, ends, strict=True)
        if era.admins
        for audience in Audience
    ]
    rows += [
        (era.after, end, audience.value, LOWEST.value, 0, _NOTHING, True, to, False, methods)
        for era, end in zip(eras, ends, strict=True)
        for to, methods in _addressed(era, channel)
        for audience in Audience
    ]
    return tuple(map(list, zip(*rows, strict=True))) if rows else ([],) * 10


_NOTHING = "{}"
"""The text of an array."""


def _addressed(era: Era, channel: str) -> Iterator[tuple[str, str]]:
    """Under which names something goes to a channel alone: pages to it, and to persons."""
    if era.audiences and not era.addressed:
        yield configured_name(channel), _NOTHING
    if era.carries:
        yield channel, array_literal(era.carries)
