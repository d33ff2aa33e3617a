"""The application answers on the event loop: nothing that it calls waits for a thread."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, Never

import httpx2
import pytest

from adapters.http.app import build, correlated
from adapters.registry import REGISTRY
from adapters.telemetry import Telemetry
from support.access import ADMIN, OPEN_SIGHTS, gate


class NoThreads(ThreadPoolExecutor):
    """Refuses to lend a thread."""

    def submit(self, *called: Any, **_: Any) -> Never:
        raise AssertionError(f"a thread for {called}")


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    nothing: Any = SimpleNamespace(sights=OPEN_SIGHTS)
    app: Any = correlated(build(nothing, nothing, Telemetry(), registry=REGISTRY, gate=gate()))
    before = getattr(asyncio.get_running_loop(), "_default_executor", None)
    asyncio.get_running_loop().set_default_executor(NoThreads())
    transport = httpx2.ASGITransport(app)
    try:
        async with httpx2.AsyncClient(
            base_url="http://localhost", transport=transport, headers=ADMIN
        ) as opened:
            yield opened
    finally:
        asyncio.get_running_loop().set_default_executor(before or ThreadPoolExecutor())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health/live", 200),
        ("/metrics", 200),
        ("/nowhere", 404),
        ("/v1/incidents?colour=red", 422),
        ("/v1/incidents?limit=none", 422),
    ],
)
async def test_nothing_waits_for_a_thread(
    client: httpx2.AsyncClient, path: str, status: int
) -> None:
    assert (await client.get(path)).status_code == status
