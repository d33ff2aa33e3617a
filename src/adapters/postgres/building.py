"""Building one projection's tables from the log, by COPY, without constraints until the end."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from adapters.postgres import schema as sql
from adapters.postgres.encoding import NUL_REFUSED, Row, without_nul
from adapters.postgres.pool import Connection, connect, outages
from handlers.folding import Pile
from projections.projection import Column, Projection, Table

ROWS_AT_ONCE = 4_096  # rows of a table encoded and sent together: 1 to 8 MB

# A small sample is enough to plan by until autovacuum takes a full one; that costs 0.2 s a table.
_SESSION = (
    "SET maintenance_work_mem = '128MB'; SET work_mem = '64MB'; SET default_statistics_target = 10"
)


class Building:
    """Fills `schema` with the rows on a pile. While one COPY is under way the next rows pile up;
    then `send` waits, so memory is bounded by two portions per table.
    """

    def __init__(self, connection: Connection, projection: Projection[Any], schema: str) -> None:
        self.pile = Pile(projection)
        self._schema = schema
        self._connection = connection
        self._transaction = connection.transaction()
        self._removals: set[str] = set()  # tables with rows that were removed again
        self._sending: asyncio.Task[None] | None = None

    @classmethod
    async def begin(cls, url: str, projection: Projection[Any], schema: str) -> "Building":
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

    async def send(self, least: int = ROWS_AT_ONCE) -> None:
        """Send the rows of tables where at least so many wait."""
        for table in self.pile.projection.tables:
            if len(self.pile.rows[table.name]) >= least:
                await self._send(table)

    async def finish(self) -> None:
        """Send what is left, add keys and indexes; the tables are now strict."""
        await self.send(least=1)
        await self._sent()
        for table in self.pile.projection.tables:
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
        rows, gone = self.pile.take(table.name)
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
                schema_name=self._schema,
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
                        await self._connection.execute(sql.tighten(self._schema, table))
            except asyncpg.UniqueViolationError:
                self._removals.add(table.name)
            if table.name in self._removals:
                for statement in sql.compact(self._schema, table):
                    await self._connection.execute(statement)
            for statement in sql.indexes(self._schema, table):
                await self._connection.execute(statement)
            await self._connection.execute(f"ANALYZE {sql.qualified(self._schema, table.name)}")
