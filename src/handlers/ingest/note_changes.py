"""Changes of systems on the timelines of incidents: those that go on when a change is heard of, and
as an incident begins, the changes made shortly before.

Follows the log, so that it does not matter which of both came first, which instance took it, or
whether a read model was out of reach just then. Each line has an id that follows from the change,
so that it is written once.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from domain.alerting import CHANGES, ChangeReported
from domain.incident import INCIDENT, Incident
from domain.incident.changes import CHANGES_MAX, is_of, is_within, period
from domain.incident.commands import NoteChange
from domain.incident.events import Declared
from domain.incident.state import LIVE, OPEN, Closed
from domain.incident.system_change import SystemChange
from domain.incident.told_together import is_told_together
from domain.incident.view import IncidentView
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.sight import PUBLIC, SERVICE
from handlers.consumers import Consumer, StreamMessage
from handlers.ingest.routing_context import id_of
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.queries.read_models import ReadModels
from projections.alerting.changes import ANY_CHANGE, CHANGES_WITHIN
from projections.alerting.changes import CHANGES as CHANGES_MADE
from projections.incident.board import BOARD
from projections.incident.incident_list import LIST_INCIDENTS

if TYPE_CHECKING:
    from handlers.messaging import Broker

log = structlog.get_logger(__name__)

CONSUMER = Consumer("EVENTS", CHANGES.stream("*"), "changes", from_now=True)
LATEST_MAX = 200
"""So many incidents, the latest, are looked at for one that a change may have to do with."""
INCIDENTS_MAX = 50
"""On so many timelines does one change stand."""
REMEMBERED_MAX = 10_000
REACH_S = 5.0
NONE_FOR = timedelta(seconds=5)
"""So long it is taken for granted that there are no changes, where there never was one."""


class ChangeNotes:
    """Writes changes on timelines. Everything may be repeated without harm, and raises
    `Unavailable`.
    """

    def __init__(
        self,
        executor: Executor,
        store: EventStore,
        read_models: ReadModels,
        clock: Callable[[], datetime],
    ) -> None:
        self._executor = executor
        self._store = store
        self._read_models = read_models
        self._clock = clock
        self._begun: OrderedDict[str, None] = OrderedDict()
        self._none_until: datetime | None = None

    async def hear(self, message: StreamMessage) -> None:
        """A change was put on record."""
        self._none_until = None
        await self.on_change(message.subject, message.position)

    async def begin(self) -> None:
        """Of incidents that go on, it is not known whether they were heard of before."""
        for each in await self._latest():
            if each.status_category in OPEN:
                await self.on_beginning(each.id, each.position)

    async def follow(self, stream: str, commits: Sequence[Recorded[Event]]) -> None:
        """Something was written to the log of an incident. A declaration may name other services,
        and an earlier beginning, than the alerts before it.
        """
        _, _, id_ = stream.partition(".")
        if id_ not in self._begun or any(map(_declares, commits)):
            await self.on_beginning(id_, commits[-1].position)
            self._begun[id_] = None
            while len(self._begun) > REMEMBERED_MAX:
                self._begun.popitem(last=False)

    async def on_change(self, stream: str, position: int) -> None:
        """A change was put on record at a position of the log."""
        recorded = await self._store.commit_at(stream, position)
        if recorded is not None and recorded.unreadable is None:
            for event in recorded.commit.events:
                if isinstance(event, ChangeReported):
                    await self._spread(event.change, event.occurred_at, position)

    async def on_beginning(self, incident_id: str, position: int) -> None:
        """An incident has begun, or was declared; changes are on record up to a position."""
        if not INCIDENT.names_one(incident_id) or not await self._any_change(position):
            return
        incident: Incident = await self._executor.state(INCIDENT, incident_id)
        if not isinstance(incident, (*LIVE, Closed)) or is_told_together(incident):
            return
        asked = period(incident.facts.milestones)
        if asked is None:
            return
        since, until = asked[0], asked[1] or self._clock() + timedelta(minutes=1)
        made = await self._read_models.ask(
            SERVICE, CHANGES_WITHIN, since=since, until=until, limit=CHANGES_MAX
        )
        services = incident.facts.about.services
        unnamed = any(each.change.service is None for each in made)
        known = _services_of(await self._latest()) if unnamed else set[str]()
        for each in made:
            if is_of(each.change, services, known):
                await self._note(each.change, each.at, incident_id)

    async def _spread(self, change: SystemChange, at: datetime, position: int) -> None:
        await self._read_models.reach(BOARD.name, position, REACH_S)
        shown = await self._latest()
        known = _services_of(shown)
        found = [each for each in shown if _takes(each, at) and is_of(change, each.services, known)]
        for each in found[:INCIDENTS_MAX]:
            state: Incident = await self._executor.state(INCIDENT, each.id)
            if not is_told_together(state):
                await self._note(change, at, each.id)

    async def _any_change(self, position: int) -> bool:
        """Whether anybody tells us of changes. In a storm that is not asked of each incident."""
        if self._none_until is not None and self._clock() < self._none_until:
            return False
        await self._read_models.reach(CHANGES_MADE.name, position, REACH_S)
        found = await self._read_models.ask(SERVICE, ANY_CHANGE)
        self._none_until = None if found else self._clock() + NONE_FOR
        return bool(found)

    async def _latest(self) -> Sequence[IncidentView]:
        return await self._read_models.ask(SERVICE, LIST_INCIDENTS, limit=LATEST_MAX)

    async def _note(self, change: SystemChange, at: datetime, incident_id: str) -> None:
        meta = Meta(
            command_id=id_of("change", change.id, incident_id),
            actor=f"source:{change.source}",
            correlation_id=f"change.{change.id}",
        )
        command = NoteChange(occurred_at=at, change=change)
        try:
            outcome = await self._executor.run(INCIDENT, incident_id, command, meta)
        except Refused as refused:  # its history cannot be read in full, say
            log.warning("change.not_noted", incident=incident_id, reason=refused.detail)
            return
        if not INCIDENT.hides(outcome.state, PUBLIC):
            log.info("change.noted", incident=incident_id, outcome=outcome.outcome)


def _services_of(shown: Iterable[IncidentView]) -> set[str]:
    return {service for each in shown for service in each.services}


def _declares(recorded: Recorded[Event]) -> bool:
    return recorded.unreadable is None and any(
        isinstance(event, Declared) for event in recorded.commit.events
    )


def _takes(incident: IncidentView, at: datetime) -> bool:
    """Whether a change that is heard of now belongs there: what goes on takes any; what is over,
    what was made in its time.
    """
    if incident.is_going_on:
        return True
    return (
        incident.status_category == "closed"
        and incident.status == "resolved"
        and is_within(at, incident.milestones)
    )


def subscribe(broker: "Broker", notes: ChangeNotes) -> None:
    """Let the broker tell of changes once it is started."""
    from handlers.messaging import consume  # noqa: PLC0415 - who only asks needs no FastStream

    consume(broker, CONSUMER, notes.hear)
