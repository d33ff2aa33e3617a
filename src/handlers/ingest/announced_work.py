"""Maintenance that was announced, as rules ask for it: alerts of its services that begin while work
is done open nothing.

It is asked for at most once a second, when something fires. While the read models are away, what
was known last holds: a page does not wait for them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from glob import escape

import msgspec
import structlog

from domain.alerting import Firing
from domain.alerting.identity import FIRES
from domain.alerting.rules import Maintenance, Rulebook
from domain.maintenance.planned_work import MaintenanceLine
from domain.sight import PUBLIC
from handlers.ingest.routing_context import RoutingContext, due_again
from handlers.kernel.ports import Unavailable
from handlers.queries.read_models import ReadModels
from projections.maintenance.maintenances import SUPPRESSING

FRESH_FOR = timedelta(seconds=1)
HEARD_LATE = timedelta(days=7)
"""Alerts may be heard of so long after they began."""
WINDOWS_MAX = 1_000

log = structlog.get_logger(__name__)


class AnnouncedWork:
    """The configured rules, with the windows of what was announced."""

    def __init__(
        self, read_models: ReadModels, book: Rulebook, clock: Callable[[], datetime]
    ) -> None:
        self.configured = book
        self._read_models = read_models
        self._clock = clock
        self._windows: dict[str, Maintenance | None] = {}
        self._book = book
        self._as_of: datetime | None = None

    async def book(self) -> Rulebook:
        """All that decides about alerts now."""
        now = self._clock()
        if self._as_of is None or not self._as_of <= now < self._as_of + FRESH_FOR:
            await self._refresh(now)
        return self._book

    async def is_due_again(self, firing: Firing, case: RoutingContext) -> bool:
        """Whether an alert that was left alone for a time still fires, and that time is up: when it
        was to be, or earlier, as work ended before its time or is on other services now.
        """
        if due_again(firing, case):
            return True
        if firing.incident or firing.ended_at or case.said.kind not in FIRES or not firing.rule:
            return False
        await self.book()
        if firing.rule not in self._windows:
            return False
        window = self._windows[firing.rule]
        return window is None or not window.covers(case.attributes)

    async def _refresh(self, now: datetime) -> None:
        ask = self._read_models.ask
        try:
            found = await ask(PUBLIC, SUPPRESSING, since=now - HEARD_LATE, limit=WINDOWS_MAX)
        except Unavailable as unavailable:
            log.warning("routing.maintenances_unavailable", reason=str(unavailable))
            self._as_of = now
            return
        self._windows = {line.reference: window_of(line) for line in found}
        announced = tuple(filter(None, self._windows.values()))
        maintenance = (*self.configured.maintenance, *announced)
        self._book = msgspec.structs.replace(self.configured, maintenance=maintenance)
        self._as_of = now


def window_of(line: MaintenanceLine) -> Maintenance | None:
    """When which alerts are left alone; None: at no time. Names of services are meant literally."""
    begins, ends = line.window_begins, line.window_ends
    if begins is None or ends is None or begins >= ends:
        return None
    return Maintenance(
        from_=begins,
        until=ends,
        service=tuple(map(escape, line.services)),
        name=line.reference,
        reason=f"{line.reference}: {line.title}",
    )
