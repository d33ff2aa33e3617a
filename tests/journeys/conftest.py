"""One service for all journeys, and two ways to send it a command."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from nats.aio.client import Client

from support.load import assert_caught_up
from support.service_process import Process, Reply, ask, messages, outside

Send = Callable[..., Awaitable[Reply]]
"""`send(command, ref, body, **headers)`: the reply; `ref` None begins an incident."""


@pytest.fixture(scope="session")
async def service() -> AsyncIterator[Process]:
    """`commandpost up` on embedded servers, ended by SIGTERM: in order, and with nothing left."""
    async with outside() as running:
        await assert_caught_up(running)
        yield running
        servers = running.children()
        assert set(servers) == {"nats-server", "postgres"}
        assert await running.stop() == 0
        assert not (running.state / "commandpost.json").exists()
        assert running.log_lines()[-1]["event"] == "service.stopped"
        faults = [line for line in running.log_lines() if line["level"] in {"error", "critical"}]
        assert faults == []


@pytest.fixture(scope="session")
async def bus(service: Process) -> AsyncIterator[Client]:
    """A connection to the service's NATS."""
    async with messages(service) as client:
        yield client


@pytest.fixture(params=["http", "nats"])
def send(request: pytest.FixtureRequest, service: Process, bus: Client) -> Send:
    """Sends a command over HTTP, and the same one over NATS."""

    async def over_http(name: str, ref: str | None, body: Any, **headers: str) -> Reply:
        path = "/v1/incidents" if ref is None else f"/v1/incidents/{ref}/{name}"
        return await service.post(path, body, **headers)

    async def over_nats(name: str, ref: str | None, body: Any, **headers: str) -> Reply:
        if isinstance(body, dict) and ref is not None:
            body = {"incident": ref, **body}
        return await ask(bus, name, body, **headers)

    return over_http if request.param == "http" else over_nats
