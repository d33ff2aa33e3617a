"""What a picture of a schedule shows: its shifts in a window, with people by their names."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from domain.kernel.roster import Roster
from domain.oncall.scheduling.rota import shifts_of
from domain.oncall.shifts import Shift
from domain.sight import Viewer
from handlers.entrance.on_call import Window, asked
from handlers.entrance.service import Service


class RotaPicture(NamedTuple):
    """The shifts of a schedule from `since` until `until`, on the clock of its `zone`; `names` of
    those who are on call, by what shifts call them.
    """

    name: str
    zone: str
    since: datetime
    until: datetime
    shifts: tuple[Shift, ...]
    names: Mapping[str, str]


async def rota_picture(service: Service, ref: str, viewer: Viewer, window: Window) -> RotaPicture:
    """Raises `Refused`."""
    view, rota = await asked(service, ref, viewer, window.known_at)
    found = await asyncio.to_thread(shifts_of, rota, window.since, window.until)
    roster = await service.executor.rosters.now() or Roster()
    people = {person for each in found for person in each.people}
    return RotaPicture(
        name=view.name,
        zone=view.time_zone,
        since=window.since,
        until=window.until,
        shifts=tuple(found),
        names={each: name_of(roster, each) for each in people},
    )


def name_of(roster: Roster, slug: str) -> str:
    """The name of somebody in the directory; else what the schedule says."""
    return next((it.name for it in roster.people_named(slug) if it.id == slug), slug)
