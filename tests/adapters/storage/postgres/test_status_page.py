"""The rows of the status page, read from PostgreSQL as they are written."""

import pytest
from msgspec.structs import replace

from adapters.storage.codec import Codec
from adapters.storage.postgres.pool import Pool, open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.incident.events import Kind
from domain.learning.postmortem.events import PostmortemOpened
from domain.learning.postmortem.public_events import PublicPublished, PublicWithdrawn
from domain.learning.postmortem.samples import SAMPLES
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


async def test_the_post_mortem_of_what_is_public_is_its_last_update_until_it_is_withdrawn(
    fresh_database,
):
    """Whichever becomes public first, and never that of what the public knows nothing of."""
    opened, out, gone = (
        next(each for each in SAMPLES.events if isinstance(each, kind))
        for kind in (PostmortemOpened, PublicPublished, PublicWithdrawn)
    )
    store, writer = memory()
    async with projectors(fresh_database, store, [STATUS_PAGE]) as models, running(models):
        pool = await open_pool(fresh_database)

        async def seen(after: int, position: int) -> dict[int, list[str]]:
            await reached(models, position, catalog=[STATUS_PAGE])
            _, changes = await read_changes(asked(pool, models), after, 10)
            return {
                it.number: [entry.words for entry in it.shown.entries] for it in changes if it.shown
            }

        for number in (1, 2):
            await writer.write(f"incident.i-{number}", declared(services=("checkout",)))
            await writer.write(f"postmortem.p-{number}", replace(opened, incident=f"i-{number}"))
            await writer.write(f"postmortem.p-{number}", out)
        last = await writer.write("incident.i-1", told("Payments fail"))
        found = await seen(0, last)
        assert list(found.values()) == [["Payments fail", found_text(found)]]
        assert "The number of payments was too low" in found_text(found)
        position = await writer.write("postmortem.p-1", gone)
        [now] = (await seen(last, position)).values()
        assert now[1].startswith("This post-mortem was withdrawn on")
        await pool.close()


def found_text(found: dict[int, list[str]]) -> str:
    return next(iter(found.values()))[1]
