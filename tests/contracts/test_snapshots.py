"""Every place for snapshots gives back the last one that was kept, or says that it has none."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from adapters.storage.memory.snapshots import MemorySnapshots
from adapters.storage.postgres.pool import Pool, open_pool
from adapters.storage.postgres.rebuild import building_alone
from adapters.storage.postgres.snapshots import PostgresSnapshots, code_fingerprint, open_snapshots
from handlers.kernel.snapshots import Snapshot

KIND, STREAM = "aggregate incident", "incident.1"
OLD, NEW = Snapshot(500, "500 a", b"\x00old"), Snapshot(900, "900 b", b"new\xff")


async def nothing() -> None:
    """In memory all is kept at once."""


@pytest.fixture
async def pool(fresh_database: str) -> AsyncIterator[Pool]:
    async with building_alone(fresh_database):
        pass  # the common tables are there
    opened = await open_pool(fresh_database, size=2)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "postgres"])
def place(request: pytest.FixtureRequest) -> tuple[Any, Callable[[], Awaitable[None]]]:
    """Where snapshots are, and how to wait until they are kept."""
    if request.param == "memory":
        return MemorySnapshots(), nothing
    kept = PostgresSnapshots(request.getfixturevalue("pool"))
    return kept, kept.settle


async def test_the_last_that_was_kept_is_found(place) -> None:
    snapshots, settle = place
    assert await snapshots.find(KIND, STREAM) is None
    for snapshot in (OLD, NEW):
        snapshots.keep(KIND, STREAM, snapshot)
        await settle()
        assert await snapshots.find(KIND, STREAM) == snapshot


async def test_one_further_back_replaces_it_too_for_the_log_may_have_lost_its_end(place) -> None:
    snapshots, settle = place
    for snapshot in (NEW, OLD):
        snapshots.keep(KIND, STREAM, snapshot)
        await settle()
    assert await snapshots.find(KIND, STREAM) == OLD


async def test_kinds_and_streams_are_apart(place) -> None:
    snapshots, settle = place
    snapshots.keep(KIND, STREAM, OLD)
    await settle()
    assert await snapshots.find(KIND, "incident.2") is None
    assert await snapshots.find("deadlines incident", STREAM) is None


async def test_it_is_known_of_which_streams_there_are_any(place) -> None:
    snapshots, settle = place
    assert not snapshots.may_have(STREAM)
    snapshots.keep(KIND, STREAM, OLD)
    await settle()
    assert snapshots.may_have(STREAM)
    assert not snapshots.may_have("incident.2")


async def test_so_it_is_after_a_restart(pool: Pool) -> None:
    before = PostgresSnapshots(pool)
    before.keep(KIND, STREAM, OLD)
    await before.settle()
    async with open_snapshots(pool) as after:
        assert after.may_have(STREAM)
        assert not after.may_have("incident.2")


async def test_a_database_without_tables_knows_of_none(fresh_database: str) -> None:
    pool = await open_pool(fresh_database, size=1)
    async with open_snapshots(pool) as snapshots:
        assert not snapshots.may_have(STREAM)
    await pool.close()


async def test_what_other_code_has_kept_is_not_found_and_is_replaced(pool: Pool) -> None:
    ours, theirs = PostgresSnapshots(pool), PostgresSnapshots(pool, code="of another release")
    theirs.keep(KIND, STREAM, OLD)
    await theirs.settle()
    assert await ours.find(KIND, STREAM) is None
    ours.keep(KIND, STREAM, NEW)
    await ours.settle()
    assert await ours.find(KIND, STREAM) == NEW
    assert await theirs.find(KIND, STREAM) is None


def test_the_code_is_known_by_what_it_says() -> None:
    assert code_fingerprint() == code_fingerprint.__wrapped__()
    assert len(code_fingerprint()) == 32


async def test_without_tables_or_without_a_database_there_is_none(fresh_database: str) -> None:
    pool = await open_pool(fresh_database, size=1)
    snapshots = PostgresSnapshots(pool)
    for _ in ("without tables", "closed"):
        assert await snapshots.find(KIND, STREAM) is None
        snapshots.keep(KIND, STREAM, OLD)
        await snapshots.settle()
        await pool.close()
