"""What a change of a schedule would mean, before it is made: nothing is written."""

import asyncio
from datetime import datetime, timedelta

from domain.directory.registration import Entry
from domain.kernel.decider import Context
from domain.kernel.roster import Roster
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.commands import ScheduleCommand
from domain.oncall.scheduling.difference import RotaDifference, difference
from domain.oncall.scheduling.events import ScheduleProfile
from domain.oncall.scheduling.kept import KeptSchedule, ScheduleView
from domain.oncall.scheduling.rota import renamed, rota_kept, shifts_of
from domain.policy import DEFAULT
from domain.sight import Viewer
from handlers.entrance.service import Service
from projections.past import NOW

QUARTER = timedelta(days=91)


async def preview_of(
    service: Service, ref: str, viewer: Viewer, command: ScheduleCommand, now: datetime
) -> RotaDifference:
    """Who gains and loses which hours in the quarter to come. Raises `Refused` as the command
    itself would; what code manages is looked at like the rest.
    """
    view: ScheduleView = await service.show(SCHEDULE, ref, NOW, viewer)
    roster = await service.executor.rosters.now() or Roster()
    return await asyncio.to_thread(_difference, _kept(view), command, now, roster)


def _difference(
    kept: KeptSchedule, command: ScheduleCommand, now: datetime, roster: Roster
) -> RotaDifference:
    context = Context(now, "", DEFAULT, roster=roster)  # nothing of it is kept
    then = SCHEDULE.fold(kept, SCHEDULE.decide(command, kept, context))
    before, after = (renamed(rota_kept(state), roster.who) for state in (kept, then))
    until = now + QUARTER
    return difference(shifts_of(before, now, until), shifts_of(after, now, until))


def _kept(view: ScheduleView) -> KeptSchedule:
    names = ScheduleProfile.__struct_fields__
    profile = ScheduleProfile(**{name: getattr(view, name) for name in names})
    entry = Entry(slug=view.id, profile=profile, active=view.active)
    return KeptSchedule(entry=entry, courses=view.courses, stand_ins=view.stand_ins)
