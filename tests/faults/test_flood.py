"""A flood of one client holds up no page of another source."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from time import monotonic

import pytest

from support.http_server import Receiver, receiving
from support.patience import eventually
from support.raw_http import connection
from support.service_process import CONFIG, SIGNAL_SECRET, Process, outside
from support.webhooks import deliver, page

IDLE, ALERTS, FLOOD = 1_100, 3_000, 120
AT_ONCE = 12  # requests of the client that floods
PROMISED_S = 10
"""As messages of a channel that sends one a second; seconds would measure the machine."""


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


@pytest.fixture
async def service(hook: Receiver) -> AsyncIterator[Process]:
    """With a channel of the usual pace: 60 messages a minute, 20 at once after a rest."""
    config = CONFIG.replace(
        "[channels]",
        f"""
        [sources.am]
        kind = "alertmanager"
        secrets = ["{SIGNAL_SECRET}"]
        [channels.hook]
        kind = "webhook"
        url = "{hook.url}"
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        audiences = ["engineering", "executives"]
        """,
    )
    async with outside(config) as running:
        yield running


def firing(number: int) -> dict[str, object]:
    return {
        "status": "firing",
        "labels": {
            "alertname": f"DiskFull{number}",
            "severity": "critical",
            "service": f"s{number}",
        },
        "annotations": {"summary": f"Disk {number} is full"},
        "startsAt": "2026-05-04T11:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": f"{number:016x}",
    }


def many_alerts() -> bytes:
    """One body of Alertmanager."""
    body = {
        "version": "4",
        "groupKey": "{}",
        "status": "firing",
        "receiver": "commandpost",
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "truncatedAlerts": 0,
        "externalURL": "http://alertmanager.example",
        "alerts": [firing(number) for number in range(ALERTS)],
    }
    return json.dumps(body).encode()


async def told_of(service: Process, hook: Receiver, name: str, title: str) -> tuple[float, int]:
    """How long it takes until a P1 of PagerDuty is told, and after how many other messages."""
    before, began = len(hook.requests), monotonic()
    sent = page("triggered", name, f"ev-{name}", title=title, priority={"summary": "P1"})
    assert (await deliver(service, sent)).status == 202

    async def told() -> int:
        bodies = [each.body for each in hook.requests]
        return next((at for at, body in enumerate(bodies, 1) if title.encode() in body), 0)

    found = await eventually(told)
    return monotonic() - began, found - before


async def test_a_page_is_told_within_seconds_whatever_one_client_does(
    service: Process, hook: Receiver, record_property: Callable[[str, object], None]
):
    """Idle connections, a body of alerts and SEV1s together: a page in the midst of them, and one
    when all of them wait for the pace of the channel.
    """
    async with AsyncExitStack() as stack:
        for _ in range(IDLE):
            await stack.enter_async_context(connection(service.where["http_url"]))
        gate = asyncio.Semaphore(AT_ONCE)

        async def declare(number: int) -> None:
            async with gate:
                await service.declare(f"Flood {number}", severity="SEV1")

        async def alerts() -> None:
            shown = {"x_commandpost_secret": SIGNAL_SECRET}
            reply = await service.post("/v1/webhooks/alertmanager/am", many_alerts(), **shown)
            assert reply.status == 202

        async with asyncio.TaskGroup() as flood:
            flood.create_task(alerts())
            for number in range(FLOOD):
                flood.create_task(declare(number))
            amid = await told_of(service, hook, "QAMID", "Checkout is slow")

        async def paced() -> bool:
            return len(hook.requests) >= 21  # what goes at once is used up

        await eventually(paced)
        behind = await told_of(service, hook, "QBEHIND", "Search is slow")
    for name, (took_s, place) in {"amid": amid, "behind": behind}.items():
        record_property(f"told_{name}_after_s", round(took_s, 2))
        print(f"A P1 {name} a flood: told after {took_s:.2f} s, as message {place}")
        assert place < PROMISED_S
    assert len(hook.requests) < FLOOD, "most of the flood waits for its turn"
