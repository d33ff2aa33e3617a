"""Does a projection hold what the log says? A fresh fold beside the live tables, compared."""

# ruff: noqa: S608 - names are quoted, values are parameters

from typing import Any

import msgspec

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres.pool import Connection, connect, outages
from adapters.storage.postgres.rebuild import (
    Progress,
    build,
    building_alone,
    forget,
    level,
    nobody,
    register,
)
from adapters.storage.postgres.rows import PostgresRows
from handlers.kernel.ports import EventStore
from handlers.projecting.projector import Place, Unbuilt
from projections.projection import Projection, Table

KEYS_SHOWN = 10


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Where a table differs from a fresh fold: rows that are `missing`, should not be there
    (`extra`) or hold other values (`changed`), and the first keys of these.
    """

    table: str
    missing: int
    extra: int
    changed: int
    first_keys: tuple[tuple[Any, ...], ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared, at which position, and where it differs: nowhere when all is well."""

    name: str
    version: int
    position: int
    checksums: dict[str, str]
    differences: tuple[Difference, ...]


async def checksums(
    connection: Connection, projection: Projection[Any], schema: str | None = None
) -> dict[str, str]:
    """An MD5 per table over all its rows, which contain their keys, in the order of their hashes.

    Hashed in up to 256 parts, for PostgreSQL holds no string above 1 GB.
    """
    found: dict[str, str] = {}
    with outages():
        for table in projection.tables:
            name = sql.qualified(schema or projection.schema, table.name)
            found[table.name] = await connection.fetchval(
                "SELECT md5(coalesce(string_agg(part, '' ORDER BY bucket), '')) FROM ("
                " SELECT left(hash, 2) AS bucket, md5(string_agg(hash, '' ORDER BY hash)) AS part"
                f" FROM (SELECT md5(t::text) AS hash FROM {name} AS t) AS hashed"
                " GROUP BY 1) AS parts",
                timeout=3600,
            )
    return found


async def verify(
    url: str, store: EventStore, projection: Projection[Any], progress: Progress = nobody
) -> Comparison:
    """Compare the live rows with a fresh fold up to the same position, while both go on living.

    Raises `Unavailable`, and `Unbuilt` when there is nothing to verify.
    """
    scratch = f"{projection.schema}_check"
    async with building_alone(url) as control:
        with outages():
            start = await control.fetchval(
                "SELECT position FROM commandpost.projection WHERE schema = $1", projection.schema
            )
        if start is None:
            raise Unbuilt(projection.schema)
        try:
            await build(url, store, [(projection, scratch)], start, progress)
            place = await register(control, projection, scratch, Place(start, 0))
            rows = PostgresRows(url, projection, scratch)
            snapshot = await _snapshot(control, url, store, projection, rows, place)
            try:
                return await _compare(snapshot, projection, scratch)
            finally:
                snapshot.terminate()
        finally:
            await forget(control, scratch)


async def _snapshot(
    control: Connection,
    url: str,
    store: EventStore,
    projection: Projection[Any],
    rows: PostgresRows,
    place: Place,
) -> Connection:
    """Bring the scratch rows to the live position; a connection whose transaction sees both there,
    whatever is written afterwards.
    """
    snapshot = await connect(url)
    try:
        with outages():
            async with control.transaction():  # the live projector waits in here
                live = await control.fetchval(
                    "SELECT position FROM commandpost.projection WHERE schema = $1 FOR UPDATE",
                    projection.schema,
                )
                await level(rows, store, projection, place, live)
                await snapshot.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                await snapshot.fetchval("SELECT count(*) FROM commandpost.projection")
    except BaseException:
        snapshot.terminate()
        raise
    return snapshot


async def _compare(snapshot: Connection, projection: Projection[Any], scratch: str) -> Comparison:
    live = await checksums(snapshot, projection)
    fresh = await checksums(snapshot, projection, scratch)
    with outages():
        position = await snapshot.fetchval(
            "SELECT position FROM commandpost.projection WHERE schema = $1", projection.schema
        )
        differences = [
            await _difference(snapshot, projection.schema, scratch, table)
            for table in projection.tables
            if live[table.name] != fresh[table.name]
        ]
    return Comparison(
        name=projection.name,
        version=projection.version,
        position=position,
        checksums=live,
        differences=tuple(differences),
    )


async def _difference(snapshot: Connection, live: str, scratch: str, table: Table) -> Difference:
    key = sql.key_names(table)
    first = sql.quoted(table.columns[0].name)
    # Compared as text, as the checksums do: values that are equal but written otherwise count.
    joined = (
        f"FROM {sql.qualified(live, table.name)} AS live"
        f" FULL JOIN {sql.qualified(scratch, table.name)} AS fresh USING ({key})"
        " WHERE live::text IS DISTINCT FROM fresh::text"
    )
    counts = await snapshot.fetchrow(
        f"SELECT count(*) FILTER (WHERE live.{first} IS NULL),"
        f" count(*) FILTER (WHERE fresh.{first} IS NULL), count(*) {joined}"
    )
    assert counts is not None
    missing, extra, total = counts
    keys = await snapshot.fetch(f"SELECT {key} {joined} ORDER BY {key} LIMIT {KEYS_SHOWN}")
    return Difference(
        table=table.name,
        missing=missing,
        extra=extra,
        changed=total - missing - extra,
        first_keys=tuple(tuple(row) for row in keys),
    )
