"""A Grafana OnCall account, as the lists of its public API (v1).

A shift's `start` is the wall clock of its zone, or of the schedule's. Those of the highest level
stand together, overrides are above all, and a swap that was taken moves turns from one to another.
"""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from adapters.migration.account import (
    Account,
    Fields,
    Unreadable,
    folder,
    instant,
    length,
    pages,
    text,
    wall_clock,
    zone,
)
from adapters.migration.exported_people import grafana_people
from adapters.migration.reach import grafana_rules, grafana_steps
from adapters.migration.recurrence_lines import recurring
from domain.oncall.layer import Group, Layer, Recurring, Step
from domain.oncall.schedule import Schedule, Swap

KINDS = (
    *("users", "teams", "escalation_chains", "integrations", "routes"),
    *("on_call_shifts", "shift_swaps"),
)
OVERRIDES = 1_000_000
"""The rank of overrides of level 0."""
STEPS = {"hourly": Step.HOUR, "daily": Step.DAY, "weekly": Step.WEEK, "monthly": Step.MONTH}
TYPES = {"single_event", "recurrent_event", "rolling_users", "override"}
SHIFT_FIELDS = {
    *("id", "name", "type", "team_id", "time_zone", "level", "start", "rotation_start", "duration"),
    *("frequency", "interval", "week_start", "by_day", "by_month", "by_monthday", "until", "users"),
    *("rolling_users", "start_rotation_from_user_index", "source", "schedule", "updated_shift"),
}
SCHEDULE_FIELDS = {
    *("id", "team_id", "name", "type", "time_zone", "on_call_now", "shifts", "slack"),
    *("ical_url_overrides", "ical_url_primary", "enable_web_overrides"),
}


def read_grafana_oncall(path: Path) -> Account:
    """Raises `Unreadable` where the export as a whole cannot be read."""
    root, account = folder(path), Account()
    lists = {kind: list(pages(root, kind, "results", account)) for kind in KINDS}
    for kind, found in lists.items():
        for each in found:
            account.note(kind, each.get("id"), each.get("name") or each.get("username"))
    with account.reading("people"):
        account.people += grafana_people(lists["users"])
    shifts = {str(each.get("id")): each for each in lists["on_call_shifts"]}
    people = account.ids("users")
    with account.reading("escalation policies"):
        grafana_steps(pages(root, "escalation_policies", "results", account), account)
    with account.reading("how people are reached"):
        rules = pages(root, "personal_notification_rules", "results", account)
        grafana_rules(rules, people, account)
    for each in pages(root, "schedules", "results", account):
        account.note("schedules", each.get("id"), each.get("name"))
        with account.reading(f"schedule {each.get('id')}"):
            account.schedules.append(_schedule(each, shifts, lists["shift_swaps"], people, account))
    if not account.objects.get("schedules"):
        raise Unreadable("export.no_schedules", f"{path}: there are no schedules in it")
    return account


def _schedule(
    found: Fields, shifts: dict[str, Any], swaps: list[Any], people: set[str], account: Account
) -> Schedule:
    of = f"schedule {text(found, 'id', 'schedule')}"
    here = zone(found.get("time_zone") or "UTC", of)
    account.unknown(of, found, SCHEDULE_FIELDS)
    if found.get("type") == "ical" or found.get("ical_url_primary"):
        raise Unreadable("schedule.elsewhere", f"{of}: its shifts are in a calendar elsewhere")
    if found.get("ical_url_overrides"):
        account.mark("override.elsewhere", of, "its overrides are in a calendar elsewhere")
    layers = []
    for id in dict.fromkeys(found.get("shifts") or []):  # noqa: A001
        if str(id) not in shifts:
            raise Unreadable("shift.missing", f"{of}: its shift {id} is not in the export")
        layers.append(_shift(shifts[str(id)], here, people, account))
    if not layers:
        account.mark("schedule.no_layers", of, "it has no shifts, so nobody is on call")
    mine = [each for each in swaps if each.get("schedule") == found["id"]]
    return Schedule(
        id=found["id"],
        name=str(found.get("name") or found["id"]),
        zone=here,
        layers=tuple(layers),
        swaps=tuple(_swaps(mine, account)),
    )


def _shift(found: Fields, here: str, people: set[str], account: Account) -> Layer:
    of = f"shift {found.get('id')}"
    account.unknown(of, found, SHIFT_FIELDS)
    kind = found.get("type")
    if kind not in TYPES:
        raise Unreadable("shift.unknown", f"{of}: {kind!r} is not a kind that is known here")
    own = zone(found.get("time_zone") or here, of)
    groups = _groups(found, people, of, account)
    index = _whole(found, "start_rotation_from_user_index", of)
    rank = _whole(found, "level", of)
    return Layer(
        id=str(found.get("id")),
        name=str(found.get("name") or ""),
        zone=own,
        rank=rank + (OVERRIDES if kind == "override" else 0),
        pattern=_pattern(found, own, of),
        groups=groups,
        group=index if kind == "rolling_users" else 0,
    )


def _whole(found: Fields, name: str, of: str) -> int:
    value = found.get(name) or 0
    if not isinstance(value, int) or not 0 <= value < OVERRIDES:
        raise Unreadable("field.invalid", f"{of}: {name} is a number from 0 on")
    return value


def _groups(found: Fields, people: set[str], of: str, account: Account) -> tuple[Group, ...]:
    groups = found.get("rolling_users") or []
    if found.get("type") != "rolling_users":
        groups = [found.get("users") or [each for group in groups for each in group]]
    if not any(groups):
        account.mark("layer.no_people", of, "nobody takes turns in it, so it has nobody")
    for person in sorted({str(each) for group in groups for each in group} - people):
        if people:
            account.mark_deleted(of, person)
    return tuple(tuple(sorted({str(each) for each in group})) for group in groups)


def _pattern(found: Fields, own: str, of: str) -> Recurring:
    once = Recurring(
        start=wall_clock(found.get("start"), of), length=length(found.get("duration"), of)
    )
    frequency = found.get("frequency")
    if frequency is None and found.get("type") != "rolling_users":
        return once
    if frequency not in STEPS:
        raise Unreadable("recurrence.unknown", f"{of}: {frequency!r} is not a frequency known here")
    interval = found.get("interval") or 1
    if not isinstance(interval, int) or not 1 <= interval <= 10_000:
        raise Unreadable("recurrence.unknown", f"{of}: interval is a number from 1 on")
    # Days that are listed are counted one by one, where the next takes over each day.
    counted = frequency == "daily" and found.get("by_day") and found["type"] == "rolling_users"
    parts = [f"FREQ={frequency.upper()}", f"INTERVAL={1 if counted else interval}"]
    parts.append(f"WKST={found.get('week_start') or 'SU'}")
    parts += [
        f"{name.replace('_', '').upper()}={','.join(map(str, found[name]))}"
        for name in ("by_day", "by_month", "by_monthday")
        if found.get(name)
    ]
    return replace(
        recurring(once, ["RRULE:" + ";".join(parts)], own, of),
        last=wall_clock(found["until"], of) if found.get("until") else None,
        first=wall_clock(found["rotation_start"], of) if found.get("rotation_start") else None,
        step=Step.OCCURRENCE if counted else STEPS[frequency],
        every=interval if counted else 1,
    )


def _swaps(found: list[Any], account: Account) -> list[Swap]:
    """Those that were taken, in the order in which they were asked for."""
    taken = []
    for each in sorted(found, key=lambda each: str(each.get("created_at"))):
        of = f"swap {each.get('id')}"
        if each.get("status") != "taken" or not each.get("benefactor"):
            account.mark("swap.not_taken", of, "nobody has taken it, so it moves nothing")
            continue
        begins, ends = instant(each.get("swap_start"), of), instant(each.get("swap_end"), of)
        leaves, takes = str(each.get("beneficiary")), str(each["benefactor"])
        taken.append(Swap(begins=begins, ends=ends, leaves=leaves, takes=takes))
    return taken
