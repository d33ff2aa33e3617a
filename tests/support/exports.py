"""Small exports of other products, written as they write them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.migration.account import Account
from adapters.migration.exports import EXPORTS
from domain.oncall.shifts import shifts


def written(root: Path, files: dict[str, Any]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    return root


def read(source: str, root: Path, files: dict[str, Any]) -> Account:
    return EXPORTS[source].read(written(root, files))


def turns(account: Account, since: str, until: str) -> list[tuple[str, str]]:
    """The shifts of the only schedule: from when (UTC), and who."""
    (schedule,) = account.schedules
    begins, ends = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (since, until))
    return [
        (f"{each.begins:%d %H:%M}", " ".join(each.people) or "-")
        for each in shifts(schedule, begins, ends)
    ]


def codes(account: Account) -> set[str]:
    """What is marked of schedules; how people are reached is another matter."""
    return {each.code for each in account.marks if not each.code.startswith("person.")}


def layer(name: str = "L1", people: str = "A B", **fields: Any) -> dict[str, Any]:
    """A layer as PagerDuty answers it: turns of a day from Monday, 5 January 2026, 09:00 on."""
    return {
        "id": name,
        "name": name,
        "start": "2026-01-05T09:00:00+00:00",
        "end": None,
        "rotation_virtual_start": "2026-01-05T09:00:00+00:00",
        "rotation_turn_length_seconds": 86_400,
        "users": [{"user": {"id": each, "type": "user_reference"}} for each in people.split()],
        "restrictions": [],
        **fields,
    }


def layers(*found: dict[str, Any], overrides: Any = (), **fields: Any) -> dict[str, Any]:
    """The files of a PagerDuty schedule of these layers."""
    schedule = {"id": "S", "name": "S", "time_zone": "Etc/UTC", "schedule_layers": list(found)}
    return {
        "schedules.json": {"schedules": [{"id": "S", "name": "S"}], "more": False},
        "schedules/S.2026-01-05.json": {"schedule": {**schedule, **fields}},
        "schedules/S.overrides.json": {"overrides": list(overrides)},
    }


def event(people: str = "A B", **fields: Any) -> dict[str, Any]:
    """An event of a shift-based schedule: nine to five by the wall clock; `-` is nobody."""
    members = [
        {"type": "empty_member"} if each == "-" else {"type": "user_member", "user_id": each}
        for each in people.split()
    ]
    strategy = {"type": "rotating_member_assignment_strategy", "shifts_per_member": 1}
    return {
        "id": "E",
        "name": "days",
        "start_time": {"date_time": "2026-01-05T09:00:00Z", "time_zone": "America/New_York"},
        "end_time": {"date_time": "2026-01-05T17:00:00Z", "time_zone": "America/New_York"},
        "effective_since": "2026-01-05T00:00:00Z",
        "effective_until": None,
        "recurrence": ["RRULE:FREQ=DAILY"],
        "assignment_strategy": {**strategy, "members": members},
        **fields,
    }


def events(*found: dict[str, Any], overrides: Any = (), custom: Any = ()) -> dict[str, Any]:
    """The files of a shift-based schedule: one rotation of these events."""
    rotations = [{"id": "R", "type": "schedule_rotation", "events": list(found)}]
    schedule = {"id": "V", "name": "V", "time_zone": "America/New_York", "rotations": rotations}
    return {
        "schedules_v3.json": {"schedules": [{"id": "V"}]},
        "schedules_v3/V.2026-01-05.json": {"schedule": schedule},
        "schedules_v3/V.overrides.json": {"overrides": list(overrides)},
        "schedules_v3/V.custom_shifts.json": {"custom_shifts": list(custom)},
    }


def rotation(people: str = "A B", **fields: Any) -> dict[str, Any]:
    """A rotation of Opsgenie: turns of a day from Monday, 5 January 2026, 08:00 UTC on."""
    participants = [
        {"type": "none"} if each == "-" else dict(zip(("type", "id"), each.split(":"), strict=True))
        for each in (one if ":" in one or one == "-" else f"user:{one}" for one in people.split())
    ]
    return {
        "id": "R1",
        "name": "R1",
        "startDate": "2026-01-05T08:00:00Z",
        "type": "daily",
        "participants": participants,
        **fields,
    }


def rotations(*found: dict[str, Any], overrides: Any = (), **fields: Any) -> dict[str, Any]:
    """The file of a schedule of Opsgenie, under a name that says nothing."""
    schedule = {"id": "O", "name": "O", "timezone": "Etc/UTC", "rotations": list(found), **fields}
    return {
        "schedules/some name.json": {
            "schedule": schedule,
            "scheduleOverrideList": list(overrides),
        }
    }


def shift(people: Any = ("A", "B", "C"), **fields: Any) -> dict[str, Any]:
    """A shift of Grafana OnCall with users that roll: a day long from Monday, 5 January 2026."""
    return {
        "id": "G1",
        "name": "g1",
        "type": "rolling_users",
        "time_zone": None,
        "level": 0,
        "start": "2026-01-05T00:00:00",
        "duration": 86_400,
        "frequency": "daily",
        "interval": 1,
        "week_start": "MO",
        "rolling_users": [[each] for each in people],
        **fields,
    }


def rolling(*found: dict[str, Any], swaps: Any = (), **fields: Any) -> dict[str, Any]:
    schedule = {
        "id": "G",
        "name": "G",
        "type": "web",
        "time_zone": "UTC",
        "shifts": [each["id"] for each in found],
        **fields,
    }
    return {
        "schedules.json": {"results": [schedule], "next": None},
        "on_call_shifts.json": {"results": list(found), "next": None},
        "shift_swaps.json": {"results": list(swaps)},
    }
