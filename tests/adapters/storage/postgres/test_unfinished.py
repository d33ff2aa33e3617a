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
from support.delivery_harness import NOON, DeliveryHarness

OPEN, RESOLVED, LONG_AGO, UNDATED, CANCELED = (
    f"0197000{digit}-0000-7000-8000-000000000000" for digit in range(5)
)


async def test_what_is_open_or_was_resolved_lately_whatever_letters_it_has(fresh_database: str):
    harness, resolve = (
        DeliveryHarness(),
        c.Resolve(resolution="gone", override="nobody else is there"),
    )
    for incident in (OPEN, RESOLVED, LONG_AGO, UNDATED, CANCELED):
        await harness.run(incident, c.Declare(title="a\0b \\u0000", occurred_at=NOON))
    harness.pass_s(10 * 24 * 3600)
    await harness.run(RESOLVED, resolve)
    await harness.run(LONG_AGO, c.Resolve(resolution="gone", occurred_at=NOON))
    await harness.run(UNDATED, resolve)
    undated = c.CorrectTime(milestone=Milestone.RESOLVED, value=None, reason="nobody knows")
    await harness.run(UNDATED, undated)
    await harness.run(CANCELED, c.Cancel(reason="a test"))
    await rebuild(fresh_database, harness.store, [BOARD])
    pool = await open_pool(fresh_database, size=1)
    nothing: Any = None
    try:
        projectors = Projectors(fresh_database, pool, harness.store, [BOARD])
        read_models = PostgresReadModels(pool, projectors, nothing)
        finders = find_unfinished(read_models, READ_MODELS, lambda: harness.now - timedelta(days=3))
        found = await finders["incident"]()
    finally:
        await pool.close()
    assert sorted(found) == [OPEN, RESOLVED, UNDATED]
