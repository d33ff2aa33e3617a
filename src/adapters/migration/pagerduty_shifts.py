"""PagerDuty's shift-based schedules (v3): rotations side by side, each of events that recur.

An event's times end in Z and mean the wall clock of its zone; since and until when it is in effect,
overrides and single shifts are in UTC. `empty_member` is nobody, on purpose.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from adapters.migration.account import (
    Account,
    Fields,
    Unreadable,
    instant,
    optional_instant,
    text,
    wall_clock,
    zone,
)
from adapters.migration.pagerduty_layers import marked
from adapters.migration.recurrence_lines import recurring
from domain.oncall.layer import Group, Layer, Recurring, once
from domain.oncall.schedule import Schedule, Swap
from domain.oncall.wall_clock import instant_of, wall_of

ROTATING, EVERY = "rotating_member_assignment_strategy", "every_member_assignment_strategy"
AS_EVERY = {EVERY, "user_assignment_strategy"}
_COMMON = {"id", "type", "self", "html_url", "name", "summary", "created_at", "updated_at"}
EVENT_FIELDS = _COMMON | {
    *("start_time", "end_time", "effective_since", "effective_until", "recurrence"),
    "assignment_strategy",
}
SCHEDULE_FIELDS = _COMMON | {
    *("time_zone", "description", "teams", "escalation_policies", "rotations", "final_schedule"),
}


def schedule_of_shifts(
    found: Fields, overrides: list[Any], custom: list[Any], people: set[str], account: Account
) -> Schedule:
    """Raises `Unreadable` for what cannot be worked out."""
    of = f"schedule {found.get('id')}"
    here = zone(found.get("time_zone"), of)
    account.unknown(of, found, SCHEDULE_FIELDS)
    layers: list[Layer] = []
    for rotation in found.get("rotations") or []:
        for place, event in enumerate(rotation.get("events") or []):
            layer = _layer(event, f"{rotation.get('id')}#{place}", here, people, account)
            layers.append(replace(layer, part_of=str(rotation.get("id"))))
    layers += [_custom(each, place, people, account) for place, each in enumerate(custom)]
    if not layers:
        account.mark("schedule.no_layers", of, "it has no rotations, so nobody is on call")
    return Schedule(
        id=text(found, "id", of),
        name=str(found.get("name") or found["id"]),
        zone=here,
        layers=tuple(layers),
        swaps=tuple(_override(each, people, account, of) for each in overrides),
    )


def _layer(event: Fields, id: str, here: str, people: set[str], account: Account) -> Layer:  # noqa: A002
    of = f"event {event.get('id') or id}"
    account.unknown(of, event, EVENT_FIELDS)
    start, own = _zoned(event.get("start_time"), here, of)
    end, other = _zoned(event.get("end_time"), here, of)
    if other != own:
        end = wall_of(instant_of(end, other), own)
        account.mark(
            "event.two_zones", of, f"it begins in {own} and ends in {other}; {own} is used"
        )
    if end <= start:
        raise Unreadable("event.invalid", f"{of}: it ends before it begins")
    groups, every = _groups(event.get("assignment_strategy") or {}, people, of, account)
    return Layer(
        id=id,
        name=str(event.get("name") or ""),
        zone=own,
        pattern=recurring(
            Recurring(start=start, length=end - start, every=every),
            event.get("recurrence") or [],
            own,
            of,
        ),
        groups=groups,
        begins=optional_instant(event.get("effective_since"), of),
        ends=optional_instant(event.get("effective_until"), of),
    )


def _zoned(found: Any, here: str, of: str) -> tuple[datetime, str]:
    """A time by the wall clock, and its zone. With an offset other than Z it is an instant."""
    if not isinstance(found, dict):
        found = {"date_time": found}
    own = zone(found.get("time_zone") or here, of)
    said = str(found.get("date_time"))
    wall = wall_clock(said, of)
    if said.endswith(("Z", "z")) or datetime.fromisoformat(said).tzinfo is None:
        return wall, own
    return wall_of(instant(said, of), own), own


def _groups(
    strategy: Fields, people: set[str], of: str, account: Account
) -> tuple[tuple[Group, ...], int]:
    members = [_member(each, people, of, account) for each in strategy.get("members") or []]
    if not members:
        account.mark("layer.no_people", of, "it has no members, so it has nobody")
        return (), 1
    kind = strategy.get("type")
    if kind in AS_EVERY:
        return (_together(members),), 1
    if kind != ROTATING:
        raise Unreadable("strategy.unknown", f"{of}: {kind!r} is not known here")
    every = strategy.get("shifts_per_member") or 1
    if not isinstance(every, int) or not 1 <= every <= 10_000:
        raise Unreadable("strategy.invalid", f"{of}: shifts_per_member is a number from 1 on")
    return tuple((each,) if each else () for each in members), every


def _together(members: Iterable[str | None]) -> Group:
    return tuple(sorted({each for each in members if each}))


def _member(found: Any, people: set[str], of: str, account: Account) -> str | None:
    """The id of a member; None: nobody, on purpose."""
    if not isinstance(found, dict) or found.get("type") == "empty_member":
        return None
    if found.get("type") not in {None, "user_member"} or not found.get("user_id"):
        raise Unreadable("member.unknown", f"{of}: {found.get('type')!r} is not known here")
    marked({"id": found["user_id"]}, people, of, account)
    return str(found["user_id"])


def _override(found: Fields, people: set[str], account: Account, of: str) -> Swap:
    of = f"override {found.get('id')} of {of}"
    rotation = found.get("rotation_id")
    return Swap(
        begins=instant(found.get("start_time"), of),
        ends=instant(found.get("end_time"), of),
        leaves=_member(found.get("overridden_member"), people, of, account),
        takes=_member(found.get("overriding_member"), people, of, account),
        rotations=(str(rotation),) if rotation else (),
    )


def _custom(found: Fields, place: int, people: set[str], account: Account) -> Layer:
    of = f"shift {found.get('id') or place}"
    begins, ends = instant(found.get("start_time"), of), instant(found.get("end_time"), of)
    if begins >= ends:
        raise Unreadable("shift.invalid", f"{of}: it ends before it begins")
    members = [
        _member(each.get("member"), people, of, account) for each in found.get("assignments") or []
    ]
    return once(f"shift-{found.get('id') or place}", begins, ends, _together(members))
