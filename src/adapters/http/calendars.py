"""Calendars of who is on call, by secret addresses that phones subscribe to.

An address is shown once. Whoever has it reads that one calendar and nothing else, so it is made
anew where it leaked, and ended where it is not needed. One that is not good is answered as one that
never was.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from adapters.http.authentication import address_of, rates_of
from adapters.http.commands import sender_of
from adapters.http.problems import ProblemError
from adapters.http.rates import origin_of, too_many_strangers
from adapters.http.tokens import NOT_KEPT
from adapters.schedule_documents.duty_calendar import duty_calendar
from domain.access.feeds import Feed
from domain.access.grants import Permission
from domain.directory import PERSON, TEAM
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.oncall.scheduling import SCHEDULE
from domain.sight import PUBLIC
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.entrance.duty_calendar import duty_calendar_of
from handlers.entrance.service import Service
from projections.past import NOW

Kind = Literal["schedule", "team", "person"]
KINDS: dict[str, AnyAggregate] = {"schedule": SCHEDULE, "team": TEAM, "person": PERSON}
PATH = "/v1/calendars"
OPEN = "the secret in the address is the proof"
CACHED = {"Cache-Control": "private, max-age=300"}
_UNKNOWN = ("feed.not_found", "there is no such calendar")

Of = Annotated[
    str,
    QueryParameter(description="`schedule:payments`, `team:checkout` or `person:ada`."),
]


class NewCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """The address of a calendar, which nobody tells again. `url` is whole where the service knows
    its own address (`public_url`).
    """

    id: str
    of: str
    url: str


class ListedCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar without its address: what it is `of`, and whose."""

    id: str
    of: str
    name: str
    made_at: datetime


class CalendarDesk(NamedTuple):
    """What the routes stand on."""

    gate: Gate
    keeper: AccessKeeper
    clock: Callable[[], datetime]
    public_url: Callable[[], str | None]


def calendar_routes(desk: CalendarDesk) -> list[Any]:
    """`/v1/calendars`, `/v1/calendars/{id}/revoke` and `/v1/calendars/{secret}.ics`."""
    return [_make(desk), _list(desk), _revoke(desk), _read(desk)]


def _make(desk: CalendarDesk) -> Any:
    @post(PATH, operation_id="make_calendar", tags=["on-call"])
    async def make(
        request: Request[Any, Any, Any], service: NamedDependency[Service], of: Of
    ) -> Response[NewCalendar]:
        """Make the address of a calendar of a schedule, a team or a person. The one that you had of
        it is worth nothing any more; those of others stay.
        """
        kind, _, ref = of.partition(":")
        if kind not in KINDS or not ref:
            raise Refused(
                "query.invalid",
                f"{of!r} is nothing that has a calendar",
                field="of",
                rule="schedule:SLUG, team:SLUG or person:SLUG",
                invalid=True,
            )
        shown = await service.show(KINDS[kind], ref, NOW, request.state.viewer)
        principal = request.state.principal
        made, secret = await desk.keeper.make_feed(
            sender_of(request, None), principal, f"{kind}:{shown.id}"
        )
        base = (desk.public_url() or "").rstrip("/")
        found = NewCalendar(id=made.id, of=made.of, url=f"{base}{PATH}/{secret}.ics")
        return Response(found, status_code=201, headers=NOT_KEPT)

    return make


def _list(desk: CalendarDesk) -> Any:
    @get(PATH, operation_id="list_calendars", tags=["on-call"])
    async def calendars(request: Request[Any, Any, Any]) -> Response[list[ListedCalendar]]:
        """The calendars that you have an address of, without it; all of them for administrators."""
        await desk.gate.refresh()
        principal = request.state.principal
        everybody = principal.may(Permission.ACCESS_MANAGE)
        found = [
            _listed(each)
            for each in desk.gate.register.feeds.values()
            if everybody or each.name == principal.name
        ]
        return Response(found, headers=NOT_KEPT)

    return calendars


def _revoke(desk: CalendarDesk) -> Any:
    @post(
        PATH + "/{which:str}/revoke",
        operation_id="revoke_calendar",
        status_code=200,
        tags=["on-call"],
    )
    async def revoke(
        request: Request[Any, Any, Any], which: FromPath[str]
    ) -> Response[list[ListedCalendar]]:
        """End the address of a calendar of yours, by its id; administrators end anybody's."""
        principal = request.state.principal
        name = None if principal.may(Permission.ACCESS_MANAGE) else principal.name
        ended = await desk.keeper.end_feed(sender_of(request, None), which, name)
        return Response([_listed(ended)], headers=NOT_KEPT)

    return revoke


def _read(desk: CalendarDesk) -> Any:
    @get(
        PATH + "/{file:str}",
        operation_id="read_calendar",
        tags=["on-call"],
        opt={"open": OPEN},
        media_type="text/calendar",
    )
    async def read(
        request: Request[Any, Any, Any], service: NamedDependency[Service], file: FromPath[str]
    ) -> Response[bytes]:
        """A calendar (iCalendar), by the address that was made for it: four weeks back and half a
        year ahead.
        """
        strangers, origin = rates_of(request).strangers, origin_of(address_of(request))
        if wait_s := strangers.wait_s(origin):
            raise too_many_strangers(wait_s, _UNKNOWN[1])
        feed = await _feed(desk, file.removesuffix(".ics"))
        if feed is None:
            strangers.admit(origin)
            raise ProblemError(404, *_UNKNOWN, field="file")
        found = await duty_calendar_of(service, feed.of, PUBLIC, desk.clock())
        content = duty_calendar(found).encode()
        return Response(content, media_type="text/calendar", headers=CACHED)

    return read


async def _feed(desk: CalendarDesk, secret: str) -> Feed | None:
    """The one of this secret, which may just have been made elsewhere; None for one of somebody
    who has left, too.
    """
    digest = sha256(secret.encode()).hexdigest()
    feed = desk.gate.register.feeds.get(digest)
    if feed is None:
        await desk.gate.refresh()
        feed = desk.gate.register.feeds.get(digest)
    if feed is not None and feed.person is not None and desk.gate.has_left(feed.person):
        return None
    return feed


def _listed(feed: Feed) -> ListedCalendar:
    return ListedCalendar(id=feed.id, of=feed.of, name=feed.name, made_at=feed.made_at)
