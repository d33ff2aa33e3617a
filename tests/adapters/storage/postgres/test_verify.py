"""Verification finds what does not follow from the log, and says where."""

import asyncio

import pytest

from adapters.storage.postgres.pool import connect
from adapters.storage.postgres.verify import Difference
from handlers.projecting.projector import Unbuilt
from support.read_models import CATALOG, memory, moved, projectors, reached, running, said, talk


async def test_rows_that_were_tampered_with_are_named(fresh_database):
    store, writer = memory()
    for n in range(4):
        await writer.write("talk.a", said(f"line {n}"))
    async with projectors(fresh_database, store) as models:
        connection = await connect(fresh_database)
        await connection.execute(
            "UPDATE lines_v3.line SET text = 'never said' WHERE position = 2;"
            "DELETE FROM lines_v3.line WHERE position = 3;"
            "INSERT INTO lines_v3.line VALUES ('z', 9, 0, 'forged', NULL, NULL, NULL, now())"
        )
        verdict = await models.verify("lines")
        assert verdict.differences == (
            Difference(
                table="line",
                missing=1,
                extra=1,
                changed=1,
                first_keys=(("a", 2, 0), ("a", 3, 0), ("z", 9, 0)),
            ),
        )
        assert (await models.verify("tallies")).differences == ()
        await models.rebuild(["lines"])
        assert (await models.verify("lines")).differences == ()
        await connection.close()


async def test_only_the_first_keys_of_many_are_listed(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(200))
    async with projectors(fresh_database, store) as models:
        connection = await connect(fresh_database)
        await connection.execute("DELETE FROM echo_v1.echo WHERE position > 50")
        (difference,) = (await models.verify("echo")).differences
        assert difference.missing == 120
        assert difference.first_keys == tuple(
            (n,) for n in (51, 52, 53, 54, 56, 57, 58, 59, 61, 62)
        )
        await connection.close()


async def test_it_holds_against_a_projector_that_goes_on_writing(fresh_database):
    store, writer = memory()
    await writer.write_all(talk(1000))
    async with projectors(fresh_database, store) as models, running(models):
        stop = asyncio.Event()

        async def write() -> None:
            while not stop.is_set():
                await writer.write("walk.a", moved(1))
                await asyncio.sleep(0.0005)

        writing = asyncio.create_task(write())
        positions = []
        for projection in CATALOG:
            verdict = await models.verify(projection.name)
            assert verdict.differences == ()
            assert set(verdict.checksums) == {table.name for table in projection.tables}
            positions.append(verdict.position)
        stop.set()
        await writing
        await reached(models, writer.position)
        assert positions[0] >= 1000
        connection = await connect(fresh_database)
        leftovers = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%\\_check'"
        assert await connection.fetchval(leftovers) == 0
        await connection.close()


async def test_what_was_never_built_cannot_be_verified(fresh_database):
    store, _ = memory()
    async with projectors(fresh_database, store) as models:
        connection = await connect(fresh_database)
        await connection.execute("DROP SCHEMA commandpost CASCADE")
        with pytest.raises(Unbuilt):
            await models.verify("lines")
        await connection.close()
