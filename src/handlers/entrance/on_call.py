"""Who is on call by a schedule, and when, as was known at a time."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.oncall.layer import Group
from domain.oncall.review import RosterReview, reviewed
from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView
from domain.oncall.scheduling.rota import OnCall, Rota, on_call_at, renamed, rota_of, shifts_of
from domain.sight import Viewer
from handlers.entrance.service import Service
from projections.past import Cut

USUAL = timedelta(days=28)
"""So long a window is where nobody says until when."""


class ListedShift(msgspec.Struct, frozen=True, rename={"begins": "from", "ends": "to"}):
    """Who is on call from when until when; nobody: a gap."""

    begins: datetime
    ends: datetime
    people: Group


class Window(msgspec.Struct, frozen=True):
    """From when until when is asked, and with what was known at which time (None: now)."""

    since: datetime
    until: datetime
    known_at: datetime | None = None


def window_of(
    now: datetime,
    since: datetime | None,
    until: datetime | None,
    known_at: datetime | None = None,
) -> Window:
    """The window that is asked about: from now on, and four weeks long, unless it is said. Raises
    `Refused`.
    """
    begins = since or now
    ends = until or begins + USUAL
    if begins >= ends:
        raise Refused(
            "query.invalid",
            "to comes after from",
            field="to",
            rule="A window ends after it begins.",
            invalid=True,
        )
    return Window(begins, ends, known_at)


async def shifts_in(
    service: Service, ref: str, viewer: Viewer, window: Window
) -> list[ListedShift]:
    """The shifts of a schedule in a window, without a pause between them. Raises `Refused`."""
    _, rota = await asked(service, ref, viewer, window.known_at)
    found = await asyncio.to_thread(shifts_of, rota, window.since, window.until)
    return [ListedShift(each.begins, each.ends, each.people) for each in found]


async def on_call_of(
    service: Service, ref: str, viewer: Viewer, at: datetime, known_at: datetime | None = None
) -> OnCall:
    """Who is on call by a schedule at an instant, and who is next. Raises `Refused`."""
    _, rota = await asked(service, ref, viewer, known_at)
    return await asyncio.to_thread(on_call_at, rota, at)


async def review_in(service: Service, ref: str, viewer: Viewer, window: Window) -> RosterReview:
    """What a schedule is like in a window. Raises `Refused`."""
    view, rota = await asked(service, ref, viewer, window.known_at)
    found = await asyncio.to_thread(shifts_of, rota, window.since, window.until)
    return reviewed(found, view.time_zone)


async def asked(
    service: Service, ref: str, viewer: Viewer, known_at: datetime | None
) -> tuple[ScheduleView, Rota]:
    """A schedule, and its rota with people as the directory has them now: a long answer is worked
    out beside whatever else the service does. Raises `Refused`.
    """
    view: ScheduleView = await service.show(SCHEDULE, ref, Cut(known_at=known_at), viewer)
    roster = await service.executor.rosters.now() or Roster()
    return view, renamed(rota_of(view), roster.who)
