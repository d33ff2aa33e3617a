"""An Opsgenie account, as the folder that its configuration backup writes: a file for each entity.

All rotations of a schedule are on call together. People are named by kind and id (user:…), for
teams and escalations take turns, too. What has no value is absent. Names of files hold names: ids
inside count.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from adapters.migration.account import (
    Account,
    Fields,
    Unreadable,
    folder,
    inner,
    instant,
    loaded,
    optional_instant,
    weekday,
    zone,
)
from adapters.migration.exported_people import opsgenie_people
from adapters.migration.reach import opsgenie_escalations, opsgenie_routing, opsgenie_users
from domain.oncall.layer import WEEK, Group, Layer, Restriction, Turns
from domain.oncall.schedule import Forwarding, Override, Schedule
from domain.oncall.wall_clock import wall_of

CONTACT_UNSURE = "contact.unsure"
UNITS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": WEEK}
KINDS = {
    "users": "user",
    "teams": "team",
    "policiesV2": "policy",
    "policies": "policy",
    "integrations": "integration",
    "forwardings": "forwarding",
    "ordersV2": "order",
}
SCHEDULE_FIELDS = {
    *("id", "name", "description", "timezone", "enabled", "ownerTeam", "rotations", "_parent"),
}
ROTATION_FIELDS = {
    *("id", "name", "startDate", "endDate", "type", "length", "participants", "timeRestriction"),
    *("_parent", "order"),
}


def read_opsgenie(path: Path) -> Account:
    """Raises `Unreadable` where the export as a whole cannot be read."""
    root, account = folder(path), Account()
    found = {kind: list(entities(root / kind)) for kind in KINDS}
    for kind, within in KINDS.items():
        for each in (inner(entity, within) for entity in found[kind]):
            name = each.get("name") or each.get("username") or each.get("alias")
            account.note(kind, each.get("id") or each.get("alias"), name)
    with account.reading("escalations"):
        escalations = (inner(each, "escalation") for each in entities(root / "escalations"))
        opsgenie_escalations(escalations, account)
    with account.reading("routing rules"):
        opsgenie_routing(found["teams"], account)
    with account.reading("how people are reached"):
        opsgenie_users(found["users"], account)
    users = [inner(each, "user") for each in found["users"]]
    with account.reading("people"):
        account.people += opsgenie_people(users, partial(account.mark, CONTACT_UNSURE))
    names = {each.get("username"): str(each.get("id")) for each in users}
    forwardings = _forwardings(found["forwardings"], names, account)
    for each in entities(root / "schedules"):
        _schedule_into(account, each, names, forwardings)
    if not account.objects.get("schedules"):
        raise Unreadable("export.no_schedules", f"{path}: there are no schedules in it")
    return account


def entities(root: Path) -> Iterator[dict[str, Any]]:
    """The entities of a folder: one a file, on its own or under its kind, or a list of them."""
    for path in sorted(root.glob("*.json")):
        found = loaded(path)
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                yield each


def _schedule_into(
    account: Account, found: Fields, names: dict[Any, str], forwardings: tuple[Forwarding, ...]
) -> None:
    schedule = inner(found, "schedule")
    id = str(schedule.get("id"))  # noqa: A001
    account.note("schedules", id, schedule.get("name"))
    overrides = found.get("scheduleOverrideList") or found.get("overrides") or []
    reader = _ScheduleReader(account, names, f"schedule {id}")
    with account.reading(f"schedule {id}"):
        account.schedules.append(reader.schedule(schedule, overrides, forwardings))


def _forwardings(
    listed: Iterable[Fields], names: dict[Any, str], account: Account
) -> tuple[Forwarding, ...]:
    made: list[Forwarding] = []
    for each in listed:
        found = inner(each, "forwarding")
        of = f"forwarding {found.get('id') or found.get('alias')}"
        with account.reading(of):
            made += _forwarding(found, _ScheduleReader(account, names, of), of, account)
    for place, one in enumerate(made):
        for other in made[place + 1 :]:
            if one.leaves == other.leaves and one.begins < other.ends and other.begins < one.ends:
                account.mark(
                    "forwarding.overlaps",
                    f"person {one.leaves}",
                    f"forwarded to {one.takes} and {other.takes} at once; the latter is taken",
                )
        _follow(one, made, account)
    return tuple(made)


def _forwarding(
    found: Fields, reader: "_ScheduleReader", of: str, account: Account
) -> Iterator[Forwarding]:
    leaves = reader.person({"type": "user", **(found.get("fromUser") or {})}, of)
    takes = reader.person({"type": "user", **(found.get("toUser") or {})}, of)
    begins = optional_instant(found.get("startDate"), of) or datetime.min.replace(tzinfo=UTC)
    ends = optional_instant(found.get("endDate"), of) or datetime.max.replace(tzinfo=UTC)
    if leaves and takes and begins < ends:
        yield Forwarding(begins=begins, ends=ends, leaves=leaves[0], takes=takes[0])
    else:
        account.mark("forwarding.invalid", of, "it forwards nobody, to nobody, or never")


def _follow(one: Forwarding, made: list[Forwarding], account: Account) -> None:
    """Mark forwardings that come back to where they began."""
    seen, begins, ends, at = {one.leaves}, one.begins, one.ends, one
    while at.takes not in seen:
        seen.add(at.takes)
        onwards = [
            each
            for each in made
            if each.leaves == at.takes and each.begins < ends and begins < each.ends
        ]
        if not onwards:
            return
        at = onwards[-1]
        begins, ends = max(begins, at.begins), min(ends, at.ends)
    account.mark(
        "forwarding.circle",
        f"person {at.takes}",
        "forwardings come back to whom they began with: whoever was meant stays on call",
    )


class _ScheduleReader:
    """Reads one schedule; `of` names it in marks."""

    def __init__(self, account: Account, names: dict[Any, str], of: str) -> None:
        self._account = account
        self._names = names
        self._of = of

    def schedule(
        self, found: Fields, overrides: list[Any], forwardings: tuple[Forwarding, ...]
    ) -> Schedule:
        here = zone(found.get("timezone"), self._of)
        self._account.unknown(self._of, found, SCHEDULE_FIELDS)
        layers = tuple(self._rotation(each, here) for each in found.get("rotations") or [])
        if not layers:
            self._account.mark("schedule.no_layers", self._of, "it has no rotations, so nobody")
        enabled = found.get("enabled") is not False
        if not enabled:
            self._account.mark("schedule.disabled", self._of, "it is disabled: nobody is on call")
        return Schedule(
            id=str(found.get("id")),
            name=str(found.get("name") or found.get("id")),
            zone=here,
            enabled=enabled,
            layers=layers,
            overrides=tuple(self._override(each, layers) for each in overrides),
            forwardings=forwardings,
        )

    def _rotation(self, found: Fields, here: str) -> Layer:
        of = f"rotation {found.get('id')}"
        self._account.unknown(of, found, ROTATION_FIELDS)
        kind, many = found.get("type"), found.get("length", 1)
        if kind not in UNITS:
            raise Unreadable("rotation.unknown", f"{of}: {kind!r} is not a kind that is known here")
        if not isinstance(many, int) or isinstance(many, bool) or not 1 <= many <= 1000:
            raise Unreadable("length.invalid", f"{of}: its length is a number from 1 to 1000")
        starts = instant(found.get("startDate"), of)
        groups = tuple(self.person(each, of) for each in found.get("participants") or [])
        if not groups:
            self._account.mark("layer.no_people", of, "nobody takes turns in it, so it has nobody")
        return Layer(
            id=str(found.get("id")),
            name=str(found.get("name") or ""),
            zone=here,
            pattern=Turns(anchor=wall_of(starts, here), length=UNITS[str(kind)] * many),
            groups=groups,
            begins=starts,
            ends=optional_instant(found.get("endDate"), of),
            restrictions=tuple(_restrictions(found.get("timeRestriction"), of)),
        )

    def person(self, found: Any, of: str) -> Group:
        """Who takes a turn; nobody for the reserved participant `none`."""
        if not isinstance(found, dict):
            raise Unreadable("participant.unknown", f"{of}: {found!r} takes no turns")
        kind = found.get("type", "user")
        if kind == "none":
            return ()
        id = found.get("id") or self._names.get(found.get("username"))  # noqa: A001
        if not id:
            name = found.get("username") or found.get("name")
            if not name:
                raise Unreadable("participant.unknown", f"{of}: a {kind} without an id takes turns")
            self._account.mark("user.missing", of, f"{kind} {name} is not in the export")
            return (f"{kind}:{name}",)
        if kind == "user" and self._names and id not in self._names.values():
            self._account.mark_deleted(of, id)
        if kind != "user":
            detail = f"the {kind} {found.get('name') or id} takes turns as a whole, as {kind}:{id}"
            self._account.mark("participant.not_a_person", of, detail)
        return (f"{kind}:{id}",)

    def _override(self, found: Fields, layers: tuple[Layer, ...]) -> Override:
        of = f"override {found.get('alias')}"
        begins, ends = instant(found.get("startDate"), of), instant(found.get("endDate"), of)
        if begins >= ends:
            raise Unreadable("override.invalid", f"{of}: it ends before it begins")
        named = [str(each.get("id")) for each in found.get("rotations") or []]
        known = {each.id for each in layers}
        for each in sorted(set(named) - known):
            self._account.mark("override.no_rotation", of, f"rotation {each} is gone")
        return Override(
            begins=begins,
            ends=ends,
            people=self.person(found.get("user") or {"type": "none"}, of),
            rotations=tuple(named or sorted(known)),
        )


def _restrictions(found: Any, of: str) -> Iterator[Restriction]:
    if not found:
        return
    kind = found.get("type")
    parts = found.get("restrictions") or found.get("restriction") or []
    for each in parts if isinstance(parts, list) else [parts]:
        opens, closes = _minutes(each, "start", of), _minutes(each, "end", of)
        if kind == "time-of-day":
            span = (closes - opens) % (24 * 60) or 24 * 60
            opening = None
        elif kind == "weekday-and-time-of-day":
            opening = weekday(each.get("startDay"), of, "restriction.invalid")
            closing = weekday(each.get("endDay"), of, "restriction.invalid")
            closes += (closing - opening) * 24 * 60
            span = (closes - opens) % (7 * 24 * 60) or 7 * 24 * 60
        else:
            raise Unreadable("restriction.unknown", f"{of}: {kind!r} is not known here")
        yield Restriction(
            at=time(opens // 60 % 24, opens % 60), length=timedelta(minutes=span), weekday=opening
        )


def _minutes(found: Fields, which: str, of: str) -> int:
    hour, minute = found.get(f"{which}Hour"), found.get(f"{which}Min", 0)
    if not isinstance(hour, int) or not isinstance(minute, int):
        raise Unreadable("restriction.invalid", f"{of}: {which}Hour and {which}Min are numbers")
    if not 0 <= hour <= 24 or not 0 <= minute <= 59:
        raise Unreadable("restriction.invalid", f"{of}: {hour}:{minute} is no time of a day")
    return hour * 60 + minute
