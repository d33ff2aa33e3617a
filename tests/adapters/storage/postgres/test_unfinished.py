"""What the watchdog goes through: incidents that are not over, or were resolved not long ago."""

from datetime import timedelta
from typing import Any

from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from adapters.storage.postgres.rebuild import rebuild
from domain.incident import commands as c
from domain.incident.events import Milestone
from handlers.queries.read_models import find_unfinished
from projections.incident.board import BOARD
from projections.registry import READ_MODELS
from support.delivery_harness import NOON, Office

OPEN, RESOLVED, LONG_AGO, UNDATED, CANCELED = (
    f"0197000{digit}-0000-7000-8000-000000000000" for digit in range(5)
)


async def test_what_is_open_or_was_resolved_lately_whatever_letters_it_has(fresh_database: str):
    office, resolve = Office(), c.Resolve(resolution="gone")
    for incident in (OPEN, RESOLVED, LONG_AGO, UNDATED, CANCELED):
        await office.run(incident, c.Declare(title="a\0b \\u0000", occurred_at=NOON))
    office.pass_s(10 * 24 * 3600)
    await office.run(RESOLVED, resolve)
    await office.run(LONG_AGO, c.Resolve(resolution="gone", occurred_at=NOON))
    await office.run(UNDATED, resolve)
    undated = c.CorrectTime(milestone=Milestone.RESOLVED, value=None, reason="nobody knows")
    await office.run(UNDATED, undated)
    await office.run(CANCELED, c.Cancel(reason="a test"))
    await rebuild(fresh_database, office.store, [BOARD])
    pool = await open_pool(fresh_database, size=1)
    nothing: Any = None
    try:
        projectors = Projectors(fresh_database, pool, office.store, [BOARD])
        read_models = PostgresReadModels(pool, projectors, nothing)
        finders = find_unfinished(read_models, READ_MODELS, lambda: office.now - timedelta(days=3))
        found = await finders["incident"]()
    finally:
        await pool.close()
    assert sorted(found) == [OPEN, RESOLVED, UNDATED]
