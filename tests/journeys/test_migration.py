"""A PagerDuty account, moved as docs/migration.md says: what is written as code and applied, whose
shifts are the same, what three days of its webhooks say, and what happened before.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from support.exports import layer, layers, written
from support.recorded_webhooks import policy, webhook
from support.service_process import Process, command

MONDAY = "2026-01-05"
USERS = [
    {
        "id": f"PMOVED{name.upper()}",
        "name": f"{name} Moved",
        "email": f"{name.lower()}.moved@example.com",
        "time_zone": "Europe/Berlin",
        "contact_methods": [
            {"id": "M", "type": "sms_contact_method", "country_code": 49, "address": "1512345678"}
        ],
    }
    for name in ("Ada", "Grace", "Edsger", "Barbara")
]
ADA, GRACE, EDSGER, BARBARA = (each["id"] for each in USERS)


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
    assert ada["contact_methods"] == [{"kind": "sms", "address": "+491512345678"}]
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
