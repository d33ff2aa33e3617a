"""The rows of the status page, read from PostgreSQL as they are written."""

import pytest

from adapters.storage.codec import Codec
from adapters.storage.postgres.pool import Pool, open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.incident.events import Kind
from domain.registry import AnyEvent
from handlers.kernel.ports import Unavailable
from handlers.queries.public_status import read_changes
from projections.status_page.published import STATUS_PAGE
from support.public_incidents import told
from support.read_models import memory, projectors, reached, running
from support.spec import declared, paged, resolved


def asked(pool: Pool, models: Projectors) -> PostgresReadModels:
    return PostgresReadModels(pool, models, Codec(AnyEvent, {}))


async def test_news_are_what_has_changed_behind_a_position(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store, [STATUS_PAGE]) as models, running(models):
        pool = await open_pool(fresh_database)
        read_models = asked(pool, models)
        assert await read_changes(read_models, 0, 10) == (0, [])
        for number in (1, 2, 3):
            await writer.write(f"incident.i-{number}", declared(services=("checkout",)))
        await writer.write("incident.i-1", told("Payments fail: “soon” mended"))
        await writer.write("incident.i-2", told())
        position = await writer.write("incident.i-1", resolved())
        await reached(models, position, catalog=[STATUS_PAGE])
        _, all_of_it = await read_changes(read_models, 0, 10)
        assert {change.position for change in all_of_it} == {5, 6}
        (over,) = [change.view for change in all_of_it if change.position == 6]
        assert over is not None
        assert [entry.text for entry in over.entries] == [
            "Payments fail: “soon” mended",
            "This incident has been resolved.",
        ]
        _, later = await read_changes(read_models, 5, 10)
        assert [change.position for change in later] == [6]
        _, few = await read_changes(read_models, 0, 1)
        assert len(few) == 1
        await pool.close()


async def test_what_is_public_no_longer_is_told_too(fresh_database):
    store, writer = memory()
    async with projectors(fresh_database, store, [STATUS_PAGE]) as models, running(models):
        pool = await open_pool(fresh_database)
        await writer.write("incident.i-1", paged())
        await writer.write("incident.i-1", told())
        position = await writer.write("incident.i-1", declared(kind=Kind.DRILL, at_min=9))
        await reached(models, position, catalog=[STATUS_PAGE])
        _, (change,) = await read_changes(asked(pool, models), 0, 10)
        assert (change.view, change.position) == (None, 3)
        await pool.close()


async def test_without_tables_nothing_is_available(fresh_database):
    pool, (store, _) = await open_pool(fresh_database), memory()
    read_models = asked(pool, Projectors(fresh_database, pool, store, [STATUS_PAGE]))
    with pytest.raises(Unavailable):
        await read_changes(read_models, 0, 10)
    async with projectors(fresh_database, store, []):
        with pytest.raises(Unavailable):
            await read_changes(read_models, 0, 10)
    await pool.close()
