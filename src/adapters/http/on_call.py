"""Who is on call over HTTP: shifts of a schedule, as is known now or was then; what it is like."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.body import read_command
from adapters.http.handed_out import handed_out
from adapters.http.queries import Time
from adapters.schedule_documents.rota_page import ROTA_PAGE, ROTA_PICTURE
from domain.oncall.load import OnCallLoad
from domain.oncall.review import RosterReview
from domain.oncall.scheduling.commands import ChangeSchedule
from domain.oncall.scheduling.difference import RotaDifference
from domain.oncall.scheduling.rota import OnCall
from handlers.entrance.duty_overview import DutyOverview, duty_overview
from handlers.entrance.on_call import (
    ListedShift,
    Window,
    on_call_of,
    review_in,
    shifts_in,
    window_of,
)
from handlers.entrance.on_call_load import load_window, on_call_load_of
from handlers.entrance.rota_picture import rota_picture
from handlers.entrance.schedule_preview import preview_of
from handlers.entrance.service import Service
from handlers.kernel.decoding import decode_body
from handlers.queries.parameters import time_of

From = Annotated[
    str | None,
    QueryParameter(name="from", required=False, description="RFC 3339 with a zone; now."),
]
To = Annotated[
    str | None,
    QueryParameter(name="to", required=False, description="RFC 3339 with a zone; four weeks on."),
]


Clock = Callable[[], datetime]


def on_call_routes(clock: Clock) -> list[Any]:
    """The routes about who is on call."""
    return [
        _overview(clock),
        _preview(clock),
        _shifts(clock),
        _on_call(clock),
        _review(clock),
        _picture(clock),
        _page(clock),
        _load(clock),
    ]


def _overview(clock: Clock) -> Any:
    @get("/v1/on-call", operation_id="get_duty_overview", tags=["on-call"])
    async def overview(
        request: Request[Any, Any, Any], service: NamedDependency[Service], at: Time = None
    ) -> DutyOverview:
        """Who is on call by each active schedule at a time (now), until when, and who is next; who
        has several at once; and who has turns in the eight weeks to come and is not known, has left
        or cannot be reached.
        """
        when = time_of(at, "at") or clock()
        return await duty_overview(service, request.state.viewer, when)

    return overview


def _preview(clock: Clock) -> Any:
    @post(
        "/v1/schedules/{ref:str}/preview_change",
        operation_id="preview_schedule_change",
        tags=["on-call"],
        status_code=200,
        opt={"body": ChangeSchedule},
    )
    async def preview(
        request: Request[Any, Any, Any], service: NamedDependency[Service], ref: FromPath[str]
    ) -> RotaDifference:
        """Who would gain and lose which hours in the 91 days to come by a change. The body is that
        of `change`; nothing is written.
        """
        command = decode_body(await read_command(request) or b"{}", ChangeSchedule)
        return await preview_of(service, ref, request.state.viewer, command, clock())

    return preview


def _shifts(clock: Clock) -> Any:
    @get("/v1/schedules/{ref:str}/shifts", operation_id="list_shifts", tags=["on-call"])
    async def shifts(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
        known_at: Time = None,
    ) -> list[ListedShift]:
        """Who is on call from when until when, without a pause: a gap is a shift of nobody. Of the
        past and of what is to come; with `known_at` as it was on record then.
        """
        window = _window(clock, since, until, known_at)
        return await shifts_in(service, ref, request.state.viewer, window)

    return shifts


def _on_call(clock: Clock) -> Any:
    @get("/v1/schedules/{ref:str}/on-call", operation_id="get_on_call", tags=["on-call"])
    async def on_call(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        at: Time = None,
        known_at: Time = None,
    ) -> OnCall:
        """Who is on call at a time (now), since when and until when, who learns beside them, and
        who is next; with `known_at` as it was on record then.
        """
        when = time_of(at, "at") or clock()
        known = time_of(known_at, "known_at")
        return await on_call_of(service, ref, request.state.viewer, when, known)

    return on_call


def _review(clock: Clock) -> Any:
    @get("/v1/schedules/{ref:str}/review", operation_id="get_schedule_review", tags=["on-call"])
    async def review(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
        known_at: Time = None,
    ) -> RosterReview:
        """How a schedule treats those who carry it: gaps, hours of each, and a score of 0 to 100
        with what lowers it.
        """
        window = _window(clock, since, until, known_at)
        return await review_in(service, ref, request.state.viewer, window)

    return review


def _picture(clock: Clock) -> Any:
    @get("/v1/schedules/{ref:str}/picture.svg", operation_id="get_rota_picture", tags=["on-call"])
    async def picture(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
        known_at: Time = None,
    ) -> Response[Any]:
        """The schedule as a picture (SVG): who is on call when, and the times that nobody has."""
        window = _window(clock, since, until, known_at)
        found = await rota_picture(service, ref, request.state.viewer, window)
        return handed_out(ROTA_PICTURE, found)

    return picture


def _page(clock: Clock) -> Any:
    @get("/v1/schedules/{ref:str}/picture", operation_id="get_rota_page", tags=["on-call"])
    async def page(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        ref: FromPath[str],
        since: From = None,
        until: To = None,
        known_at: Time = None,
    ) -> Response[Any]:
        """The same as a page (HTML), with a table of what the picture shows."""
        window = _window(clock, since, until, known_at)
        found = await rota_picture(service, ref, request.state.viewer, window)
        return handed_out(ROTA_PAGE, found)

    return page


def _load(clock: Clock) -> Any:
    @get("/v1/on-call/load", operation_id="get_on_call_load", tags=["on-call"])
    async def load(
        request: Request[Any, Any, Any],
        service: NamedDependency[Service],
        since: From = None,
        until: To = None,
    ) -> OnCallLoad:
        """What on-call asked of people in a window (the last four weeks): pages, nights and
        week-ends by each one's own clock, interruptions, time to acknowledge, hours, and how evenly
        it lies. Pages of drills and of private incidents are in no figure.
        """
        window = load_window(clock(), time_of(since, "from"), time_of(until, "to"))
        return await on_call_load_of(service, request.state.viewer, window)

    return load


def _window(clock: Clock, since: str | None, until: str | None, known_at: str | None) -> Window:
    times = time_of(since, "from"), time_of(until, "to"), time_of(known_at, "known_at")
    return window_of(clock(), *times)
