"""Rebuilding beside the live tables: nobody is disturbed, nothing is lost, old versions go."""

import asyncio
from typing import Any

import msgspec
import pytest

from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.postgres.pool import connect
from handlers.kernel.ports import Unavailable
from support.patience import PATIENT_S, until
from support.read_models import (
    CATALOG,
    ECHO,
    LINES,
    TALLIES,
    all_checksums,
    memory,
    moved,
    projectors,
    reached,
    rebuilt_checksums,
    running,
    talk,
)

NAMES = [one.name for one in CATALOG]
BUILT = "SELECT build FROM commandpost.projection WHERE schema = $1"


async def schemas(url: str) -> set[str]:
    connection = await connect(url)
    found = await connection.fetch(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information|public|commandpost)'"
    )
    await connection.close()
    return {name for (name,) in found}


async def test_live_writes_and_reads_go_on_during_rebuilds(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(2000))
    stop = asyncio.Event()

    async def write() -> None:
        for number, (stream, events) in enumerate(talk(20_000)):
            await writer.write(stream, *events)
            if number % 20 == 0:
                await asyncio.sleep(0.005)
            if stop.is_set():
                return

    async def look(counts: list[int]) -> None:
        connection = await connect(fresh_database)
        while not stop.is_set():
            counts.append(await connection.fetchval("SELECT count(*) FROM echo_v1.echo"))
            await asyncio.sleep(0.001)
        await connection.close()

    async with projectors(fresh_database, store) as models, running(models):
        counts: list[int] = []
        tasks = [asyncio.create_task(write()), asyncio.create_task(look(counts))]
        for _ in range(3):
            before = await models.position("tallies")
            await models.rebuild(NAMES)
            assert await models.position("tallies") >= before, "a rebuild never goes back"
        stop.set()
        await asyncio.gather(*tasks)
        await reached(models, writer.position)
        assert counts == sorted(counts), "a reader never sees fewer rows than before"
        for name in NAMES:
            assert (await models.verify(name)).differences == ()
        live = await all_checksums(models)
    assert await rebuilt_checksums(fresh_database, store) == live
    assert await schemas(fresh_database) == {one.schema for one in CATALOG}


async def test_progress_is_told_once_for_one_pass(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store) as models:
        await writer.write_all(talk(2500))
        told: list[tuple[int, int]] = []
        await models.rebuild(NAMES, lambda done, total: told.append((done, total)))
        assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


async def test_a_failed_rebuild_leaves_the_live_rows_alone(fresh_database):
    class Breaking(MemoryEventStore):
        broken = False

        async def read(
            self, after: int = 0, upto: int | None = None, *, follow: bool = False
        ) -> Any:
            async for batch in super().read(after, upto, follow=follow):
                yield batch
                if self.broken:
                    raise Unavailable("gone")

    store = Breaking()
    memory_writer = memory()[1]
    memory_writer.store = store
    await memory_writer.write_all(talk(1500))
    async with projectors(fresh_database, store) as models:
        before = await all_checksums(models)
        store.broken = True
        with pytest.raises(Unavailable, match="gone"):
            await models.rebuild(NAMES)
        assert await all_checksums(models) == before
        store.broken = False
        await models.rebuild(NAMES)
        assert await all_checksums(models) == before
    assert await schemas(fresh_database) == {one.schema for one in CATALOG}


async def test_two_rebuilds_at_once_take_turns(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(500))
    async with projectors(fresh_database, store) as models:
        before = await all_checksums(models)
        await asyncio.gather(models.rebuild(NAMES), models.rebuild(NAMES), models.prepare())
        assert await all_checksums(models) == before


async def test_a_new_version_is_built_at_the_start_and_the_old_one_goes_when_unused(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(100))
    newer = msgspec.structs.replace(TALLIES, version=2)
    async with projectors(fresh_database, store, [TALLIES]) as old:
        async with running(old):
            await old.wait_for("tallies", writer.position, PATIENT_S)
            async with projectors(fresh_database, store, [newer, ECHO]) as new:
                assert await schemas(fresh_database) == {"tallies_v1", "tallies_v2", "echo_v1"}
                assert await new.checksums("tallies") == await old.checksums("tallies")
                await writer.write("walk.a", moved(5))
                await old.wait_for("tallies", writer.position, PATIENT_S)  # still served
        async with projectors(fresh_database, store, [newer, ECHO]):
            assert await schemas(fresh_database) == {"tallies_v2", "echo_v1"}


async def test_tables_of_another_shape_are_built_anew_though_the_version_is_the_same(
    fresh_database,
):
    store, writer = memory()
    await writer.write_all(talk(100))
    connection = await connect(fresh_database)
    async with projectors(fresh_database, store) as models:
        before = await all_checksums(models)
    for change in ("DROP COLUMN events", "ADD COLUMN tells boolean", "ALTER events TYPE bigint"):
        await connection.execute(f"ALTER TABLE echo_v1.echo {change}")
        built = await connection.fetchval(BUILT, "tallies_v1")
        async with projectors(fresh_database, store) as models:
            assert await all_checksums(models) == before
        assert await connection.fetchval(BUILT, "tallies_v1") == built, "others are left alone"
    await connection.close()


async def test_columns_are_as_strict_and_indexed_as_in_a_table_made_empty(fresh_database):
    """Built from nothing, from rows that are unique, and from rows put again and dropped."""
    described = []
    store, writer = memory()
    connection = await connect(fresh_database)
    async with projectors(fresh_database, store, [LINES, ECHO]) as models:
        for commits in (0, 1, 200):
            await writer.write_all(talk(commits))
            await models.rebuild(["lines", "echo"])
            described.append(
                await connection.fetch(
                    "SELECT table_schema, table_name, column_name, data_type, is_nullable,"
                    " collation_name FROM information_schema.columns"
                    " WHERE table_schema IN ('lines_v3', 'echo_v1') ORDER BY 1, 2, 3"
                )
                + await connection.fetch(
                    "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ', '') FROM pg_indexes"
                    " WHERE schemaname IN ('lines_v3', 'echo_v1') ORDER BY 1, 2"
                )
            )
    await connection.close()
    assert described[0] == described[1] == described[2]
    assert len(described[0]) == 15 + 5


async def test_prepared_readers_see_the_new_tables_after_a_swap(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(50))
    async with projectors(fresh_database, store, [ECHO]) as models:
        connection = await connect(fresh_database)
        statement = await connection.prepare("SELECT count(*) FROM echo_v1.echo")
        for _ in range(7):  # long enough for a plan that is kept
            assert await statement.fetchval() == 40
        await connection.execute("DELETE FROM echo_v1.echo")
        await models.rebuild(["echo"])
        assert await statement.fetchval() == 40
        await connection.close()


async def test_a_rebuild_waits_for_a_live_write_under_way(fresh_database):
    """The fence is a row lock: no deadlock, and no write into tables on their way out."""
    store, writer = memory()
    await writer.write_all(talk(50))
    async with projectors(fresh_database, store, [TALLIES]) as models:
        blocker = await connect(fresh_database)
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute(
            "SELECT FROM commandpost.projection WHERE name = 'tallies' FOR UPDATE"
        )
        rebuilding = asyncio.create_task(models.rebuild(["tallies"]))
        await asyncio.sleep(0.3)
        assert not rebuilding.done()
        await transaction.rollback()
        await rebuilding
        await blocker.close()
        async with running(models):
            await writer.write("walk.a", moved(1))
            await models.wait_for("tallies", writer.position, PATIENT_S)
            await until(lambda: models.status()[0].phase == "following")
        assert (await models.verify("tallies")).differences == ()
