"""Who asks before there are any rows waits a little for them, and hears it where that is long."""

import asyncio

import pytest

from adapters.storage.codec import Codec
from adapters.storage.postgres import read_models
from adapters.storage.postgres.pool import open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from domain.registry import AnyEvent
from domain.sight import PUBLIC
from handlers.kernel.ports import BeingBuilt
from projections.incident.board import BOARD, SHOW_INCIDENT
from support.patience import PATIENT_S
from support.read_models import memory, running


async def test_the_first_rows_are_waited_for(fresh_database: str, monkeypatch: pytest.MonkeyPatch):
    store, _ = memory()
    pool = await open_pool(fresh_database, size=2)
    models = Projectors(fresh_database, pool, store, [BOARD])
    asked = PostgresReadModels(pool, models, Codec(AnyEvent, {}))
    try:
        monkeypatch.setattr(read_models, "BUILT_S", 0.2)
        with pytest.raises(BeingBuilt, match="the read model board is being built"):
            await asked.ask(PUBLIC, SHOW_INCIDENT, id="nobody")
        monkeypatch.setattr(read_models, "BUILT_S", PATIENT_S)
        waiting = asyncio.create_task(asked.ask(PUBLIC, SHOW_INCIDENT, id="nobody"))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        async with running(models):
            assert await waiting == []
    finally:
        await pool.close()
