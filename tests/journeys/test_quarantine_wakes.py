"""What waits in quarantine wakes engineering, once; and where what waits cannot be found out, all
else goes on.
"""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from projections.alerting.quarantine import QUARANTINE
from support.load import assert_caught_up
from support.patience import eventually
from support.service_process import Process, outside
from support.webhook_sink import Receiver, receiver, with_webhook
from support.webhooks import case, deliver, page

WORK = "messages of the quarantine"


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as receiving:
        yield receiving


@pytest.fixture
async def service(hook: Receiver) -> AsyncIterator[Process]:
    async with outside(with_webhook(hook)) as running:
        yield running


def told(hook: Receiver, topic: str = "quarantine") -> list[tuple[str, str]]:
    """What was told of a topic: its kind, and the words."""
    return [
        (body["data"]["kind"], body["data"]["text"])
        for _, body in hook.deliveries
        if body["type"].startswith(f"{topic}.")
    ]


async def tell(hook: Receiver, topic: str, number: int) -> list[tuple[str, str]]:
    """What was told of a topic, once it is so much."""

    async def enough() -> list[tuple[str, str]] | None:
        found = told(hook, topic)
        return found if len(found) >= number else None

    return list(await eventually(enough))


async def lose_a_column(service: Process) -> None:
    """As if an earlier build had made the table, which knew nothing of it."""
    connection = await asyncpg.connect(service.where["database_url"])
    await connection.execute(f"ALTER TABLE {QUARANTINE.schema}.cases DROP COLUMN tells")
    await connection.close()


async def test_three_bad_bodies_are_one_message_and_the_end_of_waiting_is_told(
    service: Process, hook: Receiver
):
    await assert_caught_up(service)
    positions = []
    for body in (b"not JSON", b"nor this", b'{"severity": "critical"}'):
        position = (await deliver(service, body)).body["position"]
        assert (await case(service, position))["status"] == "quarantined"
        positions.append(position)
    ((kind, text),) = await tell(hook, "quarantine", 1)
    assert kind == "waiting"
    assert text.startswith("3 signals were not understood")
    assert f"SEV1 as far as can be read, the first at position {positions[2]}" in text
    assert "2 of pagerduty source pd: body.not_json, severity not known" in text

    await lose_a_column(service)

    async def report() -> Any:
        found = await service.get("/health/ready")
        return found if WORK in found["stalled"] else None

    found = await eventually(report)
    assert found["status"] == "degraded"
    assert "tells" in found["stalled"][WORK]
    await deliver(service, page("triggered", "P1", "E1"))
    assert "Checkout is slow" in (await tell(hook, "incident", 1))[0][1], "pages are sent"
    metrics = (await service.http.get("/metrics")).text
    assert f'commandpost_work_faults{{work="{WORK}"}}' in metrics

    assert await service.stop() == 0
    await service.start()
    await assert_caught_up(service)
    assert await report() is None
    for position in positions:
        reply = await service.post(f"/v1/quarantine/{position}/discard", {"reason": "made up"})
        assert reply.status == 200
    _, (kind, text) = await tell(hook, "quarantine", 2)
    assert (kind, text) == (
        "cleared",
        "Nothing waits in quarantine any more: all of it was used or given up.",
    )
    faults = [line["event"] for line in service.log_lines() if line["level"] == "error"]
    assert faults.count("work.fault") == 1, "one line for many failures, and none after the start"
