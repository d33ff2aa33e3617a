"""PagerDuty's schedules of layers (REST v2), as `GET /schedules/{id}` answers: the layer that wins
is the first one, and overrides win over all of them.
"""

from datetime import time, timedelta
from itertools import combinations
from typing import Any

from adapters.migration.account import (
    Account,
    Fields,
    Unreadable,
    instant,
    length,
    optional_instant,
    text,
    zone,
)
from domain.oncall.layer import Group, Layer, Restriction, Turns, once
from domain.oncall.schedule import Schedule
from domain.oncall.wall_clock import wall_of

OVERRIDES = 1_000_000
"""The rank of the first override; one that was made later, and is listed so, is above it."""
LAYER_FIELDS = {
    *("id", "name", "type", "summary", "self", "html_url", "start", "end", "users", "restrictions"),
    *("rotation_virtual_start", "rotation_turn_length_seconds", "priority"),
    *("rendered_schedule_entries", "rendered_coverage_percentage"),
}
SCHEDULE_FIELDS = {
    *("id", "type", "summary", "self", "html_url", "name", "time_zone", "description", "teams"),
    *("escalation_policies", "users", "schedule_layers", "overrides_subschedule"),
    *("final_schedule", "next_oncall_for_user", "web_cal_url", "http_cal_url"),
    *("personal_web_cal_url", "personal_http_cal_url", "privilege"),
}


def schedule_of_layers(
    found: Fields, layers: list[Any], overrides: list[Any], people: set[str], account: Account
) -> Schedule:
    """Raises `Unreadable` for what cannot be worked out."""
    of = f"schedule {found.get('id')}"
    here = zone(found.get("time_zone"), of)
    account.unknown(of, found, SCHEDULE_FIELDS)
    mine = [
        _layer(each, len(layers) - place, here, people, account)
        for place, each in enumerate(layers)
    ]
    if not layers:
        account.mark("schedule.no_layers", of, "it has no layers, so nobody is on call by turns")
    over = [_override(each, place, people, account, of) for place, each in enumerate(overrides)]
    for one, other in combinations(over, 2):
        if _overlap(one, other):
            account.mark(
                "override.overlaps",
                of,
                f"{one.id} and {other.id} overlap; the one that was made last holds, {other.id}",
            )
    return Schedule(
        id=text(found, "id", of),
        name=str(found.get("name") or found["id"]),
        zone=here,
        layers=(*mine, *over),
    )


def _overlap(one: Layer, other: Layer) -> bool:
    return bool(
        one.begins
        and one.ends
        and other.begins
        and other.ends
        and one.begins < other.ends
        and other.begins < one.ends
    )


def _layer(found: Fields, rank: int, here: str, people: set[str], account: Account) -> Layer:
    of = f"layer {text(found, 'id', 'layer')}"
    account.unknown(of, found, LAYER_FIELDS)
    virtual = found.get("rotation_virtual_start") or found.get("start")
    groups = tuple(
        _person(each, people, of, account) for each in _ordered(found.get("users") or [])
    )
    if not groups:
        account.mark("layer.no_people", of, "nobody takes turns in it, so it has nobody")
    return Layer(
        id=found["id"],
        name=str(found.get("name") or ""),
        zone=here,
        rank=rank,
        pattern=Turns(
            anchor=wall_of(instant(virtual, of), here),
            length=length(found.get("rotation_turn_length_seconds"), of),
        ),
        groups=groups,
        begins=optional_instant(found.get("start"), of),
        ends=optional_instant(found.get("end"), of),
        restrictions=tuple(_restriction(each, of) for each in found.get("restrictions") or []),
    )


def _ordered(users: list[Any]) -> list[Any]:
    """The users of a layer; where they say themselves in which order, in that one."""
    if all(isinstance(each, dict) and isinstance(each.get("member_order"), int) for each in users):
        return sorted(users, key=lambda each: each["member_order"])
    return users


def _person(entry: Any, people: set[str], of: str, account: Account) -> Group:
    user = entry.get("user") if isinstance(entry, dict) else None
    if not isinstance(user, dict) or not user.get("id"):
        account.mark("user.missing", of, "a turn belongs to nobody: it is kept, and vacant")
        return ()
    marked(user, people, of, account)
    return (str(user["id"]),)


def marked(user: Fields, people: set[str], of: str, account: Account) -> None:
    """Mark a user who is not there any more. Their turns are kept as they are."""
    if user.get("deleted_at") or (people and str(user.get("id")) not in people):
        account.mark_deleted(of, user.get("id"))


def _restriction(found: Fields, of: str) -> Restriction:
    weekday = None
    if found.get("type") == "weekly_restriction":
        weekday = found.get("start_day_of_week")
        if not isinstance(weekday, int) or not 1 <= weekday <= 7:
            raise Unreadable(
                "restriction.invalid", f"{of}: start_day_of_week is a number from 1 to 7"
            )
    elif found.get("type") != "daily_restriction":
        raise Unreadable("restriction.unknown", f"{of}: {found.get('type')!r} is not known here")
    try:
        at = time.fromisoformat(str(found.get("start_time_of_day")))
    except ValueError:
        raise Unreadable("restriction.invalid", f"{of}: start_time_of_day is no time") from None
    seconds = found.get("duration_seconds")
    if not isinstance(seconds, int) or not 0 < seconds <= 7 * 86_400:
        raise Unreadable("restriction.invalid", f"{of}: it lasts up to a week, not {seconds!r} s")
    return Restriction(at=at, length=timedelta(seconds=seconds), weekday=weekday)


def _override(found: Fields, place: int, people: set[str], account: Account, of: str) -> Layer:
    begins, ends = instant(found.get("start"), of), instant(found.get("end"), of)
    if begins >= ends:
        raise Unreadable("override.invalid", f"{of}: an override ends before it begins")
    group = _person(found, people, of, account)
    return once(f"override-{found.get('id') or place}", begins, ends, group, OVERRIDES + place)
