"""Building one projection's tables from the log, by COPY, without constraints until the end."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres.encoding import NUL_REFUSED, Row, replace_nul
from adapters.storage.postgres.pool import Connection, connect, outages
from adapters.storage.postgres.set_aside import replace_all
from handlers.projecting.folder import Pile
from projections.projection import Column, Projection, Table

ROWS_AT_ONCE = 8_192  # rows of a table sent together: 2 to 16 MB

# A small sample is enough to plan by until autovacuum takes a full one; that costs 0.2 s a table.
_SESSION = (
    "SET maintenance_work_mem = '128MB'; SET work_mem = '64MB'; SET default_statistics_target = 10"
)


class Building:
    """Fills `schema` with the rows on a pile. While one COPY is under way the next rows pile up;
    then `send` waits, so memory is bounded by two portions per table.
    """

    def __init__(self, projection: Projection[Any], schema: str) -> None:
        self.pile = Pile(projection)
        self._schema = schema
        self._removals: set[str] = set()  # tables with rows that were removed again
        self._sending: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()  # several folds may feed one pile
        self._opened: Connection | None = None

    async def begin(self, url: str) -> None:
        """Make the schema anew, with empty tables. What an earlier attempt left there goes."""
        self._opened = connection = await connect(url)
        self._transaction = connection.transaction()
        with outages():
            await connection.execute(_SESSION)
            await connection.execute(f"DROP SCHEMA IF EXISTS {sql.quoted(self._schema)} CASCADE")
            # Where wal_level is minimal, tables filled in the transaction that made them are not
            # logged; and a crash leaves nothing to clean up.
            await self._transaction.start()
            await connection.execute(sql.create(self._schema, self.pile.projection, loose=True))

    async def send(self, least: int = ROWS_AT_ONCE) -> None:
        """Send the rows of tables where at least so many wait."""
        for table in self.pile.projection.tables:
            if len(self.pile.rows[table.name]) >= least:
                async with self._turn:
                    await self._send(table)

    async def finish(self) -> None:
        """Send what is left, add keys and indexes; the tables are now strict."""
        await self.send(least=1)
        await self._sent()
        for table in self.pile.projection.tables:
            await self._tighten(table)
        with outages():
            await replace_all(self._connection, self._schema, self.pile.aside)
            await self._transaction.commit()

    async def close(self) -> None:
        """Give up the connection, and a COPY under way with it."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        if self._opened is not None:
            self._opened.terminate()

    @property
    def _connection(self) -> Connection:
        assert self._opened is not None, f"{self._schema} was not begun"
        return self._opened

    async def _send(self, table: Table) -> None:
        rows, gone = self.pile.take(table.name)
        columns = table.columns
        if gone:
            assert not table.once, f"rows of {table.name} are given once"
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
                clean = [replace_nul(columns, row) for row in rows]
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
            if not table.once:
                await self._give_key(table)
            for statement in sql.indexes(self._schema, table):
                await self._connection.execute(statement)
            await self._connection.execute(f"ANALYZE {sql.qualified(self._schema, table.name)}")

    async def _give_key(self, table: Table) -> None:
        try:
            if table.name not in self._removals:
                async with self._connection.transaction():
                    await self._connection.execute(sql.tighten(self._schema, table))
        except asyncpg.UniqueViolationError:
            self._removals.add(table.name)
        if table.name in self._removals:
            for statement in sql.compact(self._schema, table):
                await self._connection.execute(statement)
