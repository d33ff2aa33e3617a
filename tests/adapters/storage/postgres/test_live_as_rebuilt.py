"""The same log gives the same rows, live in any batches as by a rebuild at once."""

import asyncio
from itertools import count

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.storage.memory import event_store as memory_store
from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.postgres import rebuild
from adapters.storage.postgres.pool import connect
from adapters.storage.postgres.rebuild import build, building_alone, forget, register
from adapters.storage.postgres.rows import PostgresRows
from adapters.storage.postgres.schema import create
from adapters.storage.postgres.verify import checksums
from handlers.projecting.folder import Folder
from handlers.projecting.projector import Place, apply
from projections.registry import ALL
from support import public_incidents, spec
from support.patience import PATIENT_S
from support.read_models import (
    CATALOG,
    HISTORIES,
    LINES,
    SIDES,
    TALLIES,
    Writer,
    all_checksums,
    memory,
    moved,
    named,
    projectors,
    reached,
    rebuilt_checksums,
    running,
    said,
    talk,
)

NUMBERS = count()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    history=HISTORIES,
    batch=st.integers(1, 12),
    kept=st.integers(1, 3),
    held=st.sampled_from([1, 2, 100]),
)
async def test_any_history_in_any_batches_gives_the_rows_of_a_rebuild(
    database_url, history, batch, kept, held
):
    """Also when states leave memory all the time, live and in the rebuild."""
    store = MemoryEventStore()
    head = await Writer(store).write_all(history)
    log = [recorded async for part in store.read() for recorded in part]
    for original in (*CATALOG, SIDES):
        projection = named(original, str(next(NUMBERS)))
        live, fresh = f"{projection.name}_live", f"{projection.name}_fresh"
        async with building_alone(database_url) as control:
            await control.execute(create(live, projection))
            await register(control, projection, live, Place(0, 0))
            folder, rows = (
                Folder(projection, capacity=kept),
                PostgresRows(database_url, projection, live),
            )
            place = await rows.claim()
            assert place is not None
            for start in range(0, len(log), batch):
                place = await apply(folder, rows, store, place, log[start : start + batch])
            await rows.release()

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(rebuild, "STATES_IN_MEMORY", held)
                patch.setattr(memory_store, "BATCH", batch)
                await build(database_url, store, [(projection, fresh)], head)
            assert await checksums(control, projection, live) == await checksums(
                control, projection, fresh
            )
            await forget(control, live)
            await forget(control, fresh)


@pytest.mark.parametrize("states", [1, 5])
async def test_states_that_do_not_fit_in_memory_are_shown_and_folded_again(
    fresh_database, monkeypatch, states
):
    store, writer = memory()
    await writer.write_all(talk(400))
    async with projectors(fresh_database, store) as models:
        before = await all_checksums(models)
        monkeypatch.setattr(rebuild, "STATES_IN_MEMORY", states)
        monkeypatch.setattr(memory_store, "BATCH", 7)
        await models.rebuild([one.name for one in CATALOG])
        assert await all_checksums(models) == before


async def test_rows_hold_what_the_events_say(fresh_database):
    """Checksums that agree could agree on nothing."""
    store, writer = memory()
    text = 'a "quoted" line\nand\t\\ another → [1],'
    await writer.write(
        "talk.a", said(text, tags=("x", 'y"\\', ""), data={"k": [1, None, "\n"]}, who=None)
    )
    await writer.write("talk.a", moved(3))
    async with projectors(fresh_database, store) as models:
        connection = await connect(fresh_database)
        for _ in range(2):
            row = await connection.fetchrow("SELECT * FROM lines_v3.line")
            assert row["text"] == text
            assert row["tags"] == ["x", 'y"\\', ""]
            assert row["data"] == '{"k": [1, null, "\\n"]}'
            assert row["who"] is None
            assert await connection.fetchval("SELECT total FROM tallies_v1.tally") == 3
            for table in ("lines_v3.line", "lines_v3.latest", "tallies_v1.tally"):
                await connection.execute(f"DELETE FROM {table}")
            await models.rebuild(["lines", "tallies"])
        await connection.close()


async def test_live_rows_hold_what_the_events_say(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store) as models, running(models):
        text = 'a "quoted" line\nand\t\\ another → [1],'
        await writer.write("talk.a", said(text, tags=("x", 'y"\\', ""), data={"k": [1, None]}))
        await reached(models, await writer.write("talk.a", moved(3)))
        connection = await connect(fresh_database)
        row = await connection.fetchrow("SELECT * FROM lines_v3.line")
        assert (row["text"], row["tags"], row["data"]) == (
            text,
            ["x", 'y"\\', ""],
            '{"k": [1, null]}',
        )
        assert await connection.fetchval("SELECT total FROM tallies_v1.tally") == 3
        await connection.close()


async def test_an_emptied_database_is_rebuilt_with_the_same_checksums(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store) as models:
        async with running(models):
            for part in range(0, 1000, 100):
                await writer.write_all(talk(1000)[part : part + 100])
                await reached(models, writer.position)
        before = await all_checksums(models)
        connection = await connect(fresh_database)
        for schema in ("commandpost", "lines_v3", "tallies_v1", "echo_v1"):
            await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await models.prepare()
        assert await all_checksums(models) == before
        assert len({value for sums in before.values() for value in sums.values()}) == 4
        await connection.close()


async def test_tables_that_vanish_under_a_running_projector_come_back(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store) as models, running(models):
        await reached(models, await writer.write_all(talk(100)))
        before = await all_checksums(models)
        connection = await connect(fresh_database)
        await connection.execute("DROP SCHEMA tallies_v1 CASCADE")
        await reached(models, await writer.write("other.x", moved()))
        await writer.write("walk.zz", moved(-1))  # changes a state, shows nothing
        await reached(models, writer.position)
        assert (await all_checksums(models))["tallies"] == before["tallies"]
        await connection.close()


async def test_a_null_that_is_not_declared_is_refused_by_a_rebuild_too(fresh_database):
    nulls = named(LINES, "strict")
    table = nulls.tables[0]
    columns = tuple(column._replace(null=False) for column in table.columns)
    bare = msgspec.structs.replace(table, columns=columns)
    strict = type(nulls)(
        **{field: getattr(nulls, field) for field in nulls.__struct_fields__}
        | {"tables": (bare, nulls.tables[1])}
    )
    store, writer = memory()
    await writer.write("talk.a", said("no tags, no data"))
    with pytest.raises(asyncpg.NotNullViolationError):
        async with projectors(fresh_database, store, [strict]):
            pass


async def test_a_key_whose_state_never_left_the_initial_one_is_not_shown(fresh_database):
    store, writer = memory()
    await writer.write("talk.silent", said("no move"))
    async with projectors(fresh_database, store, [TALLIES]) as models, running(models):
        await writer.write("talk.still", said("nor here"))
        await models.wait_for("tallies", writer.position, PATIENT_S)
        connection = await connect(fresh_database)
        assert await connection.fetchval("SELECT count(*) FROM tallies_v1.tally") == 0
        await connection.close()


async def test_the_real_read_models_are_the_same_live_and_rebuilt(fresh_database):
    store, writer = memory()
    story = [
        spec.declared(spec.SEV3),
        spec.acknowledged(),
        *spec.staffed(),
        spec.hypothesis(),
        spec.reassessed(users_affected=40),
        spec.changed(spec.SEV2, spec.SEV3),
        spec.identified(),
        public_incidents.told(),
        spec.mitigated(),
        spec.resolved(),
        spec.reopened(),
    ]
    async with projectors(fresh_database, store, ALL) as models:
        async with running(models):
            for step, event in enumerate(story):
                for incident in range(1 + 3 * (len(story) - step)):
                    await writer.write(f"incident.i-{incident}", event)
                await asyncio.sleep(0.01)  # a batch here, a batch there
            await reached(models, writer.position, catalog=ALL)
        live = await all_checksums(models, ALL)
        assert (await models.verify("intents")).differences == ()
    assert await rebuilt_checksums(fresh_database, store, ALL) == live
    empty = live["quarantine"]["cases"]
    filled = {name for name, sums in live.items() if {*sums.values()} != {empty}}
    assert filled >= {"board", "documents", "due", "intents", "status_page", "timeline"}, filled
