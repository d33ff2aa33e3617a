"""What on-call asked of people in a window: from pages and shifts, for who may see the directory.

Pages of private incidents are in no figure, as in all statistics: who was woken for one is not to
be read from a count.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.oncall.load import CarriedShift, OnCallLoad, PersonPage, on_call_load
from domain.oncall.scheduling.kept import ScheduleView
from domain.oncall.scheduling.rota import renamed, rota_of, shifts_of
from domain.sight import PUBLIC, Viewer
from handlers.entrance.active_schedules import active_schedules
from handlers.entrance.on_call import Window, window_of
from handlers.entrance.service import Service
from projections.directory.lists import PEOPLE_LIST
from projections.paging.person_pages import PAGED, PAGES_MOST

USUAL = timedelta(days=28)
DAYS_MOST = 92


def load_window(now: datetime, since: datetime | None, until: datetime | None) -> Window:
    """The window that is asked about: the last four weeks, unless it is said. Raises `Refused`."""
    ends = until or now
    return window_of(now, since or ends - USUAL, ends)


async def on_call_load_of(service: Service, viewer: Viewer, window: Window) -> OnCallLoad:
    """The load in a window of 92 days at most. Raises `Refused`, `Unavailable`."""
    if window.until - window.since > timedelta(days=DAYS_MOST):
        raise _too_wide("to", f"more than {DAYS_MOST} days")
    found = await service.read_models.ask(PUBLIC, PAGED, since=window.since, until=window.until)
    if len(found) > PAGES_MOST:
        raise _too_wide("to", f"more than {PAGES_MOST:,} pages of a person")
    pages = [PersonPage(it.reference, it.person, it.first_at, it.acknowledged_at) for it in found]
    views = await active_schedules(service, viewer)
    roster = await service.executor.rosters.now() or Roster()
    zones = await _zones(service, viewer)

    def compute() -> OnCallLoad:
        shifts, missing = _shifts(views, roster, window)
        load = on_call_load(pages, shifts, zones, window.since, window.until)
        return replace(load, not_laid_out=tuple(missing))

    return await asyncio.to_thread(compute)


def _too_wide(field: str, said: str) -> Refused:
    return Refused(
        "query.too_wide",
        f"the window has {said}",
        field=field,
        rule=f"At most {DAYS_MOST} days, and {PAGES_MOST:,} pages of a person.",
        invalid=True,
    )


async def _zones(service: Service, viewer: Viewer) -> dict[str, str | None]:
    """The zone of each person, by slug."""
    zones: dict[str, str | None] = {}
    after = ""
    while True:
        page = await service.ask(PEOPLE_LIST, {"after": after, "limit": 1_000}, viewer)
        zones |= {each.id: each.time_zone for each in page.answer}
        if len(page.answer) < 1_000:
            return zones
        after = page.answer[-1].id


def _shifts(
    views: Iterable[ScheduleView], roster: Roster, window: Window
) -> tuple[Sequence[CarriedShift], Sequence[str]]:
    found: list[CarriedShift] = []
    missing: list[str] = []
    for view in views:
        try:
            held = shifts_of(renamed(rota_of(view), roster.who), window.since, window.until)
        except Refused:
            missing.append(view.id)
            continue
        for each in held:
            found += (CarriedShift(view.id, it, each.begins, each.ends) for it in each.people)
    return found, missing
