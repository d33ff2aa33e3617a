"""Building one projection's tables from the log, by COPY, without constraints until the end."""

# ruff: noqa: S608 - names are quoted, values are parameters

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Generic, TypeVar

import asyncpg
import msgspec

from adapters.postgres import schema as sql
from adapters.postgres.encoding import NUL_REFUSED, Row, without_nul
from adapters.postgres.pool import Connection, connect, outages
from handlers.folding import Bulk, Ours
from projections.projection import Column, Projection, Table

S = TypeVar("S")

ROWS_AT_ONCE = 4_096  # rows of a table encoded and sent together: 1 to 8 MB
STATES_AT_ONCE = 1_000  # shown in a row, before other projections get their turn
STATES_IN_MEMORY = 200_000
"""Beyond this many states the oldest half moves to the state table, to be read back on demand."""

# A small sample is enough to plan by until autovacuum takes a full one; that costs 0.2 s a table.
_SESSION = (
    "SET maintenance_work_mem = '128MB'; SET work_mem = '64MB'; SET default_statistics_target = 10"
)
_SPILL = 'CREATE TEMP TABLE IF NOT EXISTS spill (key text COLLATE "C", data bytea)'


class Building(Generic[S]):
    """Fills `schema` with one projection's rows. While one COPY is under way the next rows pile
    up; then `add` waits, so memory is bounded by two portions per table.
    """

    def __init__(
        self,
        connection: Connection,
        projection: Projection[S],
        schema: str,
    ) -> None:
        self.projection = projection
        self.schema = schema
        self._connection = connection
        self._transaction = connection.transaction()
        self._bulk = Bulk(projection)
        self._spilled = False
        self._removals: set[str] = set()  # tables with rows that were removed again
        self._sending: asyncio.Task[None] | None = None
        if projection.state is not None:
            self._decoder = msgspec.msgpack.Decoder(projection.state)

    @classmethod
    async def begin(cls, url: str, projection: Projection[S], schema: str) -> "Building[S]":
        """Make `schema` anew, with empty tables. What an earlier attempt left there goes."""
        connection = await connect(url)
        with outages():
            await connection.execute(_SESSION)
            await connection.execute(f"DROP SCHEMA IF EXISTS {sql.quoted(schema)} CASCADE")
        building = cls(connection, projection, schema)
        with outages():
            # Where wal_level is minimal, tables filled in the transaction that made them are not
            # logged; and a crash leaves nothing to clean up.
            await building._transaction.start()
            await connection.execute(sql.create(schema, projection, loose=True))
        return building

    async def add(self, ours: Ours) -> None:
        """Fold commits of this projection; their rows are written by and by."""
        bulk = self._bulk
        if self._spilled:
            await self._load(ours)
        bulk.fold(ours)
        for table in self.projection.tables:
            if len(bulk.rows[table.name]) >= ROWS_AT_ONCE:
                await self._send(table)
        if len(bulk.states) > STATES_IN_MEMORY:
            await self._spill(len(bulk.states) // 2)

    async def finish(self) -> None:
        """Show every key, write what is left, add keys and indexes; the tables are now strict."""
        async for states in self._final_states():
            self._bulk.show(states)
            for table in self.projection.tables:
                if len(self._bulk.rows[table.name]) >= ROWS_AT_ONCE:
                    await self._send(table)
        for table in self.projection.tables:
            await self._send(table)
        await self._sent()
        for table in self.projection.tables:
            await self._tighten(table)
        with outages():
            await self._transaction.commit()

    async def close(self) -> None:
        """Give up the connection, and a COPY under way with it."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._connection.terminate()

    async def _send(self, table: Table) -> None:
        rows, gone = self._bulk.take(table.name)
        if not rows:
            return
        columns = table.columns
        if gone:
            self._removals.add(table.name)
            columns, removals = (*columns, Column(sql.GONE, "boolean")), set(gone)
            rows = [(*row, number in removals) for number, row in enumerate(rows)]
        await self._sent()
        self._sending = asyncio.create_task(self._copy(table.name, columns, rows))

    async def _copy(self, table: str, columns: Sequence[Column], rows: list[Row]) -> None:
        with outages():
            try:
                await self._try_copy(table, columns, rows)
            except NUL_REFUSED:
                clean = [without_nul(columns, row) for row in rows]
                await self._try_copy(table, columns, clean)

    async def _try_copy(self, table: str, columns: Sequence[Column], rows: list[Row]) -> None:
        async with self._connection.transaction():  # a savepoint: a refusal undoes this COPY alone
            await self._connection.copy_records_to_table(
                table,
                schema_name=self.schema,
                columns=[column.name for column in columns],
                records=rows,
            )

    async def _sent(self) -> None:
        if self._sending is not None:
            sending, self._sending = self._sending, None
            await sending

    async def _tighten(self, table: Table) -> None:
        with outages():
            try:
                if table.name not in self._removals:
                    async with self._connection.transaction():
                        await self._connection.execute(sql.tighten(self.schema, table))
            except asyncpg.UniqueViolationError:
                self._removals.add(table.name)
            if table.name in self._removals:
                for statement in sql.compact(self.schema, table):
                    await self._connection.execute(statement)
            for statement in sql.indexes(self.schema, table):
                await self._connection.execute(statement)
            await self._connection.execute(f"ANALYZE {sql.qualified(self.schema, table.name)}")

    async def _load(self, ours: Ours) -> None:
        states = self._bulk.states
        unknown = list({key for key, _ in ours if key not in states})
        await self._sent()
        query = f"SELECT key, data FROM {self._state_table()} WHERE key = ANY($1::text[])"
        with outages():
            for key, data in await self._connection.fetch(query, unknown):
                states[key] = self._decoder.decode(data)

    async def _spill(self, number: int) -> None:
        """Move the `number` states that were met first to the state table."""
        states = self._bulk.states
        keys = [key for key, _ in zip(states, range(number), strict=False)]
        records = [(key, msgspec.msgpack.encode(states.pop(key))) for key in keys]
        await self._sent()
        with outages():
            await self._connection.execute(f"{_SPILL}; TRUNCATE spill")
            await self._connection.copy_records_to_table("spill", records=records)
            await self._connection.execute(
                f"INSERT INTO {self._state_table()} SELECT * FROM spill"
                " ON CONFLICT (key) DO UPDATE SET data = excluded.data"
            )
        self._spilled = True

    async def _final_states(self) -> AsyncIterator[list[tuple[str, S]]]:
        """All states, from memory or, where some were spilled, back from the state table."""
        states = self._bulk.states
        if self.projection.state is None:
            return
        if not self._spilled:
            items = list(states.items())
            for start in range(0, len(items), STATES_AT_ONCE):
                portion = items[start : start + STATES_AT_ONCE]
                yield portion
                await self._sent()
                records = [(key, msgspec.msgpack.encode(state)) for key, state in portion]
                with outages():
                    await self._connection.copy_records_to_table(
                        sql.STATE, schema_name=self.schema, records=records
                    )
            return
        await self._spill(len(states))
        page = (
            f"SELECT key, data FROM {self._state_table()}"
            f" WHERE $1::text IS NULL OR key > $1 ORDER BY key LIMIT {STATES_AT_ONCE}"
        )
        last: str | None = None
        while True:
            await self._sent()
            with outages():
                found = await self._connection.fetch(page, last)
            if not found:
                return
            yield [(key, self._decoder.decode(data)) for key, data in found]
            last = found[-1]["key"]

    def _state_table(self) -> str:
        return sql.qualified(self.schema, sql.STATE)
