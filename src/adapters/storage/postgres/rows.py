"""The rows of one projection in PostgreSQL: one statement, so one round trip, for each batch."""

# ruff: noqa: S608 - names are quoted, values are parameters

from contextlib import suppress
from typing import Any

import asyncpg

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres import set_aside
from adapters.storage.postgres.encoding import NUL_REFUSED, Row, columns, replace_nul
from adapters.storage.postgres.pool import Connection, connect, outages
from handlers.projecting.folder import Changes
from handlers.projecting.projector import Fenced, Place, Unbuilt
from projections.projection import Projection, Table

WRITE_TIMEOUT_S = 60.0
CLOSE_TIMEOUT_S = 1.0

TRY_LOCK = "SELECT pg_try_advisory_lock(hashtext('commandpost.projector'), hashtext($1))"
"""Held by the session of the active projector of a schema, from its claim to its end."""
PLACE = "SELECT position, build, mark FROM commandpost.projection WHERE schema = $1"


async def stored_place(connection: Connection, schema: str) -> Place | None:
    """How far the rows of a schema have come, None if nothing is known of it. Raises
    `Unavailable`.
    """
    with outages():
        row = await connection.fetchrow(PLACE, schema)
        aside = await set_aside.stored(connection, schema)
    return Place(row["position"], row["build"], row["mark"], aside) if row else None


class PostgresRows:
    """The rows of `projection` in `schema` (that of its version, unless told otherwise)."""

    def __init__(self, url: str, projection: Projection[Any], schema: str | None = None) -> None:
        self._url = url
        self._projection = projection
        self._schema = schema or projection.schema
        self._statement = write_statement(self._schema, projection)
        self._connection: Connection | None = None

    async def claim(self) -> Place | None:
        """The lock belongs to the very connection that writes: without it, nothing is written."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url)
        with outages():
            if not await self._connection.fetchval(TRY_LOCK, self._schema):
                return None
        place = await stored_place(self._connection, self._schema)
        if place is None:
            raise Unbuilt(self._schema)
        return place

    async def write(self, place: Place, changes: Changes, position: int, mark: str = "") -> Place:
        """Raises `Fenced` when the stored position or build has become another."""
        arguments = [self._schema, place.position, place.build, position, mark]
        with outages():
            try:
                moved = await self._run(arguments, changes)
            except NUL_REFUSED:
                moved = await self._run(arguments, _clean(self._projection, changes))
        if not moved:
            raise Fenced(f"{self._schema} is no longer at {place.position}")
        aside = {**place.aside, **changes.aside} if changes.aside else place.aside
        return Place(position, place.build, mark, aside)

    async def check(self) -> None:
        """A round trip."""
        with outages():
            await self._claimed().execute("SELECT 1", timeout=CLOSE_TIMEOUT_S)

    async def release(self) -> None:
        """End the session, and with it the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                    await connection.close(timeout=CLOSE_TIMEOUT_S)
            finally:
                connection.terminate()

    async def _run(self, arguments: list[Any], changes: Changes) -> bool:
        statement, values = self._statement, write_arguments(self._projection, changes)
        if changes.aside:
            statement = write_statement(self._schema, self._projection, aside=True)
            values += set_aside.arguments(changes.aside)
        moved = await self._claimed().fetchval(
            statement, *arguments, *values, timeout=WRITE_TIMEOUT_S
        )
        return bool(moved)

    def _claimed(self) -> Connection:
        assert self._connection is not None, f"{self._schema} was not claimed"
        return self._connection


def write_statement(schema: str, projection: Projection[Any], *, aside: bool = False) -> str:
    """One statement that moves the position and, only if that moved, changes rows.

    Its parameters are schema, old position, build, new position, its mark, then
    `write_arguments`, and those of what is set `aside`, if anything is.
    """
    fence = (
        "fence AS (UPDATE commandpost.projection SET position = $4, mark = $5, updated = now()"
        " WHERE schema = $1 AND position = $2 AND build = $3 RETURNING true)"
    )
    parts = [fence]
    number = 6
    for index, table in enumerate(projection.tables):
        parts.append(f"put{index} AS ({_upsert(schema, table, number)})")
        number += len(table.columns)
        parts.append(f"drop{index} AS ({_delete(schema, table, number)})")
        number += table.keys
    if aside:
        parts.append(f"aside AS ({set_aside.insert(number, 'WHERE EXISTS (SELECT FROM fence)')})")
    return f"WITH {', '.join(parts)} SELECT count(*) FROM fence"


def write_arguments(projection: Projection[Any], changes: Changes) -> list[Any]:
    """The changes as arrays, in the order of `write_statement`'s parameters."""
    arguments: list[Any] = []
    for table in projection.tables:
        rows = changes.rows.get(table.name, {})
        arguments += columns(table, [row for row in rows.values() if row is not None])
        dropped = list(zip(*[key for key, row in rows.items() if row is None], strict=True))
        arguments += dropped or [()] * table.keys
    return arguments


def _upsert(schema: str, table: Table, number: int) -> str:
    given = ", ".join(
        f"${number + offset}::{_element(column.type)}[]"
        for offset, column in enumerate(table.columns)
    )
    chosen = ", ".join(
        f"{sql.quoted(column.name)}{'::text[]' if column.type == 'text[]' else ''}"
        for column in table.columns
    )
    updates = ", ".join(
        f"{sql.quoted(column.name)} = excluded.{sql.quoted(column.name)}"
        for column in table.columns[table.keys :]
    )
    return (
        f"INSERT INTO {sql.qualified(schema, table.name)} ({sql.names(table.columns)})"
        f" SELECT {chosen} FROM unnest({given}) AS given ({sql.names(table.columns)})"
        f" WHERE EXISTS (SELECT FROM fence) ON CONFLICT ({sql.key_names(table)})"
        f" DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}"
    )


def _delete(schema: str, table: Table, number: int) -> str:
    key = table.columns[: table.keys]
    given = ", ".join(
        f"${number + offset}::{_element(column.type)}[]" for offset, column in enumerate(key)
    )
    same = " AND ".join(
        f"target.{sql.quoted(column.name)} = gone.{sql.quoted(column.name)}" for column in key
    )
    return (
        f"DELETE FROM {sql.qualified(schema, table.name)} AS target"
        f" USING unnest({given}) AS gone ({sql.names(key)})"
        f" WHERE EXISTS (SELECT FROM fence) AND {same}"
    )


def _element(column_type: str) -> str:
    return "text" if column_type == "text[]" else column_type


def _clean(projection: Projection[Any], changes: Changes) -> Changes:
    tables = {table.name: table for table in projection.tables}
    rows: dict[str, dict[Row, Row | None]] = {}
    for name, changed in changes.rows.items():
        every, keys = tables[name].columns, tables[name].columns[: tables[name].keys]
        rows[name] = {
            replace_nul(keys, key): None if row is None else replace_nul(every, row)
            for key, row in changed.items()
        }
    return Changes(rows=rows, aside=changes.aside)
