"""A PagerDuty account, moved as docs/migration.md says: what is written as code and applied, whose
shifts are the same, what three days of its webhooks say, what happened before, and that everybody
is reached.
"""

import json
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from support.exports import layer, layers, written
from support.http_server import receiving
from support.patience import eventually
from support.recorded_webhooks import policy, webhook
from support.service_process import CONFIG, Process, command, outside
from support.twilio_product import AUTH_TOKEN, CALLBACKS, SENDER, SID, Carrier

MONDAY = "2026-01-05"
SMS = """
[channels.sms]
kind = "twilio"
audiences = []
account_sid = "{sid}"
auth_token = "{token}"
from = "{sender}"
callback_url = "{callbacks}"
api_url = "{url}"
"""
USERS = [
    {
        "id": f"PMOVED{name.upper()}",
        "name": f"{name} Moved",
        "email": f"{name.lower()}.moved@example.com",
        "time_zone": "Europe/Berlin",
        "contact_methods": [
            {
                "id": "M",
                "type": "sms_contact_method",
                "country_code": 49,
                "address": f"15123456{place}",
            }
        ],
    }
    for place, name in enumerate(("Ada", "Grace", "Edsger", "Barbara"))
]
ADA, GRACE, EDSGER, BARBARA = (each["id"] for each in USERS)


@pytest.fixture(scope="module")
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture(scope="module")
async def service(carrier: Carrier) -> AsyncIterator[Process]:
    """One that can send text messages."""
    async with receiving(carrier.respond) as product:
        channel = SMS.format(
            sid=SID, token=AUTH_TOKEN, sender=SENDER, callbacks=CALLBACKS, url=product.url
        )
        config = f'public_url = "{CALLBACKS}"\n{CONFIG}'.replace("[channels]\n", channel)
        async with outside(config) as running:
            yield running


def rendered() -> list[dict[str, Any]]:
    """Two weeks as PagerDuty renders them: turns of a day from nine on, Ada first."""
    turns = [ADA, GRACE, EDSGER, BARBARA]
    found = []
    for day in range(14):
        begins, ends = (f"2026-01-{5 + it:02}T09:00:00Z" for it in (day, day + 1))
        found.append({"start": begins, "end": ends, "user": {"id": turns[day % 4]}})
    return found


@pytest.fixture
def account(tmp_path: Path) -> Path:
    files = {
        **layers(
            layer("LMOVED", f"{ADA} {GRACE} {EDSGER} {BARBARA}"),
            name="Moved primary",
            final_schedule={"rendered_schedule_entries": rendered()},
        ),
        **policy("schedule:S", BARBARA),
        "users.json": {"users": USERS},
        "incidents.json": {"incidents": [_incident("QM1", "03:00"), _incident("QM2", "05:00")]},
        "log_entries.json": {
            "log_entries": [_acknowledged("QM1", "03:09:47"), _acknowledged("QM1", "03:02:00")]
        },
    }
    return written(tmp_path / "export", files)


def _incident(name: str, at: str) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"Moved incident {name}",
        "created_at": f"{MONDAY}T{at}:00Z",
        "status": "resolved",
        "resolved_at": f"{MONDAY}T06:00:00Z",
        "service": {"id": "SVC", "summary": "moved-checkout"},
        "urgency": "high",
    }


def _acknowledged(incident: str, at: str) -> dict[str, Any]:
    return {
        "id": f"R{at}",
        "type": "acknowledge_log_entry",
        "created_at": f"{MONDAY}T{at}Z",
        "agent": {"id": ADA, "summary": "Ada Moved", "type": "user_reference"},
        "incident": {"id": incident},
    }


async def test_people_and_schedules_are_applied_as_code_and_are_the_same(
    service: Process, account: Path, tmp_path: Path
):
    args = ("--from", "pagerduty", str(account))
    code = str(tmp_path / "code")
    planned = await command("migrate", "plan", *args, "--code", code)
    assert "4 people and 1 schedules" in planned.err
    applied = await service.cli("config", "apply", code)
    assert applied.status == 0, applied.err
    ada = await service.get("/v1/people/ada-moved")
    assert ada["contact_methods"] == [{"kind": "sms", "address": "+49151234560"}]
    again = await service.cli("config", "plan", code)
    assert again.out.startswith("nothing to do"), again.out
    taken = json.loads((await service.cli("migrate", "apply", *args, "--format", "json")).out)
    assert (taken["unchanged"], taken["same"], taken["refused"]) == (
        ["moved-primary"],
        ["moved-primary"],
        [],
    )
    verified = json.loads((await command("migrate", "verify", *args, "--format", "json")).out)
    assert verified["differences"] == 0
    at = {"at": "2026-01-06T10:00:00Z"}
    assert (await service.get("/v1/schedules/moved-primary/on-call", **at))["people"] == [
        "grace-moved"
    ]


async def test_three_days_of_webhooks_say_how_much_agrees(
    service: Process, account: Path, tmp_path: Path
):
    again = webhook("triggered", "2026-01-06T03:00:00Z", ADA, "QW1")
    bodies = [
        again,
        again,
        webhook("escalated", "2026-01-06T03:05:00Z", BARBARA, "QW1"),
        webhook("acknowledged", "2026-01-06T03:06:00Z", BARBARA, "QW1"),
        webhook("triggered", "2026-01-07T03:00:00Z", ADA, "QW2"),
        webhook("triggered", "2026-01-08T10:00:00Z", BARBARA, "QW3"),
    ]
    webhooks = written(tmp_path / "hooks", {f"{n}.json": it for n, it in enumerate(bodies)})
    before = await service.get("/v1/deliveries")
    args = ("migrate", "shadow", "--from", "pagerduty", str(account), str(webhooks))
    done = await command(*args)
    assert done.status == 1  # a page differs
    assert done.out.splitlines() == [
        "6 bodies, 1 of them again; 4 pages. Nobody was paged here.",
        "2026-01-06: 2 of 2 agree",
        "2026-01-07: 0 of 1 agree",
        (
            f"  2026-01-07T03:00:00Z QW2 triggered, level 1: ours Grace Moved ({GRACE});"
            f" theirs Ada Moved ({ADA})"
        ),
        "2026-01-08: 1 of 1 agree",
    ]
    found = json.loads((await command(*args, "--format", "json")).out)
    assert [each["agreement"] for each in found["days"]] == [1.0, 0.0, 1.0]
    assert await service.get("/v1/deliveries") == before


async def test_what_happened_keeps_its_times_and_is_told_to_nobody(service: Process, account: Path):
    args = ("migrate", "history", "--from", "pagerduty", str(account), "--format", "json")
    tried = json.loads((await service.cli(*args, "--dry-run")).out)
    assert tried["incidents"] == 2
    first = json.loads((await service.cli(*args)).out)
    assert (first["declared"], first["refused"]) == (2, [])
    second = json.loads((await service.cli(*args)).out)
    assert (second["declared"], second["written"]) == (0, 0)
    listed = await service.get("/v1/incidents", status="resolved", limit=200)
    found = {each["title"]: each["id"] for each in listed["incidents"]}
    times = {
        name: (await service.get(f"/v1/incidents/{found[f'Moved incident {name}']}"))
        for name in ("QM1", "QM2")
    }
    one, other = (each["milestones"] for each in times.values())
    assert one["detected_at"] == f"{MONDAY}T03:00:00Z"
    assert one["acknowledged_at"] == f"{MONDAY}T03:02:00Z"
    assert other.get("acknowledged_at") is None
    assert await service.get(f"/v1/incidents/{times['QM1']['id']}/deliveries") == []


async def test_it_is_finished_once_everybody_has_read_a_test_page(
    service: Process, account: Path, carrier: Carrier, tmp_path: Path
):
    args = ("migrate", "cutover", "--from", "pagerduty", str(account))
    code = str(tmp_path / "code")
    await command("migrate", "plan", "--from", "pagerduty", str(account), "--code", code)
    assert (await service.cli("config", "apply", code)).status == 0
    people = ("ada-moved", "barbara-moved", "edsger-moved", "grace-moved")
    await _reads(service, carrier, people[1:])
    refused = await service.cli(*args)
    assert refused.status == 1
    assert "yes  our shifts are the final schedules that the export has" in refused.out
    assert "yes  the schedules are kept here, and say the same of the 90 days" in refused.out
    assert "ada-moved: no test page was sent" in refused.out
    assert "barbara-moved: sms through sms, receipt " in refused.out, refused.out
    assert refused.out.splitlines()[-1] == "The cutover is refused: see what is in the way."
    await _reads(service, carrier, people[:1])
    done = json.loads((await service.cli(*args, "--format", "json")).out)
    assert not done["refused"]
    assert [each["person"] for each in done["people"]] == [*people]
    assert all(each["receipts"][0]["confirmed_at"] for each in done["people"])


async def test_what_on_call_asks_of_people_has_the_pages_that_reached_for_them(
    service: Process, account: Path, tmp_path: Path
):
    code = str(tmp_path / "code")
    await command("migrate", "plan", "--from", "pagerduty", str(account), "--code", code)
    await service.cli("config", "apply", code)
    levels = [{"targets": [{"kind": "person", "name": "ada-moved"}], "timeout_s": 3600}]
    policy = {"slug": "moved", "name": "Moved", "levels": levels, "services": ["of-moved"]}

    async def known() -> bool:  # who has only just been entered is not yet known to decisions
        answer = await service.http.post("/v1/escalation-policies", json=policy)
        return bool(answer.status_code == 201)

    await eventually(known)
    incident = await service.declare("Payments fail", severity="SEV1")
    body = {"incident": incident["reference"], "policy": "moved"}
    assert (await service.http.post("/v1/pages", json=body)).status_code == 201

    async def ada() -> dict[str, Any] | None:
        people = (await service.get("/v1/on-call/load"))["people"]
        return next((it for it in people if it["person"] == "ada-moved" and it["pages"]), None)

    found = await eventually(ada)
    assert (found["pages"], found["acknowledged"], found["acknowledged_s"]) == (1, 0, None)
    assert found["night_pages"] in {0, 1}
    assert found["hours"] > 0
    said = await service.cli("stats", "on-call")
    assert "ada-moved" in said.out
    wide = await service.http.get("/v1/on-call/load", params={"from": "2026-01-01T00:00:00Z"})
    assert wide.json()["code"] == "query.too_wide"


async def _reads(service: Process, carrier: Carrier, people: Iterable[str]) -> None:
    """A test page goes to each of them, and each says the code."""
    for each in people:
        sent = await service.http.post(f"/v1/people/{each}/test_page", json={})
        assert sent.status_code == 200, sent.text
        (_, form) = carrier.asked[-1]
        (code,) = re.findall(r"Code: (\d{4} \d{4})", form["Body"])
        path = f"/v1/people/{each}/confirm_contact"
        assert (await service.http.post(path, json={"code": code})).status_code == 200
