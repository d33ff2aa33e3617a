"""Who is on call: by each schedule, until when, who is next, and what is to be put right."""

from datetime import timedelta

from adapters.console.visit import ConsolePage, Shown, Visit
from domain.access.grants import Permission
from handlers.entrance.duty_overview import duty_overview
from handlers.entrance.on_call import Window, shifts_in
from handlers.queries.parameters import time_of

DAYS = 14


async def show_on_call(visit: Visit) -> Shown:
    """All schedules now, or at a time."""
    at = time_of(visit.asked("at") or None, "at") or visit.now
    found = await duty_overview(visit.service, visit.viewer, at)
    return Shown("on_call.html", {"it": found, "now": visit.now})


async def show_schedule(visit: Visit) -> Shown:
    """The shifts of one schedule in the two weeks to come; a gap is a shift of nobody."""
    window = Window(visit.now, visit.now + timedelta(days=DAYS))
    shifts = await shifts_in(visit.service, visit.ref, visit.viewer, window)
    return Shown("schedule.html", {"name": visit.ref, "shifts": shifts, "now": visit.now})


_READ = Permission.DIRECTORY_READ
PAGES = (
    ConsolePage("/on-call", _READ, show_on_call, name="On call", group="Respond", key="o"),
    ConsolePage("/on-call/{ref}", _READ, show_schedule),
)
