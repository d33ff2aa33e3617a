"""The schedules that are active, as they stand, looked at together."""

from collections.abc import AsyncIterator, Callable

from domain.oncall.scheduling import SCHEDULE
from domain.oncall.scheduling.kept import ScheduleView
from domain.sight import Viewer
from handlers.entrance.service import Service
from handlers.queries.commits import in_turns
from projections.oncall.schedules import SCHEDULE_LIST, ListedSchedule
from projections.past import NOW

PAGE = 1_000


async def active_schedules(
    service: Service, viewer: Viewer, of: Callable[[ListedSchedule], bool] = lambda _: True
) -> list[ScheduleView]:
    """Those that `of` wants, by slug. Raises `Refused`, `Unavailable`."""
    wanted = [each.id async for each in _listed(service, viewer) if of(each)]
    return await in_turns(lambda it: service.show(SCHEDULE, it, NOW, viewer), wanted)


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
