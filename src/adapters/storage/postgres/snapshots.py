"""Snapshots in PostgreSQL, where all is that follows from the log."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec
import structlog

import domain
import handlers
import projections
from adapters.storage import codec
from adapters.storage.postgres.pool import Pool, ask
from handlers.kernel.ports import Unavailable
from handlers.kernel.snapshots import Snapshot
from handlers.projecting.projector import Unbuilt

FIND_TIMEOUT_S = 0.5  # folding the history takes less
WRITING_MAX = 32
STREAMS_MAX = 100_000
STREAMS = "SELECT DISTINCT stream FROM commandpost.snapshot LIMIT $1"
FIND = """
SELECT position, stamp, state FROM commandpost.snapshot
WHERE kind = $1 AND stream = $2 AND code = $3
"""
KEEP = """
INSERT INTO commandpost.snapshot (kind, stream, code, position, stamp, state)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, stream) DO UPDATE SET code = excluded.code, position = excluded.position,
    stamp = excluded.stamp, state = excluded.state, updated = now()
"""

log = structlog.get_logger(__name__)


@cache
def code_fingerprint() -> str:
    """A digest of all code by which states follow from what stands in the log."""
    digest = sha256(msgspec.__version__.encode())
    for package in (domain, projections, handlers, codec):
        for folder in package.__path__:
            for file in sorted(Path(folder).rglob("*.py")):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


class PostgresSnapshots:
    """`handlers.kernel.snapshots.Snapshots`. `code` is the fingerprint of what made them: those of
    other code are not found, and written over.
    """

    def __init__(self, pool: Pool, code: str | None = None) -> None:
        self._pool = pool
        self._given = code
        self._writing: set[asyncio.Task[None]] = set()
        self._streams: set[str] = set()

    @property
    def _code(self) -> str:
        return self._given or code_fingerprint()

    async def find(self, kind: str, stream: str) -> Snapshot | None:
        try:
            async with asyncio.timeout(FIND_TIMEOUT_S):
                rows = await ask(self._pool, FIND, kind, stream, self._code)
        except (Unavailable, Unbuilt, TimeoutError):
            return None
        return Snapshot(*rows[0]) if rows else None

    async def learn(self) -> None:
        """Learn of which streams there are any; where nobody can say soon, of none. Never fails."""
        await asyncio.to_thread(code_fingerprint)  # it reads files, and the first to ask would wait
        with suppress(Unavailable, Unbuilt):
            self._streams.update(row[0] for row in await ask(self._pool, STREAMS, STREAMS_MAX))

    def may_have(self, stream: str) -> bool:
        return stream in self._streams

    def keep(self, kind: str, stream: str, snapshot: Snapshot) -> None:
        if len(self._writing) < WRITING_MAX:
            task = asyncio.create_task(self._keep(kind, stream, snapshot))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def settle(self) -> None:
        """Wait until all is kept that will be."""
        await asyncio.gather(*self._writing)

    async def close(self) -> None:
        """Keep nothing more."""
        for task in self._writing:
            task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def _keep(self, kind: str, stream: str, snapshot: Snapshot) -> None:
        values = (snapshot.position, snapshot.stamp, snapshot.state)
        try:
            await ask(self._pool, KEEP, kind, stream, self._code, *values)
            if len(self._streams) < STREAMS_MAX:
                self._streams.add(stream)
        except (Unavailable, Unbuilt) as outage:
            log.debug("snapshot.not_kept", stream=stream, reason=str(outage))


@asynccontextmanager
async def open_snapshots(pool: Pool) -> AsyncIterator[PostgresSnapshots]:
    """Snapshots over a pool, until the context ends."""
    snapshots = PostgresSnapshots(pool)
    await snapshots.learn()
    try:
        yield snapshots
    finally:
        await snapshots.close()
