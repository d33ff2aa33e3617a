"""A PagerDuty account, as a folder of what its REST API answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.migration.account import Account, Unreadable, folder, loaded, pages
from adapters.migration.exported_people import pagerduty_people
from adapters.migration.pagerduty_layers import schedule_of_layers
from adapters.migration.pagerduty_shifts import schedule_of_shifts
from adapters.migration.reach import pagerduty_policies, pagerduty_users

KINDS = (
    "users",
    "teams",
    "services",
    "priorities",
    "incidents",
    "log_entries",
)


def read_pagerduty(path: Path) -> Account:
    """Raises `Unreadable` where the export as a whole cannot be read."""
    root, account = folder(path), Account()
    for kind in KINDS:
        for each in pages(root, kind, kind, account):
            account.note(kind, each.get("id"), each.get("name") or each.get("summary"))
    people = account.ids("users")
    with account.reading("escalation policies"):
        policies = pages(root, "escalation_policies", "escalation_policies", account)
        pagerduty_policies(policies, account)
    with account.reading("how people are reached"):
        users = list(pages(root, "users", "users", account))
        account.people += pagerduty_people(users)
        pagerduty_users(users, account)
    _layers(root, people, account)
    _shifts(root, people, account)
    if not account.objects.get("schedules") and not account.objects.get("schedules_v3"):
        raise Unreadable("export.no_schedules", f"{path}: there are no schedules in it")
    return account


def _layers(root: Path, people: set[str], account: Account) -> None:
    listed = {str(each.get("id")): each for each in pages(root, "schedules", "schedules", account)}
    whole: dict[str, list[dict[str, Any]]] = {}
    for each in details(root / "schedules"):
        whole.setdefault(str(each.get("id")), []).append(each)
    for id in {**listed, **whole}:  # noqa: A001
        seen = whole.get(id) or [listed[id]]
        account.note("schedules", id, seen[-1].get("name"))
        if not any("schedule_layers" in each for each in seen):
            _missing(id, account)
            continue
        overrides = list(pages(root / "schedules", f"{id}.overrides", "overrides", account))
        if not any((root / "schedules").glob(f"{id}.overrides*.json")):
            overrides = list(_rendered_overrides(seen))
        with account.reading(f"schedule {id}"):
            account.schedules.append(
                schedule_of_layers(seen[-1], _all_layers(seen), overrides, people, account)
            )


def _shifts(root: Path, people: set[str], account: Account) -> None:
    listed = {
        str(each.get("id")): each for each in pages(root, "schedules_v3", "schedules", account)
    }
    whole = {str(each.get("id")): each for each in details(root / "schedules_v3")}
    for id in {**listed, **whole}:  # noqa: A001
        found = whole.get(id) or listed[id]
        account.note("schedules_v3", id, found.get("name") or found.get("summary"))
        if "rotations" not in found:
            _missing(id, account)
            continue
        beside = root / "schedules_v3"
        overrides = list(pages(beside, f"{id}.overrides", "overrides", account))
        custom = list(pages(beside, f"{id}.custom_shifts", "custom_shifts", account))
        with account.reading(f"schedule {id}"):
            account.schedules.append(schedule_of_shifts(found, overrides, custom, people, account))


def details(root: Path) -> Iterator[dict[str, Any]]:
    """The schedules of a folder as they are answered one by one, in the order of their files."""
    for path in sorted(root.glob("*.json")):
        found = loaded(path)
        if isinstance(found, dict) and isinstance(found.get("schedule"), dict):
            yield found["schedule"]


def _missing(id: str, account: Account) -> None:  # noqa: A002
    account.mark(
        "schedule.missing",
        f"schedule {id}",
        "it is listed, and what it is made of is not in the export",
        fault=True,
    )


def _all_layers(seen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The layers of the latest answer, and those that only an earlier one has: above those that
    they stood above there.
    """
    merged: list[dict[str, Any]] = []
    for each in reversed(seen):
        known = [layer.get("id") for layer in merged]
        place = len(merged)
        for layer in reversed(each.get("schedule_layers") or []):
            if layer.get("id") in known:
                place = next(at for at, one in enumerate(merged) if one["id"] == layer["id"])
            else:
                merged.insert(place, layer)
    return merged


def _rendered_overrides(seen: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Overrides, where only what they come to was exported."""
    for each in seen:
        yield from (each.get("overrides_subschedule") or {}).get("rendered_schedule_entries") or []
