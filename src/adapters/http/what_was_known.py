"""What was known of an incident at a time, over HTTP: a page, or JSON."""

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.handed_out import handed_out
from adapters.http.queries import Time
from adapters.known_page import KNOWN_PAGE
from handlers.entrance.service import Service
from handlers.queries.parameters import cut_of, only_one_of
from projections.incident.known_then import KNOWN_THEN, KnownThen

FORMS = ("json", "html")
As = Annotated[str, QueryParameter(name="format", required=False, description="`json` or `html`.")]


@get(
    "/v1/incidents/{ref:str}/known",
    operation_id="get_known_then",
    tags=["queries"],
    summary="What was known then",
)
async def known_at_a_time(
    request: Request[Any, Any, Any],
    service: NamedDependency[Service],
    ref: FromPath[str],
    form: As = "json",
    as_of: Time = None,
    known_at: Time = None,
) -> Response[KnownThen]:
    """What was known of an incident at `known_at`, beside what is known now: its state, hypotheses,
    who had been told, the timeline as it was on record, and what was learnt later.
    """
    wanted = only_one_of([form], "format", FORMS)
    cut = cut_of(as_of, known_at)
    page = await service.ask(KNOWN_THEN, {}, request.state.viewer, ref=ref, cut=cut)
    if wanted == "json":
        return Response(page.answer)
    return handed_out(KNOWN_PAGE, page.answer)
