"""The events of an incident over HTTP, and what all questions have in common; the others are
resources of read models.
"""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent

from adapters.http.event_stream import follow_events, page_of_events, read_last_seen
from adapters.http.followers import SEAT, seated
from adapters.http.links import link_to_next
from domain.access.grants import Permission
from domain.access.principal import Principal
from domain.incident import INCIDENT
from domain.kernel.commit import Event, Recorded
from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.access.gate import Gate
from handlers.entrance.service import Service
from projections.read_model import POSITION_MAX

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


class Queries(Controller):
    """What is asked of the log itself."""

    path = "/v1"
    tags = ["queries"]  # noqa: RUF012 - Litestar's way

    @get("/incidents/{ref:str}/events", operation_id="follow_events", middleware=[seated])
    async def events(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        after: Annotated[int, QueryParameter(ge=0, le=POSITION_MAX)] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=1_000)] = 1_000,
    ) -> Response[Any]:
        """The events of an incident as they are in the log: a JSON list, or a live stream with
        `Accept: text/event-stream`, which a `Last-Event-ID` resumes. A page of the list ends with
        the commit that brings it to `limit`; where there are more, a `Link` leads to the next.
        """
        viewer: Viewer = request.state.viewer
        incident_id = await service.find(INCIDENT, ref, viewer)
        stream = INCIDENT.stream(incident_id)
        commits = await service.read(stream, viewer)
        if not commits:
            raise INCIDENT.unknown(ref)
        if "text/event-stream" not in request.headers.get("accept", ""):
            behind = [commit for commit in commits if commit.position > after]
            page, last_one = page_of_events(behind, limit)
            links = {} if last_one is None else link_to_next(request, "after", last_one)
            return Response(page, headers=links)
        last = read_last_seen(request.headers.get("last-event-id", "")) or (after + 1, -1)
        gate, follower = request.app.state.gate, request.state.principal
        request.app.state.followers.admit(follower.name)
        request.state[SEAT] = follower.name
        admitted = partial(gate.still_admits, follower, Permission.INCIDENTS_READ)
        sees = partial(_still_sees, service, gate, follower, incident_id)
        followed = follow_events(service.feed, stream, last, admitted, sees)
        return ServerSentEvent(followed, headers={"Cache-Control": "no-store"})


async def _still_sees(
    service: Service,
    gate: Gate,
    follower: Principal,
    incident_id: str,
    news: Sequence[Recorded[Event]],
) -> frozenset[str] | None:
    """Whether whoever follows an incident may see it now: None if not, else which others that the
    news link to are hidden. Raises `Unavailable`.
    """
    known = gate.now_known(follower)
    if known is None:
        return None
    viewer = await service.sights.viewer_of(known)
    try:
        await service.find(INCIDENT, incident_id, viewer)
    except Refused:
        return None
    return await service.sights.hidden_links(news, viewer)
