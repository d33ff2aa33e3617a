"""The schedule of the brief, as YAML: one rotation with its hand-off, by day and wall-clock time.

`participants.members` names who takes turns (or `participants` is that list), and `start_date` the
day from which the first of them does. Scalars are read as YAML 1.2 has them; where another reader
made 600 of 10:00, it is 10:00 again.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from adapters.migration.account import Account, Fields, Unreadable, instant, text, weekday, zone
from adapters.yaml_documents import documents_of
from domain.oncall.layer import WEEK, Layer, Turns
from domain.oncall.schedule import Override, Schedule
from domain.oncall.wall_clock import instant_of

KINDS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": WEEK,
    "biweekly": 2 * WEEK,
}
UNITS = {"hour": KINDS["hourly"], "day": KINDS["daily"], "week": WEEK}
FIELDS = {
    *("id", "name", "timezone", "rotation_type", "handoff_time", "handoff_day", "participants"),
    *("start_date", "overrides"),
}
LATER = {
    "escalation_policy": "escalation policies",
    "compensation": "compensation",
    "health_metrics": "health of on-call",
}


def read_brief(path: Path) -> Account:
    """Raises `Unreadable` where it cannot be read as a whole."""
    account = Account()
    for found in _schedules(path):
        name = text(found, "name", f"{path}: schedule")
        account.note("schedules", found.get("id") or name, name)
        for part in sorted(LATER.keys() & found):
            account.note(part, f"{name}/{part}", part)
        with account.reading(f"schedule {name}"):
            account.schedules.append(_schedule(found, account))
    if not account.objects:
        raise Unreadable("export.no_schedules", f"{path}: there are no schedules in it")
    return account


def _schedules(path: Path) -> Iterator[Fields]:
    if not path.exists():
        raise Unreadable("path.not_there", f"{path} is not there")
    for document in documents_of(path):
        if document.fault is not None:
            raise Unreadable("yaml.unreadable", f"{document.file}: {document.fault}")
        content = document.content
        found = (
            content.get("schedule", content.get("schedules")) if isinstance(content, dict) else None
        )
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                yield each


def _schedule(found: Fields, account: Account) -> Schedule:
    name = text(found, "name", "schedule")
    of = f"schedule {name}"
    here = zone(found.get("timezone"), of)
    account.unknown(of, found, FIELDS | set(LATER))
    id = str(found.get("id") or name)  # noqa: A001
    participants = found.get("participants") or {}
    members = participants
    if isinstance(participants, dict):
        members = participants.get("members") or []
        for rule in sorted(set(participants) - {"members"}):
            account.note("participants", f"{name}/{rule}", rule)
    if not isinstance(members, list) or not members:
        raise Unreadable("layer.no_people", f"{of}: participants name nobody who takes turns")
    anchor = _anchor(found, of)
    layer = Layer(
        id=id,
        zone=here,
        pattern=_turns(found.get("rotation_type"), anchor, of),
        groups=tuple((_name(each, of, account),) for each in members),
        begins=instant_of(anchor, here),
    )
    return Schedule(
        id=id,
        name=name,
        zone=here,
        layers=(layer,),
        overrides=tuple(
            Override(
                begins=instant(each.get("start"), of),
                ends=instant(each.get("end"), of),
                people=(_name(each.get("person"), of, account),),
                rotations=(id,),
            )
            for each in found.get("overrides") or []
        ),
    )


def _name(value: Any, of: str, account: Account) -> str:
    """A name; what another reader took for something else is marked."""
    if value is False or value is True:
        account.mark(
            "name.was_a_word", of, f"{value} was a word such as no or yes, and is a name now"
        )
        return "yes" if value else "no"
    if not isinstance(value, str | int) or not str(value).strip():
        raise Unreadable("participant.unknown", f"{of}: {value!r} takes no turns")
    return str(value)


def _turns(kind: Any, anchor: datetime, of: str) -> Turns:
    if kind == "monthly":
        return Turns(anchor=anchor, months=1)
    if kind in KINDS:
        return Turns(anchor=anchor, length=KINDS[kind])
    many, _, unit = str(kind).replace(" ", "_").partition("_")
    unit = unit.removesuffix("s")
    if not many.isdecimal() or not 1 <= int(many) <= 1000 or unit not in UNITS:
        raise Unreadable("rotation.unknown", f"{of}: {kind!r} is not a kind that is known here")
    return Turns(anchor=anchor, length=UNITS[unit] * int(many))


def _anchor(found: Fields, of: str) -> datetime:
    """The first hand-off: on the first hand-off day from the start date on."""
    said = found.get("start_date")
    try:
        day = said if isinstance(said, date) else date.fromisoformat(str(said))
    except ValueError:
        raise Unreadable("start.missing", f"{of}: start_date says whose turn is when") from None
    if found.get("handoff_day") is not None:
        wanted = weekday(found["handoff_day"], of, "handoff.invalid")
        day += timedelta(days=(wanted - day.isoweekday()) % 7)
    return datetime.combine(day, clock_of(found.get("handoff_time"), of))


def clock_of(value: Any, of: str) -> time:
    """A time of the day. YAML 1.1 reads 10:00 as 600 and 12:30:45 as 45045: they are clock times
    again. Raises `Unreadable`.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 86_400:
        seconds = value * 60 if value < 1440 else value
        return time(seconds // 3600, seconds // 60 % 60, seconds % 60)
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        raise Unreadable("handoff.invalid", f"{of}: {value!r} is no time of a day") from None
