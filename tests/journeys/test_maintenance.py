"""Planned work from the announcement to its end by the clock, by every entrance and on the page."""

import json
from datetime import timedelta
from typing import Any

from nats.aio.client import Client

from adapters.clock import utc_now
from commandpost_client import reads
from support.patience import eventually
from support.programs import asked
from support.service_process import CI_KEY, Process

PATH = "/v1/maintenances"
API = "/status/api/v2/scheduled-maintenances"


async def announce(service: Process, title: str, **more: Any) -> Any:
    now = utc_now()
    body = {"title": title, "begins": now.isoformat(), **more}
    body.setdefault("ends", (now + timedelta(hours=1)).isoformat())
    reply = await service.http.post(PATH, json=body)
    assert reply.is_success, reply.text
    return reply.json()


async def becomes(service: Process, ref: str, status: str) -> Any:
    async def found() -> Any:
        shown = await service.get(f"{PATH}/{ref}")
        return shown if shown["status"] == status else None

    return await eventually(found)


async def on_page(service: Process, which: str, title: str) -> Any:
    async def found() -> Any:
        listed = (await service.get(f"{API}{which}.json"))["scheduled_maintenances"]
        return next((each for each in listed if each["name"] == title), None)

    return await eventually(found)


async def fires(service: Process, alert: str, of: str) -> str:
    """What became of an alert that begins now, by the list of signals."""
    payload = {"summary": alert, "source": "ci", "severity": "critical", "component": of}
    event = {
        "routing_key": CI_KEY, "event_action": "trigger", "dedup_key": alert, "payload": payload,
    }  # fmt: skip
    assert (await service.post("/v2/enqueue", event)).status == 202

    async def routed() -> Any:
        listed = await service.get("/v1/signals", all="true")
        return next((each for each in listed if each["alert_id"] == alert), None)

    return json.dumps(await eventually(routed))


async def test_it_begins_and_ends_by_the_clock_and_the_page_follows(service: Process):
    soon = utc_now() + timedelta(seconds=2)
    times = {"begins": soon.isoformat(), "ends": (soon + timedelta(seconds=3)).isoformat()}
    done = await announce(service, "Ledger upgrade", services=["ledger"], **times)
    ref = done["reference"]
    assert (await on_page(service, "/upcoming", "Ledger upgrade"))["status"] == "scheduled"
    begun = await becomes(service, ref, "in_progress")
    assert begun["started_at"] == begun["begins"]
    ended = await becomes(service, ref, "completed")
    assert ended["ended_at"] == ended["ends"]

    async def over() -> Any:
        found = await on_page(service, "", "Ledger upgrade")
        return found if found["status"] == "completed" else None

    shown = await eventually(over)
    assert [each["status"] for each in reversed(shown["incident_updates"])] == [
        "scheduled", "in_progress", "completed",
    ]  # fmt: skip
    page = await service.http.get(f"/status/incidents/{ref}")
    assert "The time that was planned for this maintenance is over." in page.text


async def test_alerts_of_its_services_open_nothing_until_it_ends(service: Process, bus: Client):
    done = await announce(service, "Broker upgrade", services=["broker"])
    ref = done["reference"]
    await becomes(service, ref, "in_progress")
    within = await fires(service, "broker-lag", "broker")
    assert ref in within, within
    await bus.request("commands.maintenance.complete", json.dumps({"maintenance": ref}).encode())
    await becomes(service, ref, "completed")

    async def opened() -> bool:
        count = len(await service.get("/v1/signals", all="true"))
        return ref not in await fires(service, f"broker-down-{count}", "broker")

    assert await eventually(opened)


async def test_what_is_not_public_is_on_no_page(service: Process):
    done = await announce(service, "Quiet vault work", services=["vault"], public=False)
    ref = done["reference"]
    await becomes(service, ref, "in_progress")
    loud = await announce(service, "Loud vault work", services=["vault"])
    await on_page(service, "", "Loud vault work")
    for path in ("/status", "/status/history", "/status/history.atom", f"{API}.json"):
        assert "Quiet vault work" not in (await service.http.get(path)).text
    assert (await service.http.get(f"/status/incidents/{ref}")).status_code == 404
    await becomes(service, loud["reference"], "in_progress")
    refused = await service.post(f"{PATH}/{loud['reference']}/cancel", {})
    assert (refused.status, refused.body["code"]) == (409, "maintenance.begun")


async def test_on_the_command_line_and_for_programs(service: Process):
    later = utc_now() + timedelta(days=2)
    said = await service.cli(
        "maintenance", "schedule", "title=Cable swap", 'services=["cables"]',
        f"begins={later.isoformat()}", f"ends={(later + timedelta(hours=2)).isoformat()}",
    )  # fmt: skip
    assert said.status == 0, said.err
    listed = await service.cli("maintenance", "list", "affects=cables")
    _, line = listed.out.splitlines()
    assert "scheduled" in line
    assert line.endswith("Cable swap")
    ref = line.partition(" ")[0]
    gone = await service.cli("maintenance", "cancel", ref, "reason=The cables are late")
    assert gone.status == 0, gone.err
    found = await asked(service, reads.list_maintenances(affects="cables"))
    assert [(each.reference, each.status) for each in found] == [(ref, "canceled")]
