"""`POST /v1/signals/{source}`, and what services publish over NATS themselves."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from adapters.http.signals import signal_routes
from adapters.products.registry import SOURCES
from domain.alerting.quarantine import Held
from domain.incident import INCIDENT
from domain.incident.presentation.lines import describe
from domain.incident.state import Closed, Open

SECRET = "a-public-test-secret"
SHOWN = {"X-Commandpost-Secret": SECRET}
DATA = {"dedup_key": "latency", "summary": "Checkout is slow", "severity": "warning"}


def event(number: int = 1, action: str = "trigger", **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{number}",
        "source": "/checkout",
        "type": f"com.example.alert.{action}",
        "time": f"2026-05-04T11:{number:02}:00Z",
        "data": {**DATA, **data},
    }


@pytest.fixture
async def client(desk) -> AsyncIterator[AsyncTestClient]:
    async with AsyncTestClient(Litestar(signal_routes(desk.reception, SOURCES))) as client:
        yield client


async def test_a_structured_event_is_kept_and_becomes_an_incident(desk, client):
    headers = {**SHOWN, "Content-Type": "application/cloudevents+json"}
    body = msgspec.json.encode(event())
    answer = await client.post("/v1/signals/shop", content=body, headers=headers)
    assert answer.status_code == 202
    assert answer.json() == {"position": 1, "accepted": 1, "problems": []}
    assert (await desk.signal(1)).body == body
    (incident,) = (await desk.intake.translate(await desk.signal(1))).incidents
    state = await desk.executor.state(INCIDENT, incident)
    assert isinstance(state, Open)
    assert (state.facts.about.title, state.facts.severity) == ("Checkout is slow", "SEV3")


async def test_a_severity_that_is_not_understood_counts_as_the_higher_one_and_says_so(desk, client):
    data = {**DATA, "severity": "purple"}
    body = msgspec.json.encode({**event(), "data": data})
    headers = {**SHOWN, "Content-Type": "application/cloudevents+json"}
    answer = (await client.post("/v1/signals/shop", content=body, headers=headers)).json()
    said = "the severity “purple” is not understood, and counts as SEV2"
    assert (answer["accepted"], answer["flaws"]) == (1, [said])
    (incident,) = (await desk.intake.translate(await desk.signal(1))).incidents
    state = await desk.executor.state(INCIDENT, incident)
    assert state.facts.severity == "SEV2"
    (recorded,) = await desk.store.load(INCIDENT.stream(incident))
    assert said in describe(recorded.commit.events[0]).text


async def test_binary_events_of_one_body_are_told_apart_by_their_headers(desk, client):
    def headers(number: int, action: str) -> dict[str, str]:
        attributes = {k: str(v) for k, v in event(number, action).items() if k != "data"}
        named = {f"ce-{name}": value for name, value in attributes.items()}
        return {**SHOWN, **named, "Content-Type": "application/json"}

    body = msgspec.json.encode(DATA)
    for number, action in ((1, "trigger"), (5, "resolve")):
        sent = await client.post("/v1/signals/shop", content=body, headers=headers(number, action))
        assert sent.json()["accepted"] == 1
    for position in (1, 2):
        verdict = await desk.intake.translate(await desk.signal(position))
    assert isinstance(await desk.executor.state(INCIDENT, verdict.incidents[0]), Closed)
    again = await client.post("/v1/signals/shop", content=body, headers=headers(1, "trigger"))
    assert again.json()["position"] == 1


async def test_what_is_wrong_with_a_batch_is_told_and_kept(desk, client):
    batch = [event(1), {**event(2), "id": ""}]
    headers = {**SHOWN, "Content-Type": "application/cloudevents-batch+json"}
    body = msgspec.json.encode(batch)
    answer = (await client.post("/v1/signals/shop", content=body, headers=headers)).json()
    assert (answer["position"], answer["accepted"]) == (1, 1)
    (problem,) = answer["problems"]
    assert problem["code"] == "field.invalid"
    assert problem["detail"].startswith("event 2 of 2: id: ")
    verdict = await desk.intake.translate(await desk.signal(1))
    assert (verdict.outcome, len(verdict.incidents)) == ("quarantined", 1)


@pytest.mark.parametrize("source", ["shop", "tools"])
async def test_a_stranger_is_not_let_in(client, source):
    for headers in ({}, {"X-Commandpost-Secret": "a-wrong-secret"}):
        answer = await client.post(f"/v1/signals/{source}", content=b"{}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "signature.invalid")


@pytest.mark.parametrize("source", ["nobody", "pd"])
async def test_a_source_that_sends_no_signals_is_unknown(client, source):
    answer = await client.post(f"/v1/signals/{source}", content=b"{}", headers=SHOWN)
    assert (answer.status_code, answer.json()["code"]) == (404, "source.unknown")


async def test_a_tool_made_for_pagerduty_may_send_its_events(desk, client):
    sent = {
        "routing_key": SECRET,
        "event_action": "trigger",
        "dedup_key": "disk",
        "payload": {"summary": "Disk full", "source": "db-7", "severity": "critical"},
    }
    for path in ("/v1/signals/tools", "/v2/enqueue"):
        answer = await client.post(path, json=sent)
        assert (answer.status_code, answer.json()) == (
            202,
            {"status": "success", "message": "Event processed", "dedup_key": "disk"},
        )
    signal = await desk.signal(1)
    assert SECRET.encode() not in signal.body
    assert (await desk.intake.translate(signal)).outcome == "used"
    invalid = await client.post("/v2/enqueue", json={**sent, "event_action": "shout"})
    assert (invalid.status_code, invalid.json()["status"]) == (400, "invalid event")
    verdict = await desk.intake.translate(await desk.signal(3))
    assert verdict.outcome == "quarantined", "it was kept all the same"
    refused = await client.post("/v2/enqueue", json={**sent, "routing_key": "wrong-key"})
    assert (refused.status_code, refused.json()["code"]) == (401, "signature.invalid")


async def test_what_is_published_under_an_unknown_source_is_kept_with_the_reason(desk):
    body = msgspec.json.encode(event())
    for source in ("nobody", "pd"):
        position = await desk.signals.put("cloudevents", source, body, {}, source)
        verdict = await desk.intake.translate(await desk.signal(position))
        assert (verdict.outcome, verdict.code) == ("quarantined", "source.unknown")
        assert isinstance(await desk.fate(position), Held)
