"""Who is on call when, as a calendar: of one schedule, of all of a team, or of one person."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.directory import PERSON, TEAM
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView
from domain.oncall.scheduling.rota import renamed, rota_of, shifts_of
from domain.sight import Viewer
from handlers.entrance.active_schedules import active_schedules
from handlers.entrance.rota_picture import name_of
from handlers.entrance.service import Service
from projections.past import NOW

BEFORE, AHEAD = timedelta(days=28), timedelta(days=182)
"""So much of the past and of what is to come is in a calendar."""


class CalendarShift(NamedTuple):
    """A shift as a calendar has it: nobody (`names` is empty) where there is a gap."""

    schedule: str
    schedule_name: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]


class DutyCalendar(NamedTuple):
    """Who is on call, as of a time. `missing` are schedules that cannot be laid out."""

    name: str
    at: datetime
    shifts: tuple[CalendarShift, ...]
    missing: tuple[str, ...] = ()


async def duty_calendar_of(service: Service, of: str, viewer: Viewer, at: datetime) -> DutyCalendar:
    """The calendar of `schedule:payments`, `team:checkout` or `person:ada`. A person's has no gaps:
    these are nobody's. Raises `Refused` where there is no such thing.
    """
    roster = await service.executor.rosters.now() or Roster()
    kind, _, slug = of.partition(":")
    views, name = await _wanted(service, kind, slug, viewer)
    person = slug if kind == "person" else None
    shifts, missing = await asyncio.to_thread(_shifts, views, roster, at, person)
    shifts.sort(key=lambda it: (it.begins, it.schedule))
    return DutyCalendar(f"On call: {name}", at, tuple(shifts), tuple(missing))


async def _wanted(
    service: Service, kind: str, slug: str, viewer: Viewer
) -> tuple[list[ScheduleView], str]:
    """The schedules that a calendar is made of, and what it is called."""
    match kind:
        case "schedule":
            view: ScheduleView = await service.show(SCHEDULE, slug, NOW, viewer)
            return [view], view.name
        case "team":
            team = await service.show(TEAM, slug, NOW, viewer)
            views = await active_schedules(service, viewer, lambda each: each.team == team.id)
            return views, team.name
        case _:
            shown = await service.show(PERSON, slug, NOW, viewer)
            return await active_schedules(service, viewer), shown.name


def _shifts(
    views: Iterable[ScheduleView], roster: Roster, at: datetime, person: str | None
) -> tuple[list[CalendarShift], list[str]]:
    found: list[CalendarShift] = []
    missing: list[str] = []
    for view in views:
        try:
            held = shifts_of(renamed(rota_of(view), roster.who), at - BEFORE, at + AHEAD)
        except Refused:
            missing.append(view.name)
            continue
        for each in held:
            if person is None or person in each.people:
                names = tuple(name_of(roster, it) for it in each.people)
                found.append(CalendarShift(view.id, view.name, each.begins, each.ends, names))
    return found, missing
