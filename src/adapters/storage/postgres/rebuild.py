"""Blue/green: build projections beside the live ones in one pass over the log, then swap them in.

Readers see the old tables until the swap and the new ones after it, both complete. The live
projector goes on meanwhile; the swap fences it out, and it resumes behind the new tables.
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import msgspec

from adapters.storage.postgres import schema as sql
from adapters.storage.postgres.building import Building
from adapters.storage.postgres.pool import Connection, connect, outages
from adapters.storage.postgres.row_session import TRY_LOCK, UNLOCK
from adapters.storage.postgres.rows import PostgresRows, stored_place
from adapters.storage.postgres.set_aside import hand_over
from handlers.kernel.ports import EventStore, LogChanged, Unavailable
from handlers.projecting.folder import Bulk, Folder, by_key, combine, unreadable_in
from handlers.projecting.log_watch import check_place
from handlers.projecting.projector import Fenced, Place, catch_up, recall
from handlers.projecting.shared_fold import Commits, by_stream
from projections.projection import Projection

Progress = Callable[[int, int], None]
"""Told how many commits of how many have been read."""

LOCK_POLL_S = 0.2
STATES_AT_ONCE = 1_000  # shown in a row, before others get their turn
STATES_IN_MEMORY = 200_000
"""Beyond this many the older half is shown and dropped, to be folded again when it is needed."""
_TRY_BUILD_LOCK = "SELECT pg_try_advisory_lock(hashtext('commandpost.build'), 0)"
_REGISTER = """
INSERT INTO commandpost.projection (schema, name, version, position, mark, build)
VALUES ($1, $2, $3, $4, $5, pg_current_xact_id()::text::bigint)
ON CONFLICT (schema) DO UPDATE
SET position = excluded.position, mark = excluded.mark, build = excluded.build,
    built = now(), updated = now()
RETURNING build
"""


def nobody(_done: int, _total: int) -> None:
    """The progress of a rebuild that nobody watches."""


@asynccontextmanager
async def building_alone(url: str) -> AsyncIterator[Connection]:
    """A connection that holds the one right to build, waiting for other builders to end."""
    connection = await connect(url)
    try:
        with outages():
            while not await connection.fetchval(_TRY_BUILD_LOCK):  # noqa: ASYNC110 - a lock elsewhere
                await asyncio.sleep(LOCK_POLL_S)
            await connection.execute(sql.COMMON)
        yield connection
    finally:
        connection.terminate()


async def rebuild(
    url: str,
    store: EventStore,
    projections: Sequence[Projection[Any]],
    progress: Progress = nobody,
) -> None:
    """Build every one of `projections` from the log and swap it in. Raises `Unavailable`; what is
    live stays live then, and nothing needs to be cleaned up.
    """
    async with building_alone(url) as control:
        with _of_one_log():
            await build_and_swap(control, url, store, projections, progress)


async def build_missing(
    url: str,
    store: EventStore,
    projections: Sequence[Projection[Any]],
    changed: Callable[[LogChanged], None],
    progress: Progress = nobody,
) -> None:
    """Build those of `projections` whose version has no tables or tables of another shape, or whose
    rows were written when the log read otherwise or was another one, which `changed` is told
    before; then drop the tables of older versions that no projector uses any more. Raises
    `Unavailable`.
    """
    async with building_alone(url) as control:
        present = await _present(control)
        missing = []
        for one in projections:
            try:
                if present.get(one.schema) != sql.shape(one) or await _is_outdated(
                    control, store, one
                ):
                    missing.append(one)
            except LogChanged as change:
                changed(change)
                missing.append(one)
        if missing:
            with _of_one_log(changed):
                await build_and_swap(control, url, store, missing, progress)
        for projection in projections:
            await _retire(control, projection)


@contextmanager
def _of_one_log(changed: Callable[[LogChanged], None] = lambda _: None) -> Iterator[None]:
    """A build that is given up, and told of, if the log is put back while it is read. Raises
    `Unavailable` then.
    """
    try:
        yield
    except LogChanged as change:
        changed(change)
        raise Unavailable(f"the log was put back while it was read: {change}") from change


async def _present(control: Connection) -> dict[str, sql.Shape]:
    """The shape that the tables of each schema have."""
    with outages():
        rows = await control.fetch(sql.SHAPES)
    return {row["schema"]: frozenset(map(tuple, row["columns"])) for row in rows}


async def _is_outdated(control: Connection, store: EventStore, projection: Projection[Any]) -> bool:
    """Whether the log reads otherwise now than when the rows were written. Raises `LogChanged`."""
    place = await stored_place(control, projection.schema) or Place(0, 0)
    await check_place(store, place.position, place.mark)
    return await store.outdated(place.position, place.aside, projection.streams) is not None


async def build(
    url: str,
    store: EventStore,
    targets: Sequence[tuple[Projection[Any], str]],
    upto: int,
    progress: Progress = nobody,
) -> None:
    """Fill one schema per projection with the log up to `upto`, in one pass, and register them
    as being there.
    """
    builds = [Building(projection, schema) for projection, schema in targets]
    folds = combine([one.pile for one in builds])
    gc.disable()  # rows and states are no garbage: looking for some takes a twentieth of it
    try:
        await _all_or_none([asyncio.ensure_future(one.begin(url)) for one in builds])
        if upto > 0:
            async for batch in store.read(after=0, upto=upto):
                streams = by_stream(batch)
                for fold in folds:
                    await _add(fold, store, batch[0].position, streams)
                    await asyncio.sleep(0)  # a rebuild inside a service lets the others work
                aside = unreadable_in(batch)
                for one in builds:
                    one.pile.aside.update(aside)
                    await one.send()
                progress(batch[-1].position, upto)
        await _all_or_none([asyncio.ensure_future(_finish(fold, builds)) for fold in folds])
    finally:
        gc.enable()
        await asyncio.gather(*(one.close() for one in builds))


async def _add(
    fold: Bulk[Any], store: EventStore, start: int, streams: Mapping[str, Commits]
) -> None:
    """Fold the commits of a batch that begins at `start`."""
    ours = by_key(fold.projection.follows, streams)
    if forgotten := fold.forgotten(ours):
        fold.states.update(await recall(store, fold.projection, forgotten, start - 1))
    fold.fold(ours)
    if len(fold.states) > STATES_IN_MEMORY:
        fold.show(len(fold.states) // 2)


async def _finish(fold: Bulk[Any], builds: Sequence[Building]) -> None:
    """Show every key, then make the tables strict that no other fold adds to."""
    fed = [one for one in builds if one.pile in fold.piles]
    while fold.states:
        fold.show(STATES_AT_ONCE)
        for one in fed:
            await one.send()
        await asyncio.sleep(0)
    ended = fold.end()
    await asyncio.gather(*(one.finish() for one in fed if one.pile in ended))


async def _all_or_none(tasks: Sequence[asyncio.Future[None]]) -> None:
    """Wait for all; the first failure ends the others and is raised."""
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def build_and_swap(
    control: Connection,
    url: str,
    store: EventStore,
    projections: Sequence[Projection[Any]],
    progress: Progress = nobody,
) -> None:
    """As `rebuild`, for a holder of the right to build."""
    head = await store.head()
    targets = [(projection, f"{projection.schema}_next") for projection in projections]
    await build(url, store, targets, head, progress)
    mark = await store.mark(head) or ""
    for projection, schema in targets:
        place = await register(control, projection, schema, Place(head, 0, mark))
        await _swap(control, url, store, projection, place)


async def register(
    control: Connection, projection: Projection[Any], schema: str, place: Place
) -> Place:
    """Note that `schema` holds the rows of `projection` up to a place, in a build of its own."""
    values = (projection.name, projection.version, place.position, place.mark)
    with outages():
        build = await control.fetchval(_REGISTER, schema, *values)
    return msgspec.structs.replace(place, build=build)


async def forget(control: Connection, schema: str) -> None:
    """Drop a schema and the note of its position."""
    with outages():
        await control.execute(f"DROP SCHEMA IF EXISTS {sql.quoted(schema)} CASCADE")
        await control.execute("DELETE FROM commandpost.projection WHERE schema = $1", schema)
        await control.execute("DELETE FROM commandpost.unreadable WHERE schema = $1", schema)


async def _swap(
    control: Connection, url: str, store: EventStore, projection: Projection[Any], place: Place
) -> None:
    live, following, former = (f"{projection.schema}{part}" for part in ("", "_next", "_former"))
    await forget(control, former)
    rows = PostgresRows(url, projection, following)
    place = await level(rows, store, projection, place, await store.head())
    with outages():
        async with control.transaction():
            # From here on the live projector waits, and finds itself fenced out.
            locked = await control.fetchval(
                "SELECT position FROM commandpost.projection WHERE schema = $1 FOR UPDATE", live
            )
            # A log that has lost its end has nothing for where the live one has been.
            place = await level(
                rows, store, projection, place, min(locked or 0, await store.head())
            )
            await rename(control, live, former)
            await rename(control, following, live)
            await hand_over(control, following, live)
            await register(control, projection, live, place)
            await control.execute("DELETE FROM commandpost.projection WHERE schema = $1", following)
    await forget(control, former)


async def level(
    rows: PostgresRows, store: EventStore, projection: Projection[Any], place: Place, upto: int
) -> Place:
    """Bring rows at `place`, of which nobody else knows, up to a position."""
    if place.position >= upto:
        return place
    try:
        if await rows.claim() is None:
            raise Fenced("another builder is at work")
        return await catch_up(Folder(projection), rows, store, place, upto)
    finally:
        await rows.release()


async def rename(control: Connection, schema: str, new: str) -> None:
    """Rename a schema that may not be there; its tables need no lock, so no reader waits."""
    if await control.fetchval("SELECT to_regnamespace($1) IS NOT NULL", sql.quoted(schema)):
        await control.execute(f"ALTER SCHEMA {sql.quoted(schema)} RENAME TO {sql.quoted(new)}")


async def _retire(control: Connection, projection: Projection[Any]) -> None:
    """Drop older versions, and those of another policy, unless a projector still runs them."""
    with outages():
        older = await control.fetch(
            "SELECT schema FROM commandpost.projection WHERE name = $1 AND version <= $2"
            " AND schema <> ALL($3)",
            projection.name,
            projection.version,
            [f"{projection.schema}{part}" for part in ("", "_next", "_former")],
        )
        for (schema,) in older:
            if await control.fetchval(TRY_LOCK, schema):
                await forget(control, schema)
                await control.execute(UNLOCK, schema)
