"""Lists for services in Python, typed, over HTTP: however many pages there are, they are followed.

async with lists_over_http("http://…") as lists:
    async for incident in lists.incidents(status=("open",)):
        ...
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any

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
from projections.outbox.deliveries import Delivery


class Lists:
    """What can be listed. Each raises `Refused` and `Unavailable`; who stops early asks for no more
    pages.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def incidents(
        self,
        *,
        status: Sequence[str] = (),
        severity: Sequence[str] = (),
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> AsyncIterator[IncidentShown]:
        """Incidents, newest first, now or at another time."""
        query = {"status": list(status), "severity": list(severity), **_at(as_of, known_at)}
        async for page in self._pages("/v1/incidents", query, IncidentList):
            for incident in page.incidents:
                yield incident

    async def timeline(
        self, ref: str, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> AsyncIterator[Entry]:
        """What happened, by when it happened."""
        path = f"/v1/incidents/{ref}/timeline"
        async for page in self._pages(path, _at(as_of, known_at), TimelineOf):
            for entry in page.entries:
                yield entry

    async def deliveries(
        self, ref: str | None = None, *, plural: str = "incidents"
    ) -> AsyncIterator[Delivery]:
        """Who was told what about an incident, or another one of those that go by this `plural`,
        the latest change first; without a `ref`, about anything.
        """
        path = "/v1/deliveries" if ref is None else f"/v1/{plural}/{ref}/deliveries"
        async for page in self._pages(path, {}, list[Delivery]):
            for delivery in page:
                yield delivery

    async def due(self) -> AsyncIterator[DueOf]:
        """What is due in all incidents, the soonest first."""
        async for page in self._pages("/v1/due", {}, list[DueOf]):
            for due in page:
                yield due

    async def backlog(self) -> AsyncIterator[BacklogItem]:
        """What waits for triage, the most severe and oldest first."""
        async for page in self._pages("/v1/backlog", {}, list[BacklogItem]):
            for item in page:
                yield item

    async def signals(self, *, all_: bool = False) -> AsyncIterator[ListedSignal]:
        """Alerts that opened nothing, or all, the latest first."""
        async for page in self._pages("/v1/signals", {"all": all_}, list[ListedSignal]):
            for signal in page:
                yield signal

    async def people(self, *, team: str | None = None) -> AsyncIterator[ListedPerson]:
        """People, or those of a team, by slug."""
        async for page in self._pages("/v1/people", _given(team=team), list[ListedPerson]):
            for person in page:
                yield person

    async def teams(self, *, member: str | None = None) -> AsyncIterator[ListedTeam]:
        """Teams, or those with a member, by slug."""
        async for page in self._pages("/v1/teams", _given(member=member), list[ListedTeam]):
            for team in page:
                yield team

    async def services(
        self, *, owner: str | None = None, tier: int | None = None
    ) -> AsyncIterator[ListedService]:
        """Services, or those of an owner (`team:payments`) or a tier, by slug."""
        query = _given(owner=owner, tier=tier)
        async for page in self._pages("/v1/services", query, list[ListedService]):
            for service in page:
                yield service

    async def postmortems(
        self, *, incident: str | None = None, status: str | None = None
    ) -> AsyncIterator[PostmortemRow]:
        """Post-mortems, or that of an incident, or those in a status, newest first."""
        query = _given(incident=incident, status=status)
        async for page in self._pages("/v1/postmortems", query, list[PostmortemRow]):
            for postmortem in page:
                yield postmortem

    async def action_items(
        self,
        *,
        status: Sequence[str] = (),
        owner: str | None = None,
        postmortem: str | None = None,
        incident: str | None = None,
    ) -> AsyncIterator[ActionItemLine]:
        """Action items, those that are due first before the others."""
        query = _given(owner=owner, postmortem=postmortem, incident=incident)
        query |= {"status": list(status)}
        async for page in self._pages("/v1/action-items", query, list[ActionItemLine]):
            for item in page:
                yield item

    async def interviews(self, *, postmortem: str | None = None) -> AsyncIterator[InterviewLine]:
        """Notes of interviews that you may read, or those of a post-mortem, the oldest first."""
        query = _given(postmortem=postmortem)
        async for page in self._pages("/v1/interviews", query, list[InterviewLine]):
            for interview in page:
                yield interview

    async def search(self, q: str, *, kind: Sequence[str] = ()) -> AsyncIterator[SearchHit]:
        """What has all these words, the best first."""
        query = {"q": q, "kind": list(kind), "limit": 100}
        async for page in self._pages("/v1/search", query, SearchResult):
            for hit in page.hits:
                yield hit

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


def _given(**query: Any) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}


def _at(as_of: datetime | None, known_at: datetime | None) -> dict[str, str]:
    given = {"as_of": as_of, "known_at": known_at}
    return {name: at.isoformat() for name, at in given.items() if at is not None}


@asynccontextmanager
async def lists_over_http(url: str, token: str | None = None) -> AsyncIterator[Lists]:
    """Lists of the service at this address; `token` as with `over_http`."""
    shown = authorization(token)
    async with httpx2.AsyncClient(base_url=url, timeout=TIMEOUT_S, headers=shown) as http:
        yield Lists(http)
