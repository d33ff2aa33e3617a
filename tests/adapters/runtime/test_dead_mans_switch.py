"""A dead man's switch is told while the service can page, and not while it cannot."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from adapters.config.settings import DeadMansSwitch
from adapters.products.kit.web import Web, client
from adapters.runtime.dead_mans_switch import Switch
from support.http_server import Answer, Receiver, receiving

NOW = datetime(2026, 5, 4, tzinfo=UTC)
READY: dict[str, Any] = {"status": "ready", "stalled": {}}


class Health:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.says = READY

    async def report(self) -> dict[str, Any]:
        return self.says


@pytest.fixture
async def product() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
async def switch(product: Receiver, health: Health) -> AsyncIterator[Switch]:
    headers = {"Authorization": "Bearer the-secret-of-the-switch"}
    settings = DeadMansSwitch(url=product.url, headers=headers)
    async with client(["127.0.0.0/8"]) as opened:
        web = Web(opened, lambda: NOW, secrets=(settings.url, *headers.values()))
        yield Switch(settings, health, web, lambda: NOW)


async def test_it_is_told_with_its_headers_while_all_is_well(switch: Switch, product: Receiver):
    assert switch.last_s() == []
    await switch.tell()
    (request,) = product.requests
    assert (request.method, request.headers["authorization"]) == (
        "POST",
        "Bearer the-secret-of-the-switch",
    )
    assert dict(switch.samples())["taken",] == 1
    assert switch.last_s() == [((), NOW.timestamp())]


@pytest.mark.parametrize(
    "report",
    [
        {"status": "unready", "stalled": {}},
        {"status": "degraded", "stalled": {"channel pager": "nothing was taken up for 95 s"}},
    ],
)
async def test_nothing_is_told_while_it_could_not_page(
    switch: Switch, product: Receiver, health: Health, report: dict[str, Any]
):
    health.says = report
    await switch.tell()
    assert product.requests == []
    assert dict(switch.samples())["held_back",] == 1


async def test_a_read_model_that_is_built_anew_stops_nothing(
    switch: Switch, product: Receiver, health: Health
):
    health.says = {"status": "degraded", "stalled": {}}
    await switch.tell()
    assert len(product.requests) == 1


@pytest.mark.parametrize("status", [404, 500, 302, 0])
async def test_that_it_is_not_taken_is_counted_and_logged_once_and_without_its_secrets(
    switch: Switch, product: Receiver, status: int
):
    product.answer = Answer(status=status, body=product.url.encode())
    with capture_logs() as logs:
        await switch.tell()
        await switch.tell()
        product.answer = Answer()
        await switch.tell()
    assert [each["event"] for each in logs] == ["dead_mans_switch.failed", "dead_mans_switch.taken"]
    assert "hooks" not in str(logs)
    assert "the-secret" not in str(logs)
    assert dict(switch.samples()) == {("taken",): 1, ("failed",): 2, ("held_back",): 0}
