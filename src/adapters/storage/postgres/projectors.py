"""All read models of a process: built, followed, awaited, rebuilt and verified in one place."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from adapters.storage.postgres.pool import Pool, ask, outages
from adapters.storage.postgres.rebuild import (
    Progress,
    build_missing,
    nobody,
    rebuild,
)
from adapters.storage.postgres.row_session import RowSession
from adapters.storage.postgres.rows import PostgresRows
from adapters.storage.postgres.verify import Comparison, checksums, verify
from handlers.kernel.ports import EventStore, LogChanged
from handlers.kernel.snapshots import Snapshots
from handlers.projecting.folder import Folder
from handlers.projecting.log_watch import LogWatch, check_place
from handlers.projecting.projector import Lagging, Projector, Status, Unbuilt
from handlers.projecting.set_aside import Gap
from handlers.projecting.shared_fold import SharedFolds
from handlers.projecting.shared_log import SharedLog
from projections.projection import Projection, Table

POLL_S = 0.03  # how often a position is looked up while the projector runs in another process
GAPS = """
SELECT DISTINCT ON (position) position, subject, code, reason, tags,
    array_agg(name) OVER (PARTITION BY position) AS read_models
FROM commandpost.unreadable JOIN (SELECT schema, name FROM commandpost.projection) AS places
    USING (schema)
WHERE schema = ANY($1) ORDER BY position, schema
"""
PLACES = "SELECT position FROM commandpost.projection WHERE schema = ANY($1)"
LOOK_AGAIN_S = 0.25  # how soon a waiting reader notices that it has moved to another process


class Projectors:
    """The projections of `catalog` in the database at `url`, which `pool` leads to as well.

    There is one version of each: a version without tables is built from the log, and the tables
    of older ones are dropped as soon as no process uses them.
    """

    def __init__(
        self,
        url: str,
        pool: Pool,
        store: EventStore,
        catalog: Sequence[Projection[Any]],
        snapshots: Snapshots | None = None,
    ) -> None:
        self._url = url
        self._pool = pool
        self._store = store
        self.watch = LogWatch(store)
        self._catalog = {projection.name: projection for projection in catalog}
        self._schemas = [projection.schema for projection in catalog]
        self.log, folds, session = SharedLog(store), SharedFolds(), RowSession(url)
        self._projectors = {
            projection.name: Projector(
                Folder(projection, snapshots=snapshots, shared=folds),
                self.log,
                PostgresRows(url, projection, session=session),
                self._build_again,
                self._build_changed,
            )
            for projection in catalog
        }

    async def prepare(self, progress: Progress = nobody) -> None:
        """Build what has no tables yet. Raises `Unavailable`."""
        await self._build(list(self._catalog.values()), progress)

    async def run(self) -> None:
        """Keep all rows up to date until cancelled. One that fails does not stop the others."""
        async with asyncio.TaskGroup() as group:
            for projector in self._projectors.values():
                group.create_task(projector.run(), name=f"projector {projector.status.name}")

    def schema(self, name: str) -> str:
        """The schema that holds the tables of a projection."""
        return self._catalog[name].schema

    def tables(self, name: str) -> tuple[Table, ...]:
        """The tables of a projection."""
        return self._catalog[name].tables

    def status(self) -> list[Status]:
        """What each projector is doing in this process."""
        return [projector.status for projector in self._projectors.values()]

    async def position(self, name: str) -> int:
        """The position that the stored rows of a projection have reached, whoever writes them.

        Raises `Unavailable`, and `Unbuilt` when there are no rows.
        """
        query = "SELECT position FROM commandpost.projection WHERE schema = $1"
        rows = await ask(self._pool, query, self._catalog[name].schema)
        if not rows:
            raise Unbuilt(name)
        return int(rows[0][0])

    async def hold(self, name: str) -> bool:
        """Whether the stored rows of a projection are of the log that there is. Raises
        `Unavailable`.
        """
        query = "SELECT position, mark FROM commandpost.projection WHERE schema = $1"
        rows = await ask(self._pool, query, self._catalog[name].schema)
        if not rows:
            return False
        try:
            await check_place(self._store, rows[0]["position"], rows[0]["mark"])
        except LogChanged:
            return False
        return True

    async def wait_for(self, name: str, position: int, timeout_s: float) -> None:
        """Return once the rows of a projection contain `position`: at once when this process's
        projector passes it, else as soon as another's is seen to. Raises `Lagging`, `Unavailable`.
        """
        projector = self._projectors[name]
        if projector.status.position < position:
            with self.log.awaited():
                await self._wait_for(projector, position, timeout_s)

    async def _wait_for(self, projector: Projector[Any], position: int, timeout_s: float) -> None:
        name, clock = projector.status.name, asyncio.get_running_loop().time
        deadline = clock() + timeout_s
        while projector.status.position < position:
            elsewhere = projector.status.phase != "following"
            stored = await self._stored(name) if elsewhere else projector.status.position
            if stored >= position:
                return
            left = deadline - clock()
            if left <= 0:
                raise Lagging(name, position, stored)
            await projector.reach(position, min(POLL_S if elsewhere else LOOK_AGAIN_S, left))

    async def wait_until_built(self, name: str, timeout_s: float) -> None:
        """Return once there are rows of a projection, whoever makes them, or when the time is over.
        Raises `Unavailable`.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not await self._is_built(name):  # noqa: ASYNC110 - by any process
                    await asyncio.sleep(POLL_S)

    async def gaps(self) -> list[Gap]:
        """What the rows of all read models do not show. Raises `Unavailable`."""
        rows = await ask(self._pool, GAPS, self._schemas)
        return [msgspec.convert(dict(row), Gap) for row in rows]

    async def shown_upto(self) -> int:
        """The position that the rows of every read model have reached. Raises `Unavailable`."""
        rows = await ask(self._pool, PLACES, self._schemas)
        return min(row["position"] for row in rows) if len(rows) == len(self._schemas) else 0

    async def rebuild(self, names: Iterable[str], progress: Progress = nobody) -> None:
        """Build these anew from the log, in one pass, and swap them in. Raises `Unavailable`."""
        chosen = [self._catalog[name] for name in names]
        await rebuild(self._url, self._store, chosen, progress)

    async def verify(self, name: str, progress: Progress = nobody) -> Comparison:
        """Compare the rows of a projection with a fresh fold. Raises `Unavailable`, `Unbuilt`."""
        return await verify(self._url, self._store, self._catalog[name], progress)

    async def checksums(self, name: str) -> dict[str, str]:
        """An MD5 for each table of a projection. Raises `Unavailable`, `Unbuilt`."""
        with outages():
            async with self._pool.acquire() as connection, connection.transaction():
                await connection.execute("SET LOCAL statement_timeout = 0")  # of all rows there are
                return await checksums(connection, self._catalog[name])

    async def _build_again(self, projection: Projection[Any]) -> None:
        await self._build([projection])

    async def _build_changed(self, change: LogChanged) -> None:
        """The first to notice sees to all."""
        self.watch.report(change)
        await self._build(list(self._catalog.values()))

    async def _build(
        self, projections: Sequence[Projection[Any]], progress: Progress = nobody
    ) -> None:
        await build_missing(self._url, self._store, projections, self.watch.report, progress)

    async def _is_built(self, name: str) -> bool:
        try:
            await self.position(name)
        except Unbuilt:
            return False
        return True

    async def _stored(self, name: str) -> int:
        try:
            return await self.position(name)
        except Unbuilt:
            return 0
