"""Documents of post-mortems over HTTP, and the invitation to the meeting."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.handed_out import handed_out
from adapters.http.queries import Time
from adapters.postmortem_documents.formats import FORMS, TIMELINE_PICTURE
from adapters.postmortem_documents.invitation import invitation
from adapters.postmortem_documents.public_document import PUBLIC_FORMS, public_document
from domain.learning import POSTMORTEM
from domain.learning.postmortem.curating import no_meeting
from handlers.entrance.postmortem_document import document_of, timeline_picture
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of, only_one_of
from projections.past import NOW

As = Annotated[
    str,
    QueryParameter(
        name="format", required=False, description="`markdown`, `html` (to be printed) or `json`."
    ),
]


class PostmortemDocuments(Controller):
    """What is read and printed."""

    path = "/v1/postmortems"
    tags = ["learning"]  # noqa: RUF012 - Litestar's way

    @get("/{ref:str}/document", operation_id="get_postmortem_document")
    async def document(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        form: As = "markdown",
        as_of: Time = None,
        known_at: Time = None,
    ) -> Response[Any]:
        """The post-mortem as a document, by the template of the brief, with its incident's timeline
        as curated and its action items.
        """
        wanted = FORMS[only_one_of([form], "format", tuple(FORMS))]
        found = await document_of(service, ref, request.state.viewer, cut_of(as_of, known_at))
        return handed_out(wanted, found)

    @get("/{ref:str}/public", operation_id="get_public_postmortem")
    async def public(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        form: As = "markdown",
        as_of: Time = None,
        known_at: Time = None,
    ) -> Response[Any]:
        """The public version of a post-mortem: as the public reads it, or as it is to be."""
        wanted = PUBLIC_FORMS[only_one_of([form], "format", tuple(PUBLIC_FORMS))]
        cut = cut_of(as_of, known_at)
        shown = await service.show(POSTMORTEM, ref, cut, request.state.viewer)
        return handed_out(wanted, public_document(shown))

    @get("/{ref:str}/meeting.ics", operation_id="get_postmortem_invitation")
    async def meeting(
        self, request: Request[Any, Any, Any], service: NamedDependency[Service], ref: FromPath[str]
    ) -> Response[Any]:
        """The meeting about it, as calendars read it."""
        shown = await service.show(POSTMORTEM, ref, NOW, request.state.viewer)
        address = service.executor.address(POSTMORTEM, shown.reference)
        found = invitation(shown, address)
        if found is None:
            raise no_meeting(shown.reference)
        return Response(found.encode(), media_type="text/calendar")


class TimelinePictures(Controller):
    """The timeline of an incident as a picture."""

    path = "/v1/incidents"
    tags = ["incidents"]  # noqa: RUF012 - Litestar's way

    @get("/{ref:str}/timeline.svg", operation_id="get_timeline_picture")
    async def picture(
        self,
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        as_of: Time = None,
        known_at: Time = None,
    ) -> Response[Any]:
        """The timeline as a picture (SVG): severities and phases as bands, and who was told when;
        now or as it was.
        """
        cut = cut_of(as_of, known_at)
        found = await timeline_picture(service, ref, request.state.viewer, cut)
        return handed_out(TIMELINE_PICTURE, found)
