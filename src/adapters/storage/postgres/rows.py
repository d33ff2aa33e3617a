"""The rows of one projection in PostgreSQL, written by one statement for each batch."""

# ruff: noqa: S608 - names are quoted, values are parameters

from functools import partial
from typing import Any

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres import set_aside
from adapters.storage.postgres.encoding import NUL_REFUSED, Row, columns, replace_nul
from adapters.storage.postgres.pool import Connection, outages
from adapters.storage.postgres.row_session import CLOSE_TIMEOUT_S, Part, RowSession
from handlers.projecting.folder import Changes
from handlers.projecting.projector import Fenced, Place, Unbuilt
from projections.projection import Projection, Table

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
    """The rows of `projection` in `schema` (that of its version, unless told otherwise), written
    over a `session` of their own, or one that others share.
    """

    def __init__(
        self,
        url: str,
        projection: Projection[Any],
        schema: str | None = None,
        session: RowSession | None = None,
    ) -> None:
        self._projection = projection
        self._schema = schema or projection.schema
        self._session = session or RowSession(url)

    async def claim(self) -> Place | None:
        """The lock belongs to the very connection that writes: without it, nothing is written."""
        if not await self._session.claim(self._schema):
            return None
        place = await self._session.in_turn(lambda it: stored_place(it, self._schema))
        if place is None:
            raise Unbuilt(self._schema)
        return place

    async def reached(self) -> int:
        """Asked once for all that share the session."""
        return (await self._session.reached()).get(self._schema, 0)

    async def write(self, place: Place, changes: Changes, position: int, mark: str = "") -> Place:
        """Raises `Fenced` when the stored position or build has become another."""
        arguments = [self._schema, place.position, place.build, position, mark]
        try:
            moved = await self._session.write(self._part(arguments, changes))
        except NUL_REFUSED:
            clean = _clean(self._projection, changes)
            moved = await self._session.write(self._part(arguments, clean))
        if not moved:
            raise Fenced(f"{self._schema} is no longer at {place.position}")
        aside = {**place.aside, **changes.aside} if changes.aside else place.aside
        return Place(position, place.build, mark, aside)

    async def check(self) -> None:
        """A round trip."""
        await self._session.in_turn(lambda it: it.execute("SELECT 1", timeout=CLOSE_TIMEOUT_S))

    async def release(self) -> None:
        """Give up the lock."""
        await self._session.release(self._schema)

    def _part(self, arguments: list[Any], changes: Changes) -> Part:
        aside = bool(changes.aside)
        given = [*arguments, *write_arguments(self._projection, changes)]
        if aside:
            given += set_aside.arguments(changes.aside)
        written = partial(expressions, self._projection, self._schema, aside=aside)
        return Part(self._schema, aside, written, given)


def expressions(
    projection: Projection[Any], schema: str, first: int, prefix: str, *, aside: bool
) -> str:
    """They move the position and, only if that moved, change rows.

    Their parameters are schema, old position, build, new position, its mark, then
    `write_arguments`, and those of what is set `aside`, if anything is.
    """
    name, old, build, new, mark = (f"${first + at}" for at in range(5))
    fence = (
        f"{prefix}fence AS (UPDATE commandpost.projection"
        f" SET position = {new}, mark = {mark}, updated = now()"
        f" WHERE schema = {name} AND position = {old} AND build = {build} RETURNING true)"
    )
    parts = [fence]
    number, only = first + 5, f"WHERE EXISTS (SELECT FROM {prefix}fence)"
    for index, table in enumerate(projection.tables):
        parts.append(f"{prefix}put{index} AS ({_upsert(schema, table, number, only)})")
        number += len(table.columns)
        parts.append(f"{prefix}drop{index} AS ({_delete(schema, table, number, only)})")
        number += table.keys
    if aside:
        parts.append(f"{prefix}aside AS ({set_aside.insert(name, number, only)})")
    return ", ".join(parts)


def write_arguments(projection: Projection[Any], changes: Changes) -> list[Any]:
    """The changes as arrays, in the order of the parameters of `expressions`."""
    arguments: list[Any] = []
    for table in projection.tables:
        rows = changes.rows.get(table.name, {})
        arguments += columns(table, [row for row in rows.values() if row is not None])
        dropped = list(zip(*[key for key, row in rows.items() if row is None], strict=True))
        arguments += dropped or [()] * table.keys
    return arguments


def _upsert(schema: str, table: Table, number: int, only: str) -> str:
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
        f" {only} ON CONFLICT ({sql.key_names(table)})"
        f" DO {f'UPDATE SET {updates}' if updates else 'NOTHING'}"
    )


def _delete(schema: str, table: Table, number: int, only: str) -> str:
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
        f" {only} AND {same}"
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
