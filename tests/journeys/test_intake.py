"""Webhooks and the quarantine: from a signed body to an incident, or to a reason why not."""

import asyncio
import json

from handlers.ingest.translate import incident_id
from support.patience import eventually
from support.service_process import Process
from support.webhooks import appears, case, deliver, deliver_alert, page


async def test_a_page_becomes_an_incident_with_one_correlation_id_throughout(
    service: Process, unique: str
):
    """Webhook, answer, log lines, signal and event have the sender's id, or the one we made."""
    for given in (f"corr-{unique}", None):
        alert = f"P{unique}{given}"
        headers = {"x_correlation_id": given} if given else {}
        reply = await deliver(service, page("triggered", alert, f"E{alert}"), **headers)
        assert reply.status == 202
        correlation_id = reply.headers["x-correlation-id"]
        assert given in {None, correlation_id}
        (event,) = await appears(service, incident_id("pagerduty", "pd", alert), 1)
        assert event["correlation_id"] == correlation_id
        assert event["causation_id"] == f"signal.{reply.body['position']}"
        assert event["actor"] == "source:pd"
        told = {
            line["event"]
            for line in service.log_lines()
            if line.get("correlation_id") == correlation_id
        }
        assert {"webhook.kept", "signal.used"} <= told


async def test_duplicates_and_disorder_converge(service: Process, unique: str):
    bodies = [
        page("resolved", unique, f"E3{unique}", "11:30:00"),
        page("triggered", unique, f"E1{unique}", "11:00:00"),
        page("acknowledged", unique, f"E2{unique}", "11:10:00"),
    ]
    for body in (*bodies, *bodies):
        assert (await deliver(service, body)).status == 202
    incident = incident_id("pagerduty", "pd", unique)
    events = await appears(service, incident, 3)
    shown = await service.get(f"/v1/incidents/{incident}", min_position=events[-1]["position"])
    assert shown["status"] == "resolved"
    assert shown["milestones"]["detected_at"] == "2026-05-04T11:00:00Z"
    assert shown["milestones"]["acknowledged_at"] == "2026-05-04T11:10:00Z"
    assert shown["milestones"]["resolved_at"] == "2026-05-04T11:30:00Z"
    await asyncio.sleep(0.3)
    kinds = [each["event"]["tag"] for each in await service.events(incident)]
    assert kinds.count("incident.alert_received.v1") == 3


async def test_opsgenie_speaks_as_well(service: Process, unique: str):
    alert = {"alertId": unique, "message": "Disk is full", "createdAt": 1_777_892_400_000}
    body = json.dumps({"action": "Create", "alert": alert}).encode()
    assert (await deliver_alert(service, body)).status == 202
    (event,) = await appears(service, incident_id("opsgenie", "og", unique), 1)
    assert event["event"]["alert"]["title"] == "Disk is full"


async def test_a_wrong_signature_is_401_counted_and_not_kept(service: Process, unique: str):
    body = page("triggered", unique, unique)
    before = await service.http.get("/metrics")
    for reply in (
        await deliver(service, body, secret="another-secret"),
        await service.post("/v1/webhooks/pagerduty/pd", body),
        await deliver_alert(service, body, secret="wrong-secret"),
    ):
        assert (reply.status, reply.body["code"]) == (401, "signature.invalid")
    after = await service.http.get("/metrics")
    name = 'signals_refused_total{product="pagerduty",reason="unauthentic",source="pd"} '
    assert _metric(after.text, name) == _metric(before.text, name) + 2
    assert (await deliver(service, body)).status == 202
    positions = await service.get("/v1/quarantine", all="true")
    assert unique not in json.dumps(positions)


def _metric(text: str, name: str) -> float:
    return next(
        (float(line.removeprefix(f"commandpost_{name}")) for line in text.splitlines()
         if line.startswith(f"commandpost_{name}")), 0.0,
    )  # fmt: skip


async def test_what_is_not_understood_waits_in_quarantine(service: Process, unique: str):
    """Shown, replayed and given up over HTTP."""
    reply = await deliver(service, f"not JSON {unique}".encode())
    assert reply.status == 202
    position = reply.body["position"]
    row = await case(service, position)
    assert (row["code"], row["status"], row["source"]) == ("body.not_json", "quarantined", "pd")
    assert row["reason"]

    shown = await service.get(f"/v1/quarantine/{position}")
    assert shown["body"] == f"not JSON {unique}"
    assert shown["case"] == row

    again = await service.post(f"/v1/quarantine/{position}/replay", b"")
    assert (again.status, again.body["outcome"]) == (200, "quarantined")
    assert again.body["code"] == "body.not_json"

    gone = await service.post(f"/v1/quarantine/{position}/discard", {"reason": "a test"})
    assert gone.status == 200

    async def settled() -> bool:
        return bool((await case(service, position))["status"] == "discarded")

    await eventually(settled)
    assert position not in {row["position"] for row in await service.get("/v1/quarantine")}
    assert (await case(service, position))["note"] == "a test"


async def test_the_unknown_type_and_the_wrong_shape_are_kept(service: Process, unique: str):
    for body, code in (
        (b"[]", "body.wrong_shape"),
        (page("exploded", unique, unique), "event_type.unknown"),
    ):
        reply = await deliver(service, body + b" " * (int(unique, 16) % 97))
        assert reply.status == 202
        assert (await case(service, reply.body["position"]))["code"] == code


async def test_the_quarantine_refuses_what_is_not_there(service: Process, unique: str):
    for action, body in (("replay", b""), ("discard", {"reason": "so"})):
        reply = await service.post(f"/v1/quarantine/999999/{action}", body)
        assert (reply.status, reply.body["code"]) == (404, "signal.unknown")
    assert (await service.http.get("/v1/quarantine/999999")).status_code == 404
    used = await deliver(service, page("triggered", unique, unique))
    await appears(service, incident_id("pagerduty", "pd", unique), 1)
    position = used.body["position"]
    reply = await service.post(f"/v1/quarantine/{position}/discard", {"reason": "so"})
    assert (reply.status, reply.body["code"]) == (409, "signal.not_quarantined")
    reply = await service.post(f"/v1/quarantine/{position}/discard", {})
    assert (reply.status, reply.body["code"], reply.body["field"]) == (
        422, "field.missing", "reason",
    )  # fmt: skip
