"""Descriptors that run out are told of, whatever else hangs for it."""

import asyncio
import resource
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.runtime import background
from adapters.runtime.background import watch_descriptors
from handlers.movement import Movement
from support.patience import eventually


async def test_it_is_said_once_that_they_run_out_and_once_that_there_are_enough(
    monkeypatch: pytest.MonkeyPatch,
):
    limit = 1
    monkeypatch.setattr(background, "WATCH_S", 0.01)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (limit, limit))
    asks_no_server: Any = SimpleNamespace(movement=Movement())
    with capture_logs() as logged:

        async def said(event: str) -> bool:
            return any(line["event"] == event for line in logged)

        watching = asyncio.create_task(watch_descriptors(asks_no_server))
        await eventually(lambda: said("descriptors.exhausted"), every_s=0.01)
        await asyncio.sleep(0.05)
        limit = 1_000_000
        await eventually(lambda: said("descriptors.enough"), every_s=0.01)
        watching.cancel()
    assert [line["event"] for line in logged] == ["descriptors.exhausted", "descriptors.enough"]
