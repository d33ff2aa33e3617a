"""Recorded public bodies and signatures through the HTTP endpoint; see ../shared/data/README.md."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from adapters.http.webhooks import webhook_routes
from adapters.products.registry import PRODUCTS
from domain.incident import INCIDENT
from domain.incident.presentation.lines import describe
from domain.incident.state import Closed
from support.spec import unnumbered

pytestmark = pytest.mark.realdata

NOT_UNDERSTOOD = {
    "unsupported_v3.json": "event_type.unknown",
    "trigger_v2.json": "pagerduty.v2",
}
UNWANTED = {"service_created_v3.json", "component_status_update.json"}
SOURCES = {
    "pagerduty": "pd",
    "opsgenie": "og",
    "alertmanager": "am",
    "grafana": "gf",
    "statuspage": "sp",
}

CPU_TOO_HOT = (
    "High CPU Temperature: High CPU core temperature — fired, host andromeda (alertmanager):"
    " CPU core temperature is 17.625C"
)
MEMORY_SHORT = "Memory (copy): High memory usage — fired"


def bodies(recorded: Path) -> list[tuple[str, str, str, bytes]]:
    """Product, source, file name and body of every recorded delivery."""
    found = [
        (product, source, file.name, file.read_bytes())
        for product, source in SOURCES.items()
        for file in sorted((recorded / product).glob("*.json"))
    ]
    assert len(found) > 10
    return found


async def posted(desk: Any, sign: Any, deliveries: list[tuple[str, str, str, bytes]]) -> None:
    """Deliver everything over HTTP, then translate what was stored."""
    async with AsyncTestClient(
        Litestar(webhook_routes(desk.reception, PRODUCTS.sources))
    ) as client:
        for number, (product, source, _, body) in enumerate(deliveries):
            headers = dict(sign(product, body, {"x_webhook_id": str(number)}).headers)
            url = f"/v1/webhooks/{product}/{source}"
            assert (await client.post(url, content=body, headers=headers)).status_code == 202
    position = 1
    while signal := await desk.signals.get(position):
        await desk.intake.translate(signal)
        position += 1


async def incidents(desk: Any) -> dict[str, Any]:
    """What every incident came to, but for its number, which depends on who came first."""
    log = [recorded async for batch in desk.store.read() for recorded in batch]
    states: dict[str, Any] = {}
    for recorded in log:
        if recorded.stream.startswith("incident."):
            before = states.get(recorded.stream, INCIDENT.initial)
            states[recorded.stream] = INCIDENT.fold(before, recorded.commit.events)
    return {stream: unnumbered(state) for stream, state in states.items()}


async def test_every_recorded_body_is_accepted_and_used_or_says_why_not(desk, sign, recorded):
    deliveries = bodies(recorded)
    await posted(desk, sign, deliveries)
    for position, (_, _, name, _) in enumerate(deliveries, start=1):
        fate = await desk.fate(position)
        assert getattr(fate, "code", None) == NOT_UNDERSTOOD.get(name), name
    used = len(deliveries) - len(NOT_UNDERSTOOD) - len(UNWANTED)
    translated = sum(n for key, n in desk.counted.items() if {"used", "ignored"} & {*key})
    assert translated == used


async def test_every_recorded_body_reads_well_in_a_timeline(desk, sign, recorded):
    await posted(desk, sign, bodies(recorded))
    said = [
        described.text
        async for batch in desk.store.read()
        for commit in batch
        if commit.stream.startswith("incident.")
        for event in commit.commit.events
        if (described := describe(event))
    ]
    for wanted in (
        "Test Incident 3 — fired, service pig208, incident number #9, reported by PIG 208",
        "test alert — note, by fili@ifountain.com (opsgenie): note to test alert",
        "Critical: Checkout API High Latency — priority now P2, which stands for SEV2, by Harsh",
        "test alert — reassigned to user2@ifountain.com, by fili@ifountain.com (opsgenie)",
        "opsgenie alert 7ba97e3a-d328-4b5e-8f9a-39e945a3869a — escalated: test_esc",
        CPU_TOO_HOT,
        MEMORY_SHORT,
    ):
        assert any(text.startswith(wanted) for text in said), "\n".join(said)
    assert not [text for text in said if "None" in text or '{"' in text]


async def test_twice_and_shuffled_gives_the_same_incidents(new_desk, sign, recorded):
    """Of products that date what they say; of the others, what comes last counts. Whether an end
    was heard before what it ended decides only if that, which is over, has an incident.
    """
    deliveries = [each for each in bodies(recorded) if each[0] not in {"alertmanager", "grafana"}]
    desk = new_desk()
    await posted(desk, sign, deliveries)
    expected = await incidents(desk)
    for salt in (b"1", b"2", b"3", b"4"):
        twice = [(salt + bytes([n]), delivery) for n in (0, 1) for delivery in deliveries]
        twice.sort(key=lambda pair: hashlib.sha256(pair[0] + pair[1][3]).digest())
        desk = new_desk()
        await posted(desk, sign, [delivery for _, delivery in twice])
        found = await incidents(desk)
        only_one_has = [(found | expected)[each] for each in found.keys() ^ expected.keys()]
        assert all(isinstance(state, Closed) for state in only_one_has), f"shuffled by {salt!r}"
        assert all(found[each] == expected[each] for each in found.keys() & expected.keys())


async def test_recorded_signatures_are_accepted_or_refused_as_they_should(new_desk, recorded):
    file = recorded / "signatures" / "pagerduty_v3_recorded_deliveries.json"
    cases = json.loads(file.read_text())
    desk = new_desk()
    settings = desk.reception.source("pagerduty", "pd")._replace(secrets=(cases["secret"],))
    desk.reception._sources = {"pd": settings}
    async with AsyncTestClient(
        Litestar(webhook_routes(desk.reception, PRODUCTS.sources))
    ) as client:
        for case in cases["cases"]:
            response = await client.post(
                "/v1/webhooks/pagerduty/pd",
                content=case["body"].encode(),
                headers={"X-PagerDuty-Signature": case["header"]},
            )
            expected = 202 if case["expect"] == "accept" else 401
            assert response.status_code == expected, case["name"]
