"""Services publish signals: over NATS, acknowledged when they are stored, and over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from nats.aio.client import Client

from adapters.clock import utc_now
from support.patience import eventually
from support.service_process import CI_KEY, CONFIG, SIGNAL_SECRET, Process, outside
from support.webhooks import case

MINUTE = "2026-05-04T11:{:02}:00Z"


def event(key: str, number: int, action: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{key}-{number}",
        "source": "/services/checkout",
        "type": f"com.example.alert.{action}",
        "time": MINUTE.format(number),
        "data": {"dedup_key": key, "summary": f"Slow {key}", **data},
    }


async def shown(service: Process, key: str, status: str) -> Any:
    """The incident of a signal, once it has this status."""

    async def there() -> Any:
        found = (await service.get("/v1/incidents"))["incidents"]
        named = [each for each in found if each["title"] == f"Slow {key}"]
        return named[0] if named and named[0]["status"] == status else None

    return await eventually(there)


async def test_a_signal_is_stored_before_it_is_acknowledged_and_becomes_an_incident(
    service: Process, bus: Client, unique: str
):
    body = json.dumps(event(unique, 1, "trigger", severity="critical")).encode()
    headers = {"Nats-Msg-Id": f"{unique}-1", "X-Correlation-ID": f"c-{unique}"}
    ack = await bus.jetstream().publish("signals.shop", body, headers=headers)
    assert (ack.stream, ack.duplicate) == ("SIGNALS", None)
    again = await bus.jetstream().publish("signals.shop", body, headers=headers)
    assert (again.seq, again.duplicate) == (ack.seq, True)
    incident = await shown(service, unique, "investigating")
    assert incident["severity"] == "SEV1"
    received, *_ = await service.events(incident["id"])
    assert received["causation_id"] == f"signal.{ack.seq}"
    assert received["correlation_id"] == f"c-{unique}"


async def test_nobody_needs_to_wait_for_the_acknowledgement(
    service: Process, bus: Client, unique: str
):
    """In binary mode, as the CloudEvents binding for NATS has it."""
    for number, action in ((1, "trigger"), (5, "resolve")):
        told = event(unique, number, action)
        headers = {f"ce-{name}": value for name, value in told.items() if name != "data"}
        headers["content-type"] = "application/json"
        await bus.publish("signals.shop", json.dumps(told["data"]).encode(), headers=headers)
    incident = await shown(service, unique, "resolved")
    assert incident["milestones"]["resolved_at"] == "2026-05-04T11:05:00Z"


async def test_a_signal_of_an_unknown_source_waits_in_quarantine(service: Process, bus: Client):
    ack = await bus.jetstream().publish("signals.nobody", b"{}")
    found = await case(service, ack.seq)
    assert (found["status"], found["code"]) == ("quarantined", "source.unknown")
    assert found["reason"] == "there is no cloudevents source nobody"
    kept = await service.get(f"/v1/quarantine/{ack.seq}")
    assert (kept["product"], kept["source"], kept["body"]) == ("cloudevents", "nobody", "{}")


async def test_a_signal_over_http_is_the_same(service: Process, unique: str):
    sent = event(unique, 1, "trigger")
    reply = await service.post("/v1/signals/shop", sent, x_commandpost_secret=SIGNAL_SECRET)
    assert (reply.status, reply.body["accepted"]) == (202, 1)
    await shown(service, unique, "investigating")


async def test_what_a_rule_ignores_is_listed_and_counted(service: Process, unique: str):
    sent = event(unique, 1, "trigger", summary=f"Test probe {unique}")
    reply = await service.post("/v1/signals/shop", sent, x_commandpost_secret=SIGNAL_SECRET)

    async def listed() -> Any:
        found = await service.get("/v1/signals")
        return next((each for each in found if each["alert_id"] == unique), None)

    row = await eventually(listed)
    assert (row["action"], row["rule"], row["incident"]) == ("ignore", "probes", None)
    assert row["signal"] == reply.body["position"]
    table, everything = await asyncio.gather(
        service.cli("signals", "list"), service.cli("signals", "list", "--all", "--format", "json")
    )
    assert f"Test probe {unique}" in table.out
    assert {"ignore", None} <= {each["action"] for each in everything.json}
    metrics = (await service.http.get("/metrics")).text
    assert 'commandpost_alerts_routed_total{action="ignore",rule="probes"}' in metrics


async def test_a_sender_of_events_asks_first_whether_it_is_welcome(service: Process, unique: str):
    asks = {"WebHook-Request-Origin": "events.example.com", "WebHook-Request-Rate": "120"}
    answer = await service.http.options("/v1/signals/shop", headers=asks)
    assert answer.status_code == 200
    assert answer.headers["WebHook-Allowed-Origin"] == "events.example.com"
    assert answer.headers["WebHook-Allowed-Rate"] == "120"
    assert "POST" in answer.headers["Allow"]
    unasked = await service.http.options("/v1/signals/shop")
    assert "WebHook-Allowed-Origin" not in unasked.headers
    assert (await service.http.options("/v1/signals/no", headers=asks)).status_code == 404

    shown = f"/v1/signals/shop?access_token={SIGNAL_SECRET}"
    assert (await service.post(shown, event(unique, 1, "trigger"))).body["accepted"] == 1
    assert (await service.post(shown + "x", event(unique, 2, "trigger"))).status == 401


async def test_the_sender_of_a_signal_hears_what_became_of_it(service: Process, unique: str):
    """Also that it repeats what is known, and that there was nothing to end."""

    async def sent(action: str, key: str) -> Any:
        headers = {"X_Commandpost_Secret": SIGNAL_SECRET}
        body = event(f"{key}-{unique}", 1, action)
        return (await service.post("/v1/signals/shop", body, **headers)).body["became"]

    first = await sent("trigger", "a")
    assert (first["outcome"], len(first["incidents"])) == ("used", 1)
    again = await sent("trigger", "a")
    assert (again["incidents"], again["reason"]) == (first["incidents"], "says nothing new")
    await service.post(
        "/v1/signals/shop",
        event(f"a-{unique}", 2, "resolve"),
        X_Commandpost_Secret=SIGNAL_SECRET,
    )
    behind = await sent("trigger", "a")
    assert (behind["outcome"], behind["incidents"]) == ("repeated", first["incidents"])
    assert "needs a new id" in behind["reason"]

    async def is_told() -> bool:
        listed = await service.get("/v1/signals", all="true")
        return any("needs a new id" in (each["because"] or "") for each in listed)

    assert await eventually(is_told)
    never = await sent("resolve", "b")
    assert never == {"outcome": "ignored", "reason": "resolved, and was never heard of"}

    async def is_listed() -> bool:
        listed = await service.get("/v1/signals", all="true")
        return any(each["alert_id"] == f"b-{unique}" for each in listed)

    assert await eventually(is_listed)


BEATS = f"""
[sources.backup]
kind = "cloudevents"
secrets = ["{SIGNAL_SECRET}"]
heartbeat = "nightly-backup"
[heartbeats.nightly-backup]
silence_s = 2
severity = "SEV3"
title = "The nightly backup has not run"
"""


@pytest.fixture(scope="module")
async def apart() -> AsyncIterator[Process]:
    """For what concerns all incidents without services, and what opens some by itself."""
    async with outside(CONFIG + BEATS) as running:
        yield running


async def test_a_deployment_stands_on_timelines_whether_it_was_told_before_or_after(
    apart: Process, unique: str
):
    """As the change events of PagerDuty: nobody is told of them, and each is one line."""
    service = apart
    made = {"routing_key": CI_KEY, "payload": {"source": "deploy-7"}}

    def change(version: str) -> dict[str, Any]:
        payload = {"summary": f"Deployed {version}", "custom_details": {"service": unique}}
        return {**made, "payload": {**made["payload"], **payload}}

    first = await service.post("/v2/change/enqueue", change("1.4.2"))
    assert (first.status, first.body["message"]) == (202, "Change event processed")
    incident = await service.declare(services=[unique], severity="SEV3")
    for _ in range(2):
        again = await service.post("/v2/change/enqueue", change("1.4.3"))
        assert (again.status, again.body["status"]) == (202, "success")
    wrong = await service.post("/v2/change/enqueue", {**change("1"), "routing_key": "wrong-key"})
    assert (wrong.status, wrong.body["code"]) == (401, "signature.invalid")

    async def lines() -> list[str]:
        address, told = f"/v1/incidents/{incident['id']}/timeline", incident["position"]
        timeline = await service.get(address, min_position=told)
        return [it["text"] for it in timeline["entries"] if it["kind"] == "change_noted"]

    async def both() -> bool:
        return len(await lines()) >= 2

    await eventually(both)
    assert sorted(await lines()) == [
        f"Change of {unique}: Deployed {version} (deploy-7): service: {unique}"
        for version in ("1.4.2", "1.4.3")
    ]
    (shown,) = [await service.get(f"/v1/incidents/{incident['id']}")]
    assert (shown["severity"], shown["acknowledged"]) == ("SEV3", False)
    listed = await service.cli("signals", "list", "--all", "--format", "json")
    found = [row for row in listed.json if row["service"] == unique]
    assert {(row["action"], row["title"]) for row in found} == {
        ("change", "Deployed 1.4.2"),
        ("change", "Deployed 1.4.3"),
    }
    plain = await service.cli("signals", "list", "--format", "json")
    assert unique not in plain.out


async def test_the_silence_of_a_heartbeat_is_an_incident_until_it_beats(
    apart: Process, unique: str
):
    """Whoever has it in hand is asked instead, and the next silence is another incident."""
    address = f"/v1/signals/backup?token={SIGNAL_SECRET}"

    async def beat(number: int) -> None:
        assert (await apart.post(address, event(unique, number, "trigger"))).status == 202

    async def silence(*known: str) -> Any:
        found = (await apart.get("/v1/incidents", limit="100"))["incidents"]
        ours = [each for each in found if each["title"] == "The nightly backup has not run"]
        return next((it for it in ours if it["reference"] not in known and is_open(it)), None)

    def is_open(incident: Any) -> bool:
        return incident["status"] == "investigating"

    first = await eventually(silence)
    assert first["severity"] == "SEV3"
    (listed,) = (await apart.cli("heartbeats", "list", "--format", "json")).json
    assert listed["silent_since"]
    await beat(1)

    async def over() -> bool:
        return bool(
            (await apart.get(f"/v1/incidents/{first['reference']}"))["status"] == "resolved"
        )

    assert await eventually(over)
    second = await eventually(lambda: silence(first["reference"]))
    path = f"/v1/incidents/{second['reference']}"
    assert (await apart.post(f"{path}/acknowledge", {})).status == 200
    await beat(2)

    async def asked() -> bool:
        entries = (await apart.get(f"{path}/timeline"))["entries"]
        return any(each["kind"] == "alerts_over" for each in entries)

    assert await eventually(asked)
    assert (await apart.get(path))["status"] == "investigating"


async def test_a_flaw_is_told_to_the_sender_and_listed(service: Process, unique: str):
    body = event(unique, 1, "trigger", severity="dreadful")
    headers = {
        "x_commandpost_secret": SIGNAL_SECRET,
        "content_type": "application/cloudevents+json",
    }
    answer = (await service.post("/v1/signals/shop", body, **headers)).body
    (flaw,) = answer["flaws"]
    assert "dreadful" in flaw

    async def listed() -> Any:
        found = await service.get("/v1/signals", all="true", limit=1_000)
        mine = [each for each in found if each["signal"] == answer["position"]]
        return mine if len(mine) == 2 else None

    rows = {each["action"]: each["flaws"] for each in await eventually(listed)}
    assert rows == {None: [], "flawed": [flaw]}


async def test_an_impact_that_a_signal_states_raises_what_was_declared_and_is_explained(
    service: Process, bus: Client, unique: str
):
    """Half of the users, then twice as many, then a breach: as if a person had said so."""

    async def publish(number: int, **impact: Any) -> None:
        said = event(unique, number, "trigger", impact=impact)
        said["time"] = utc_now().isoformat()
        await bus.jetstream().publish("signals.shop", json.dumps(said).encode())

    await publish(1, percent_affected=10, users_affected=100)
    ref = (await shown(service, unique, "investigating"))["reference"]
    answer = await service.act(ref, "declare", severity="SEV4")
    levels = []
    for number, impact in enumerate(
        ({"users_affected": 199}, {"users_affected": 200}, {"percent_affected": 100}), start=2
    ):
        await publish(number, **impact)
        words = f"impact: {impact['users_affected']:,} users" if number < 4 else "impact: 100%"

        async def told(words: str = words) -> bool:
            return words in json.dumps(await service.get(f"/v1/incidents/{ref}/timeline"))

        await eventually(told)
        levels.append((await service.get(f"/v1/incidents/{ref}"))["severity"])
    assert levels == ["SEV4", "SEV3", "SEV1"]
    asked = {"min_position": answer["position"]}
    explained = (await service.get(f"/v1/incidents/{ref}/explain", **asked))["events"]
    rules = [each["rule"] for each in explained if each["kind"] == "severity_upgraded"]
    assert rules == ["escalation.impact_doubled", "severity.matrix"]


async def test_figures_grow_whichever_way_they_come_and_whichever_comes_first(
    service: Process, bus: Client, unique: str
):
    """A page over NATS, an assessment over NATS, a late signal over HTTP, a merge and its end."""

    ref = ""

    async def severity() -> Any:
        return (await service.get(f"/v1/incidents/{ref}"))["severity"]

    async def is_so(expected: str) -> bool:
        return bool(await severity() == expected)

    sent = event(unique, 1, "trigger", severity="P3", impact={"users_affected": 100})
    await bus.jetstream().publish("signals.shop", json.dumps(sent).encode())
    ref = (await shown(service, unique, "investigating"))["reference"]
    assert await severity() == "SEV3"
    assess = {"incident": ref, "users_affected": 200, "occurred_at": MINUTE.format(9)}
    answer = await bus.request(
        "commands.incident.reassess_impact", json.dumps(assess).encode(), timeout=30
    )
    assert json.loads(answer.data)["outcome"] == "decided"
    await eventually(lambda: is_so("SEV2"))
    late = event(unique, 0, "trigger", severity="P3", impact={"users_affected": 150})
    await service.post("/v1/signals/shop", late, x_commandpost_secret=SIGNAL_SECRET)
    await eventually(lambda: is_so("SEV3"))
    kinds = [
        each["kind"] for each in (await service.get(f"/v1/incidents/{ref}/timeline"))["entries"]
    ]
    assert "severity_raise_withdrawn" in kinds
    declared = {"title": f"Else {unique}", "severity": "SEV4"}
    other = (await service.post("/v1/incidents", declared)).body["reference"]
    for name, said, level in (
        ("merge", {"into": other}, "SEV3"),
        ("unmerge", {"reason": "another database"}, "SEV4"),
    ):
        await service.act(ref, name, **said)
        so = {"path": f"/v1/incidents/{other}", "min_position": await service.head()}
        assert (await service.get(**so))["severity"] == level
