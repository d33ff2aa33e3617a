"""The schedules that are active, as they stand, looked at together."""

import asyncio
from collections.abc import AsyncIterator, Callable

from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView
from domain.sight import Viewer
from handlers.entrance.service import Service
from projections.oncall.schedules import SCHEDULE_LIST, ListedSchedule
from projections.past import NOW

PAGE = 1_000
AT_ONCE = 32
"""So many are read beside each other."""


async def active_schedules(
    service: Service, viewer: Viewer, of: Callable[[ListedSchedule], bool] = lambda _: True
) -> list[ScheduleView]:
    """Those that `of` wants, by slug. Raises `Refused`, `Unavailable`."""
    wanted = [each.id async for each in _listed(service, viewer) if of(each)]
    found: list[ScheduleView] = []
    for first in range(0, len(wanted), AT_ONCE):
        some = wanted[first : first + AT_ONCE]
        found += await asyncio.gather(*(service.show(SCHEDULE, it, NOW, viewer) for it in some))
    return found


async def _listed(service: Service, viewer: Viewer) -> AsyncIterator[ListedSchedule]:
    after = ""
    while True:
        asked = {"after": after, "limit": PAGE, "active": True}
        page = await service.ask(SCHEDULE_LIST, asked, viewer)
        for each in page.answer:
            yield each
        if len(page.answer) < PAGE:
            return
        after = page.answer[-1].id
