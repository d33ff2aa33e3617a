"""Who is on call by all schedules at once, and what is to be put right about them."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from domain.kernel.refusal import Refused
from domain.kernel.roster import NameDoubt, Roster
from domain.oncall.layer import Group
from domain.oncall.people import doubted
from domain.oncall.scheduling.rota import Rota, on_call_among, renamed, rota_of, shifts_around
from domain.sight import Viewer
from handlers.entrance.active_schedules import active_schedules
from handlers.entrance.service import Service


class ScheduleDuty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who is on call by one schedule (nobody: a gap), until when, and who is next. Of those who
    have turns in the eight weeks to come: whom nobody knows, who has left, and for whom the
    directory has neither an e-mail address nor a handle. `problem`: why that cannot be said.
    """

    schedule: str
    name: str
    people: Group = ()
    until: datetime | None = None
    next_people: Group | None = None
    unknown_people: Group = ()
    people_who_left: Group = ()
    without_contact: Group = ()
    problem: str | None = None


class SeveralDuties(msgspec.Struct, frozen=True):
    """A person who is on call by several schedules."""

    person: str
    schedules: tuple[str, ...]


class DutyOverview(msgspec.Struct, frozen=True, kw_only=True):
    """All schedules that are active, by slug, at an instant; and who is on call by several."""

    at: datetime
    schedules: tuple[ScheduleDuty, ...]
    several: tuple[SeveralDuties, ...]


async def duty_overview(service: Service, viewer: Viewer, at: datetime) -> DutyOverview:
    """Who is on call by each schedule. Raises `Refused`, `Unavailable`."""
    roster = await service.executor.rosters.now() or Roster()
    found: list[ScheduleDuty] = []
    for view in await active_schedules(service, viewer):
        rota = renamed(rota_of(view), roster.who)
        found.append(await asyncio.to_thread(_duty, rota, view.name, at, roster))
    return DutyOverview(at=at, schedules=tuple(found), several=tuple(_several(found)))


def _duty(rota: Rota, name: str, at: datetime, roster: Roster) -> ScheduleDuty:
    try:
        around = shifts_around(rota, at)
    except Refused as refused:
        return ScheduleDuty(schedule=rota.name, name=name, problem=refused.detail)
    now = on_call_among(around, rota, at)
    people = sorted({who for each in around if each.ends > at for who in each.people})
    return ScheduleDuty(
        schedule=rota.name,
        name=name,
        people=now.people,
        until=now.until,
        next_people=now.next_people,
        unknown_people=doubted(people, roster.who, NameDoubt.NOT_LISTED),
        people_who_left=doubted(people, roster.who, NameDoubt.NOT_ACTIVE),
        without_contact=tuple(each for each in people if _is_without_contact(each, roster)),
    )


def _is_without_contact(name: str, roster: Roster) -> bool:
    """Of whom the directory knows, and nothing by which to reach them."""
    known = roster.people_named(name)
    return len(known) == 1 and not (known[0].email or any(known[0].handles.values()))


def _several(found: Iterable[ScheduleDuty]) -> Iterator[SeveralDuties]:
    held: dict[str, list[str]] = {}
    for each in found:
        for person in each.people:
            held.setdefault(person, []).append(each.schedule)
    for person, schedules in sorted(held.items()):
        if len(schedules) > 1:
            yield SeveralDuties(person, tuple(schedules))
