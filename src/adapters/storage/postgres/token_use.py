"""When tokens were used last, as all instances of the service have seen it.

It is no history, and no event: a request would be a write. Without the table it is not known.
"""

from collections.abc import Mapping
from datetime import datetime

from adapters.storage.postgres.pool import Pool, ask

BEGUN = ""
"""Under which stands since when it is known."""
NOTE = """
INSERT INTO commandpost.token_use (id, used)
SELECT * FROM unnest($1::text[], $2::timestamptz[])
ON CONFLICT (id) DO UPDATE SET used = excluded.used WHERE token_use.used < excluded.used
"""
BEGIN = """
INSERT INTO commandpost.token_use (id, used) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING
"""
KNOWN = "SELECT id, used FROM commandpost.token_use"


class PostgresTokenUse:
    """Implements `handlers.access.gate.TokenUse`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def share(
        self, used: Mapping[str, datetime], since: datetime
    ) -> tuple[dict[str, datetime], datetime]:
        """Raises `Unavailable`, `Unbuilt`."""
        await ask(self._pool, BEGIN, BEGUN, since)
        if used:
            await ask(self._pool, NOTE, list(used), list(used.values()))
        known = {str(row[0]): row[1] for row in await ask(self._pool, KNOWN)}
        return known, known.pop(BEGUN, since)
