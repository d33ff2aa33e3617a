"""Questions about incidents: the read models answer for now, the log answers for then."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.events import AlertReceived, Declared
from domain.incident.state import Undeclared
from domain.incident.view import IncidentView, view
from domain.notification import stream_of as notifications_of
from handlers.kernel.executor import stream_of
from handlers.kernel.ports import EventStore
from projections.incident.statistics import Statistics
from projections.incident.timeline import Entry, entries, in_order
from projections.outbox.deliveries import Delivery


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A look back. `as_of` leaves out what happened later, `known_at` what we learnt later; both
    together tell what was known at one time about another.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.as_of is not None or self.known_at is not None


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which incidents to list, newest first; `after` is the number of the last one seen."""

    statuses: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    limit: int = 100
    before: int | None = None


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """An incident folded from the log alone, perhaps as of a time in the past."""

    incident: IncidentView | None
    timeline: list[Entry]


class Views(Protocol):
    """Answers from the rows of projections. Each raises `Unavailable`; the first also `Lagging`."""

    async def reach(self, projection: str, position: int, timeout_s: float) -> None:
        """Wait until a projection shows `position`, at most for `timeout_s`."""
        ...

    async def incidents(self, wanted: Filter) -> list[IncidentView]: ...

    async def started_before(self, at: datetime, wanted: Filter) -> list[str]:
        """Ids of the incidents that could match at that time, newest first."""
        ...

    async def unfinished(self, since: datetime) -> list[str]:
        """Ids of the incidents that are not over, or were resolved `since` then, newest first."""
        ...

    async def incident(self, incident_id: str) -> IncidentView | None: ...

    async def timeline(self, incident_id: str) -> list[Entry]: ...

    async def statistics(
        self, since: datetime | None, until: datetime | None, by: str
    ) -> Statistics: ...

    async def quarantine(self, *, everything: bool = False) -> list[dict[str, Any]]: ...

    async def routes(self, *, everything: bool = False, limit: int = 500) -> list[dict[str, Any]]:
        """Firings of alerts and where they went, the latest first: those that opened nothing, or
        `everything` that was routed.
        """
        ...

    async def deliveries(self, incident_id: str) -> list[Delivery]: ...


async def replay(store: EventStore, incident_id: str, cut: Cut) -> Replay:
    """Fold one incident and its notifications from the log. Raises `Unavailable`."""
    incident: Incident = INCIDENT.initial
    position = 0
    lines: list[Entry] = []
    for recorded in await store.load(stream_of(incident_id)):
        if cut.known_at and recorded.commit.recorded_at > cut.known_at:
            continue
        lines.extend(entries(recorded))
        for event in recorded.commit.events:
            if cut.as_of and event.occurred_at > cut.as_of:
                continue
            if isinstance(incident, Undeclared) and not isinstance(event, Declared | AlertReceived):
                continue  # noted before the incident was declared: a line, but not yet a state
            incident = INCIDENT.evolve(incident, event, recorded.commit.actor)  # type: ignore[arg-type]
            position = recorded.position
    for recorded in await store.load(notifications_of(incident_id)):
        if not (cut.known_at and recorded.commit.recorded_at > cut.known_at):
            lines.extend(entries(recorded))
    shown = [line for line in lines if not (cut.as_of and line.occurred_at > cut.as_of)]
    return Replay(incident=view(incident_id, incident, position), timeline=in_order(shown))


async def board_at(store: EventStore, views: Views, wanted: Filter, cut: Cut) -> list[IncidentView]:
    """The board as of another time: candidates from the read model, their state from the log."""
    at = min(time for time in (cut.as_of, cut.known_at) if time is not None)
    found: list[IncidentView] = []
    for incident_id in await views.started_before(at, wanted):
        shown = (await replay(store, incident_id, cut)).incident
        if shown is not None and matches(shown, wanted):
            found.append(shown)
            if len(found) == wanted.limit:
                break
    return found


def matches(shown: IncidentView, wanted: Filter) -> bool:
    """Whether an incident is among those asked for."""
    statuses = wanted.statuses
    return (not statuses or _is_one_of(shown, statuses)) and (
        not wanted.severities or shown.severity.value in wanted.severities
    )


def _is_one_of(shown: IncidentView, statuses: Sequence[str]) -> bool:
    open_ = shown.status_category in {"triage", "live"}
    return (
        shown.status in statuses
        or shown.status_category in statuses
        or ("open" in statuses and open_)
    )
