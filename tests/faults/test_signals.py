"""A storm from one source in a body of more than a message, and a crash in the middle of it:
another source is heard at once, each alert is an incident once, and the storm is told as one.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.alerting.storms import incident_of
from handlers.ingest.translate import incident_id
from support.service_process import CONFIG, Process, Reply, eventually, outside
from support.webhooks import appears, deliver, page

SECRET = "a-fourth-public-test-secret"
STORM = 600
TOO_MANY = 340_000


@pytest.fixture
async def service() -> AsyncIterator[Process]:
    source = f'[sources.am]\nkind = "alertmanager"\nsecrets = ["{SECRET}"]\n'
    async with outside(config=source + CONFIG) as running:
        yield running


async def send(service: Process, alerts: str) -> Reply:
    body = f'{{"version": "4", "alerts": [{alerts}]}}'.encode()
    return await service.post("/v1/webhooks/alertmanager/am", body, x_commandpost_secret=SECRET)


def storm(first: int, count: int) -> str:
    return ",".join(
        json.dumps(
            {
                "status": "firing",
                "fingerprint": f"f{n}",
                "labels": {"alertname": f"A{n}"},
                "annotations": {"description": f"Node {n} has not answered. " * 80},
            }
        )
        for n in range(first, first + count)
    )


async def last_is_there(service: Process) -> bool:
    last = incident_id("alertmanager", "am", f"f{STORM - 1}")
    return (await service.http.get(f"/v1/incidents/{last}/events")).status_code == 200


async def deliveries(service: Process, incident: str) -> list[Any]:
    """Who was told what of an incident."""
    answer = await service.http.get(f"/v1/incidents/{incident}/deliveries")
    found: list[Any] = answer.json() if answer.status_code == 200 else []
    return found


async def told(service: Process) -> Counter[str]:
    """How often the log says that each incident of the storm has begun."""
    counted: Counter[str] = Counter()
    for n in range(STORM):
        incident = incident_id("alertmanager", "am", f"f{n}")
        answer = await service.http.get(f"/v1/incidents/{incident}/events")
        if answer.status_code == 200:
            counted[incident] = len(answer.json())
    return counted


async def test_one_body_of_many_alerts_holds_no_other_source_up_and_survives_a_crash(
    service: Process,
):
    assert (await send(service, storm(0, STORM))).status == 202
    assert (await deliver(service, page("triggered", "Q1", "E1"))).status == 202
    await appears(service, incident_id("pagerduty", "pd", "Q1"), 1)
    assert not await last_is_there(service), "the storm is still being worked off"
    await service.kill()
    await service.start()
    await eventually(lambda: last_is_there(service), within_s=90)
    await asyncio.sleep(1)
    after = await told(service)
    assert len(after) == STORM
    assert len(set(after.values())) == 1, "no alert is told twice"
    told_of = await eventually(lambda: deliveries(service, incident_of("alertmanager", "am", 1)))
    assert [each["attempts"] for each in told_of] == [1], "the storm is told once"
    for n in (0, STORM // 2, STORM - 1):
        assert not await deliveries(service, incident_id("alertmanager", "am", f"f{n}"))


async def test_a_body_of_too_many_alerts_is_put_aside_and_stops_nobody(service: Process):
    reply = await send(service, ",".join(["{}"] * TOO_MANY))
    assert reply.status == 202

    async def put_aside() -> Any:
        answer = await service.http.get("/v1/quarantine")
        cases = answer.json() if answer.status_code == 200 else []
        return next((each for each in cases if each["position"] == reply.body["position"]), None)

    found = await eventually(put_aside)
    assert found["code"] == "body.too_many"
    assert "50,000" in found["reason"]
