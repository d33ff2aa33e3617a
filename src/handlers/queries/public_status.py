"""What the public may know, in memory: read again every second, and kept through outages.

Pages are made from memory alone, so a thousand readers a second cost the database one question,
and while it is away they see what was last known, with the time at which it was.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

import msgspec
import structlog

from domain.incident.state import reference_of
from domain.sight import PUBLIC
from domain.status_page.public_incident import PublicIncident
from handlers.kernel.ports import BeingBuilt, EventStore, Unavailable
from handlers.queries.read_models import ReadModels
from projections.status_page.published import CHANGES, PublicChange

REFRESH_S = 1.0
STARTING_S = 0.1  # between the first tries, as nothing can be shown before
STALE_S = 15.0  # for so long, what is shown may lag behind the log without a word about it
KEPT = 5_000  # incidents, and as much planned work; older ones are not shown

log = structlog.get_logger()


async def read_changes(
    read_models: ReadModels, after: int, limit: int
) -> tuple[int, list[PublicChange]]:
    """How far along the log the rows are, and those that have changed behind a position; of more
    than `limit`, the newest incidents. Raises `Unavailable`.
    """
    found = await read_models.ask(PUBLIC, CHANGES, after=after, limit=limit)
    if not found:
        raise BeingBuilt(CHANGES.of)
    return found[0].reached, [change for change in found if change.number is not None]


class PublicStatus(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What is public, planned work as well; what began last, or will begin last, stands first.
    `as_of`: nothing that was recorded before is missing. `since` is when the log begins; `version`
    counts the changes of `incidents`.
    """

    incidents: tuple[PublicIncident, ...]
    as_of: datetime
    since: datetime | None
    version: int

    @cached_property
    def goes_on(self) -> bool:
        """Whether something is down."""
        return any(not (each.over or each.maintenance) for each in self.incidents)

    def age_s(self, now: datetime) -> float:
        """How old this knowledge is."""
        return max((now - self.as_of).total_seconds(), 0.0)

    def stale(self, now: datetime) -> bool:
        """Whether readers must be told how old it is."""
        return self.age_s(now) > STALE_S


class StatusPage:
    """Keeps `known` up to date; None until there is something to know."""

    def __init__(
        self, read_models: ReadModels, store: EventStore, clock: Callable[[], datetime]
    ) -> None:
        self.known: PublicStatus | None = None
        self._read_models = read_models
        self._store = store
        self._clock = clock
        self._incidents: dict[str, PublicIncident] = {}
        self._position = 0

    async def run(self) -> None:
        """Refresh until cancelled. An outage is waited out, and told in the log once; so is a
        commit that this version cannot read: what was known stays, and its age is shown.
        """
        failing = False
        while True:
            try:
                await self.refresh()
                failing = False
            except Unavailable as outage:
                if not failing:
                    log.warning("status_page.waiting", reason=str(outage))
                failing = True
            except Exception:  # stale pages are no reason to take no commands
                if not failing:
                    log.exception("status_page.fault")
                failing = True
            await asyncio.sleep(REFRESH_S if self.known else STARTING_S)

    async def refresh(self) -> None:
        """Take in what has changed. Raises `Unavailable`."""
        before, now, head = self.known, self._clock(), await self._store.head()
        since = before.since if before else None
        if since is None and head:
            since = await self._recorded_at(1)
        reached, changes = await read_changes(self._read_models, self._position, KEPT)
        behind = await self._recorded_at(reached + 1) if reached < head else None
        incidents = before.incidents if before and not changes else self._taking(changes)
        self.known = PublicStatus(
            incidents=incidents,
            as_of=behind or now,
            since=since,
            version=(before.version if before else 0) + bool(changes),
        )

    def _taking(self, changes: Sequence[PublicChange]) -> tuple[PublicIncident, ...]:
        for change in changes:
            assert change.number is not None, "a change is that of an incident"
            assert change.position is not None, "and has a place in the log"
            self._position = max(self._position, change.position)
            shown = change.shown
            if shown is None:
                self._incidents.pop(reference_of(change.number), None)
            else:
                self._incidents[shown.reference] = shown
        for planned in (False, True):
            alike = [each for each in self._incidents.values() if bool(each.planned) is planned]
            for old in sorted(alike, key=lambda each: each.number, reverse=True)[KEPT:]:
                del self._incidents[old.reference]
        newest = sorted(
            self._incidents.values(), key=lambda each: (each.started_at, each.number), reverse=True
        )
        return tuple(newest)

    async def _recorded_at(self, position: int) -> datetime:
        """When the first commit from a position on was recorded; the log must have come that far.
        Where none of those can be read, nothing is known to be missing.
        """
        for upto in (position, None):
            async for batch in self._store.read(after=position - 1, upto=upto):
                for recorded in batch:
                    if recorded.unreadable is None:
                        return recorded.commit.recorded_at
        return self._clock()
