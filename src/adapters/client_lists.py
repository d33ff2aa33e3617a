"""Lists for services in Python, typed, over HTTP: however many pages there are, they are followed.

async with lists_over_http("http://…") as lists:
    async for incident in lists.incidents(status=("open",)):
        ...
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import httpx2
import msgspec

from adapters.client import TIMEOUT_S, authorization, failure, retried
from domain.learning.action_item.item import ActionItemLine
from domain.learning.interview.interview_notes import InterviewLine
from handlers.kernel.ports import Unavailable
from projections.alerting.routes import ListedSignal
from projections.directory.lists import ListedPerson, ListedService, ListedTeam
from projections.incident.backlog import BacklogItem
from projections.incident.due import DueOf
from projections.incident.incident_list import IncidentList
from projections.incident.lines import Entry
from projections.incident.shown import IncidentShown
from projections.incident.timeline import TimelineOf
from projections.knowledge.search import SearchHit, SearchResult
from projections.learning.postmortems import PostmortemRow
from projections.oncall.schedules import ListedSchedule
from projections.outbox.deliveries import Delivery

P = TypeVar("P")
T = TypeVar("T")


class Lists:
    """What can be listed, each with all that may be asked for of it. Each raises `Refused` and
    `Unavailable`; who stops early asks for no more pages.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    def incidents(
        self,
        *,
        status: Sequence[str] = (),
        severity: Sequence[str] = (),
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> AsyncIterator[IncidentShown]:
        """Incidents, newest first, now or at another time."""
        return self._within(
            "/v1/incidents",
            IncidentList,
            lambda page: page.incidents,
            status=status,
            severity=severity,
            as_of=as_of,
            known_at=known_at,
        )

    def timeline(
        self, ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> AsyncIterator[Entry]:
        """What happened, by when it happened."""
        return self._within(
            f"/v1/incidents/{ref}/timeline",
            TimelineOf,
            lambda page: page.entries,
            as_of=as_of,
            known_at=known_at,
        )

    def deliveries(
        self, ref: str | None = None, *, plural: str = "incidents"
    ) -> AsyncIterator[Delivery]:
        """Who was told what about an incident, or another one of those that go by this `plural`,
        the latest change first; without a `ref`, about anything.
        """
        path = "/v1/deliveries" if ref is None else f"/v1/{plural}/{ref}/deliveries"
        return self._all(path, Delivery)

    def deliveries_where(
        self,
        *,
        aggregate: str | None = None,
        id_: str | None = None,
        status: str | None = None,
        channel: str | None = None,
    ) -> AsyncIterator[Delivery]:
        """Those in a status, of a channel, or about one or all of an aggregate."""
        return self._all(
            "/v1/deliveries", Delivery, aggregate=aggregate, id=id_, status=status, channel=channel
        )

    def due(self, *, until: datetime | None = None) -> AsyncIterator[DueOf]:
        """What is due in all incidents, or until then, the soonest first."""
        return self._all("/v1/due", DueOf, until=until)

    def backlog(self) -> AsyncIterator[BacklogItem]:
        """What waits for triage, the most severe and oldest first."""
        return self._all("/v1/backlog", BacklogItem)

    def signals(self, *, all_: bool = False) -> AsyncIterator[ListedSignal]:
        """Alerts that opened nothing, or all, the latest first."""
        return self._all("/v1/signals", ListedSignal, all=all_)

    def quarantine(self, *, all_: bool = False) -> AsyncIterator[dict[str, Any]]:
        """What could not be understood and waits for somebody, or all of it."""
        return self._all("/v1/quarantine", dict[str, Any], all=all_)

    def people(
        self, *, active: bool | None = None, team: str | None = None
    ) -> AsyncIterator[ListedPerson]:
        """People, or those of a team, by slug."""
        return self._all("/v1/people", ListedPerson, active=active, team=team)

    def teams(
        self, *, active: bool | None = None, member: str | None = None
    ) -> AsyncIterator[ListedTeam]:
        """Teams, or those with a member, by slug."""
        return self._all("/v1/teams", ListedTeam, active=active, member=member)

    def schedules(
        self, *, active: bool | None = None, team: str | None = None, person: str | None = None
    ) -> AsyncIterator[ListedSchedule]:
        """Schedules: active ones or not, those of a team, those with a person, by slug."""
        return self._all("/v1/schedules", ListedSchedule, active=active, team=team, person=person)

    def services(
        self, *, owner: str | None = None, tier: int | None = None, lifecycle: str | None = None
    ) -> AsyncIterator[ListedService]:
        """Services, or those of an owner (`team:payments`), a tier or a lifecycle, by slug."""
        return self._all("/v1/services", ListedService, owner=owner, tier=tier, lifecycle=lifecycle)

    def postmortems(
        self,
        *,
        incident: str | None = None,
        status: str | None = None,
        author: str | None = None,
        overdue: bool = False,
    ) -> AsyncIterator[PostmortemRow]:
        """Post-mortems, or that of an incident, or those in a status, newest first."""
        return self._all(
            "/v1/postmortems",
            PostmortemRow,
            incident=incident,
            status=status,
            author=author,
            overdue=overdue,
        )

    def action_items(  # noqa: PLR0913 - by what items are chosen
        self,
        *,
        status: Sequence[str] = (),
        owner: str | None = None,
        kind: str | None = None,
        priority: Sequence[str] = (),
        postmortem: str | None = None,
        incident: str | None = None,
        overdue: bool = False,
    ) -> AsyncIterator[ActionItemLine]:
        """Action items, those that are due first before the others."""
        return self._all(
            "/v1/action-items",
            ActionItemLine,
            status=status,
            owner=owner,
            kind=kind,
            priority=priority,
            postmortem=postmortem,
            incident=incident,
            overdue=overdue,
        )

    def interviews(self, *, postmortem: str | None = None) -> AsyncIterator[InterviewLine]:
        """Notes of interviews that you may read, or those of a post-mortem, the oldest first."""
        return self._all("/v1/interviews", InterviewLine, postmortem=postmortem)

    def search(self, q: str, *, kind: Sequence[str] = ()) -> AsyncIterator[SearchHit]:
        """What has all these words, the best first."""
        return self._within(
            "/v1/search", SearchResult, lambda page: page.hits, q=q, kind=kind, limit=100
        )

    def _all(self, path: str, kind: type[T], /, **query: Any) -> AsyncIterator[T]:
        """What is listed under a path, an array of these."""
        whole: Any = list[kind]  # type: ignore[valid-type]
        return self._within(path, whole, lambda page: page, **query)

    async def _within(
        self, path: str, kind: type[P], items: Callable[[P], Iterable[T]], /, **query: Any
    ) -> AsyncIterator[T]:
        """The items of all pages of this kind."""
        async for page in self._pages(path, _given(query), kind):
            for item in items(page):
                yield item

    async def _pages(self, path: str, query: Mapping[str, Any], kind: Any) -> AsyncIterator[Any]:
        decode = msgspec.json.Decoder(kind).decode
        reply = await retried(lambda: self._get(path, query))
        yield decode(reply.content)
        while address := reply.links.get("next", {}).get("url"):
            reply = await retried(partial(self._get, address, None))
            yield decode(reply.content)

    async def _get(self, address: str, query: Mapping[str, Any] | None) -> httpx2.Response:
        try:
            reply = await self._http.get(address, params=query)
        except httpx2.HTTPError as error:
            raise Unavailable(str(error)) from error
        if reply.is_success:
            return reply
        raise failure(reply.content, reply.status_code)


def _given(query: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that say something, as they are sent."""
    return {name: _sent(value) for name, value in query.items() if value not in (None, ())}


def _sent(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@asynccontextmanager
async def lists_over_http(url: str, token: str | None = None) -> AsyncIterator[Lists]:
    """Lists of the service at this address; `token` as with `over_http`."""
    shown = authorization(token)
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT_S, headers=shown) as http:
        yield Lists(http)
