"""A storm from one source in a body of more than a message, and crashes within it: another source
is heard at once, each alert is an incident once, and people are told of the storm once.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from domain.alerting.storms import incident_of
from handlers.ingest.translate import incident_id
from support.patience import eventually, until
from support.service_process import Process, Reply, outside
from support.webhook_sink import Receiver, receiver, with_webhook
from support.webhooks import appears, deliver, page

SECRET = "a-fourth-public-test-secret"
SOURCE = f'[sources.am]\nkind = "alertmanager"\nsecrets = ["{SECRET}"]\n'
STORM, MORE = 600, 40
TOO_MANY = 340_000


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    async with receiver() as hook:
        yield hook


@pytest.fixture
async def service(hook: Receiver) -> AsyncIterator[Process]:
    async with outside(config=SOURCE + with_webhook(hook)) as running:
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


async def is_there(service: Process, n: int) -> bool:
    ref = incident_id("alertmanager", "am", f"f{n}")
    return (await service.http.get(f"/v1/incidents/{ref}/events")).status_code == 200


async def opened(service: Process) -> Counter[str]:
    """The titles of all incidents."""
    listed = await service.get("/v1/incidents", limit=1000)
    return Counter(each["title"] for each in listed["incidents"])


def told_of(hook: Receiver, incident: str) -> set[str]:
    """The ids of what was told of an incident: a crash may send the same once more, as the same."""
    return {id_ for id_, body in hook.deliveries if incident in json.dumps(body)}


async def test_one_body_of_many_alerts_holds_no_other_source_up_and_survives_crashes(
    service: Process, hook: Receiver
):
    assert (await send(service, storm(0, STORM))).status == 202
    assert (await deliver(service, page("triggered", "Q1", "E1"))).status == 202
    other = incident_id("pagerduty", "pd", "Q1")
    await appears(service, other, 1)
    await eventually(lambda: is_there(service, 50))
    assert not await is_there(service, STORM - 1), "the storm is still being worked off"
    await service.kill()
    await service.start()
    raging = incident_of("alertmanager", "am", 1)
    await until(lambda: bool(told_of(hook, raging)))
    await service.kill()
    await service.start()
    assert (await send(service, storm(STORM, MORE))).status == 202
    for n in range(STORM + MORE):
        ref = incident_id("alertmanager", "am", f"f{n}")
        (received,) = await appears(service, ref, 1, within_s=90)
        assert received["event"]["alert"]["storm"] == raging, "it is told as part of the storm"

    async def listed() -> Counter[str] | None:
        found = await opened(service)
        return found if found.total() >= STORM + MORE + 2 else None

    titles = await eventually(listed)
    assert [title for title, count in titles.items() if count > 1] == [], "none is opened twice"
    assert titles.total() == STORM + MORE + 2, "each alert, the other source's, and the storm"
    await until(lambda: bool(told_of(hook, other)))
    assert len(told_of(hook, raging)) == len(told_of(hook, other)) == 1
    assert len(set(hook.ids)) == 2, "nobody is told of anything else"


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
