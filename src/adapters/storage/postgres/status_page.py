"""The rows of the status page, for `handlers.queries.public_status`."""

# ruff: noqa: S608 - schema names are ours, values are parameters

from collections.abc import Sequence

import msgspec

from adapters.storage.postgres.pool import Pool, ask
from domain.status_page.public_incident import PublicIncident
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Unbuilt
from handlers.queries.public_status import Change
from projections.status_page.published import STATUS_PAGE

_VIEW = msgspec.json.Decoder(PublicIncident)

_NEWS = f"""
    SELECT reached.position AS reached, changed.number, changed.position, changed.view
    FROM commandpost.projection AS reached
    LEFT JOIN LATERAL (
        SELECT number, position, view FROM {STATUS_PAGE.schema}.incident
        WHERE position > $1 ORDER BY number DESC LIMIT $2
    ) AS changed ON true
    WHERE reached.schema = $3
"""


class PostgresPublished:
    """Implements `handlers.queries.public_status.Published` in one question."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def news(self, after: int, limit: int) -> tuple[int, Sequence[Change]]:
        try:
            rows = await ask(self._pool, _NEWS, after, limit, STATUS_PAGE.schema)
        except Unbuilt as missing:
            raise Unavailable("the read model is being built") from missing
        if not rows:
            raise Unavailable("the read model is being built")
        changes = [
            Change(row["number"], row["position"], row["view"] and _VIEW.decode(row["view"]))
            for row in rows
            if row["number"] is not None
        ]
        return rows[0]["reached"], changes
