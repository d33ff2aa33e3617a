"""Questions over HTTP. Read models answer; `as_of` and `known_at` are answered from the log."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import ServerSentEvent

from adapters.http.event_stream import follow_events, list_events, read_last_seen
from domain.incident import INCIDENT
from domain.incident.view import IncidentView
from domain.kernel.refusal import Refused
from domain.policy import Severity
from handlers.entrance.service import Service
from handlers.queries.durations import summarise_durations
from handlers.queries.incidents import (
    list_incidents,
    replay_incident,
    show_incident,
    tell_timeline,
)
from handlers.queries.parameters import GROUPINGS, STATUSES, cut_of, one_of, period_of
from projections.incident.board import IncidentFilter
from projections.incident.statistics import Statistics
from projections.incident.timeline import Entry
from projections.outbox.deliveries import DELIVERIES_OF, Delivery

POSITION_MAX = 2**53 - 1  # JSON readers keep integers up to here

MinPosition = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=POSITION_MAX,
        name="min_position",
        required=False,
        description="Wait (at most 5 s) until the read model shows this position.",
    ),
]
Time = Annotated[str | None, QueryParameter(required=False, description="RFC 3339 with a zone.")]


class IncidentList(msgspec.Struct, frozen=True, kw_only=True):
    """Incidents, newest first; `before` is the number to ask for the next page with."""

    incidents: list[IncidentView]
    before: int | None


class TimelineOf(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, by when it happened and then by the log."""

    id: str
    reference: str | None
    entries: list[Entry]


class Queries(Controller):
    """Everything that can be asked."""

    path = "/v1"
    tags = ["queries"]  # noqa: RUF012 - Litestar's way

    @get("/incidents", operation_id="list_incidents")
    async def incidents(  # noqa: PLR0913, PLR0917 - the parameters of a query
        self,
        service: NamedDependency[Service],
        status: FromQuery[list[str] | None] = None,
        severity: FromQuery[list[str] | None] = None,
        as_of: Time = None,
        known_at: Time = None,
        limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 100,
        before: Annotated[int | None, QueryParameter(ge=0, le=POSITION_MAX, required=False)] = None,
        min_position: MinPosition = None,
    ) -> IncidentList:
        """Incidents, newest first; those open now with `status=open`, those of another time with
        `as_of` (what had happened by then) or `known_at` (what we knew then).
        """
        wanted = IncidentFilter(
            statuses=one_of(status, "status", STATUSES),
            severities=one_of(severity, "severity", tuple(Severity)),
            limit=limit,
            before=before,
        )
        cut = cut_of(as_of, known_at)
        await service.reach("board", min_position)
        found = await list_incidents(service.store, service.read_models, wanted, cut)
        last = int(found[-1].reference.removeprefix("INC-")) if len(found) == limit else None
        return IncidentList(incidents=found, before=last)

    @get("/incidents/{ref:str}", operation_id="get_incident")
    async def incident(
        self,
        service: NamedDependency[Service],
        ref: FromPath[str],
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> IncidentView:
        """One incident as it stands, or stood."""
        incident_id = await service.executor.find(INCIDENT, ref)
        cut = cut_of(as_of, known_at)
        if cut:
            shown = (await replay_incident(service.store, incident_id, cut)).shown
        else:
            await service.reach("board", min_position)
            shown = await show_incident(service.read_models, incident_id)
        if shown is None:
            raise INCIDENT.unknown(ref)
        return shown

    @get("/incidents/{ref:str}/timeline", operation_id="get_timeline")
    async def timeline(
        self,
        service: NamedDependency[Service],
        ref: FromPath[str],
        as_of: Time = None,
        known_at: Time = None,
        min_position: MinPosition = None,
    ) -> TimelineOf:
        """The timeline of an incident."""
        incident_id = await service.executor.find(INCIDENT, ref)
        cut = cut_of(as_of, known_at)
        if cut:
            replayed = await replay_incident(service.store, incident_id, cut)
            entries, shown = replayed.timeline, replayed.shown
        else:
            await service.reach("timeline", min_position)
            await service.reach("board", min_position)
            entries = await tell_timeline(service.read_models, incident_id)
            shown = await show_incident(service.read_models, incident_id)
            if shown is None:
                raise INCIDENT.unknown(ref)
        reference = shown.reference if shown else None
        return TimelineOf(id=incident_id, reference=reference, entries=entries)

    @get("/incidents/{ref:str}/deliveries", operation_id="list_deliveries")
    async def deliveries(
        self, service: NamedDependency[Service], ref: FromPath[str]
    ) -> list[Delivery]:
        """Who was told what about an incident, through which channel, with what result."""
        incident_id = await service.executor.find(INCIDENT, ref)
        found = await service.read_models.ask(DELIVERIES_OF, incident_id=incident_id)
        if not found and not await service.store.load(INCIDENT.stream(incident_id)):
            raise INCIDENT.unknown(ref)
        return found

    @get("/incidents/{ref:str}/events", operation_id="follow_events")
    async def events(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        after: Annotated[int, QueryParameter(ge=0, le=POSITION_MAX)] = 0,
    ) -> Response[Any]:
        """The events of an incident as they are in the log: a JSON list, or a live stream with
        `Accept: text/event-stream`, which a `Last-Event-ID` resumes.
        """
        incident_id = await service.executor.find(INCIDENT, ref)
        stream = INCIDENT.stream(incident_id)
        commits = await service.store.load(stream)
        if not commits:
            raise INCIDENT.unknown(ref)
        if "text/event-stream" not in request.headers.get("accept", ""):
            behind = [commit for commit in commits if commit.position > after]
            return Response([event for commit in behind for event in list_events(commit)])
        last = read_last_seen(request.headers.get("last-event-id", "")) or (after + 1, -1)
        return ServerSentEvent(follow_events(service.feed, stream, last))

    @get("/statistics", operation_id="get_statistics")
    async def statistics(
        self,
        service: NamedDependency[Service],
        since: Annotated[str | None, QueryParameter(name="from", required=False)] = None,
        until: Annotated[str | None, QueryParameter(name="to", required=False)] = None,
        by: FromQuery[list[str] | None] = None,
        min_position: MinPosition = None,
    ) -> Statistics:
        """Durations between milestones over the incidents that began in [from, to)."""
        grouping, *others = one_of(by, "by", GROUPINGS) or ("all",)
        if others:
            raise Refused("query.invalid", "by: one grouping at a time", field="by", rule="once")
        begin, end = period_of(since, until)
        await service.reach("statistics", min_position)
        return await summarise_durations(service.read_models, begin, end, grouping)
