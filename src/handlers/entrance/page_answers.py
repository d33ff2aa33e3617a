"""What people answer to a page through a product, and what the product says became of an attempt.

An answer names the page and the attempt that it is to; whom that was to is read off the page, so
whoever sends the answer cannot say to be somebody else, and one to another message is none.
"""

from enum import StrEnum
from functools import partial
from typing import NamedTuple

import msgspec
import structlog

from domain.kernel.refusal import Refused
from domain.paging import PAGE
from domain.paging.pages.events import AttemptOutcome
from domain.paging.pages.page_state import Attempt, Page, PageStatus
from domain.sight import SERVICE
from handlers.entrance.service import Service
from handlers.kernel.ports import Unavailable
from handlers.kernel.provenance import Caller
from handlers.queries.commits import in_turns
from projections.paging.page_rows import LIST_PAGES

log = structlog.get_logger(__name__)

NOT_NOW = "Not done, as far as is known: a server that this needs cannot be reached now."
DETAIL_CHARS = 500
OPEN = tuple(each for each in PageStatus if each is not PageStatus.ENDED)


class Verb(StrEnum):
    """What one may answer; each is a command of the page."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    RESOLVE = "resolve"


DONE = {
    Verb.ACKNOWLEDGE: "{page} is acknowledged: you have {incident} in hand.",
    Verb.ESCALATE: "{page} goes to the next level.",
    Verb.RESOLVE: "{page} pages nobody any more. {incident} goes on.",
}


class PagedPerson(NamedTuple):
    """An attempt of a page, by which somebody was paged."""

    page_id: str
    page: Page
    attempt: Attempt


class PageAnswers:
    """Carries answers out on behalf of those who were paged."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def asked(self, page_id: str, number: int) -> PagedPerson | None:
        """The attempt of this number, if that page has it, and it was to a person. Raises
        `Unavailable`.
        """
        page: Page = await self._service.executor.state(PAGE, page_id)
        attempt = page.attempt(number)
        if attempt is None or attempt.person is None:
            return None
        return PagedPerson(page_id, page, attempt)

    async def open_at(self, methods: frozenset[str], address: str) -> list[PagedPerson]:
        """The last attempt to this address by any of these methods, of each page that has not
        ended, the newest page first. Raises `Unavailable`.
        """
        found = []
        rows = await self._service.read_models.ask(SERVICE, LIST_PAGES, status=OPEN, limit=1_000)
        ids = [row.id for row in rows]
        pages = await in_turns(partial(self._service.executor.state, PAGE), ids)
        for page_id, page in zip(ids, pages, strict=True):
            here = [
                each
                for each in page.attempts
                if each.person and each.method in methods and each.address == address
            ]
            if here and page.status is not PageStatus.ENDED:
                found.append(PagedPerson(page_id, page, here[-1]))
        return found

    async def take(
        self, verb: Verb, asked: PagedPerson, through: str, key: str, correlation_id: str
    ) -> str:
        """Carry it out; what to tell whoever has answered."""
        fields: dict[str, object] = {"through": through} if verb is Verb.ACKNOWLEDGE else {}
        try:
            await self._send(asked, verb.value, fields, key, correlation_id)
        except Refused as refused:
            return f"Not done: {refused.detail}."
        except Unavailable:
            return f"{NOT_NOW} Answer again in a minute."
        page = asked.page
        return DONE[verb].format(page=page.reference, incident=page.reference_of_incident)

    async def report(
        self,
        asked: PagedPerson,
        outcome: AttemptOutcome,
        detail: str,
        key: str,
        correlation_id: str,
    ) -> None:
        """Put on record what became of an attempt. Raises `Unavailable`."""
        number, said = asked.attempt.number, detail[:DETAIL_CHARS].strip()
        fields: dict[str, object] = {"attempt": number, "outcome": outcome.value}
        fields |= {"detail": said} if said else {}
        try:
            await self._send(asked, "report_attempt", fields, key, correlation_id)
        except Refused as refused:  # it is over, or known better
            log.info("page.report_refused", page=asked.page_id, reason=refused.detail)

    async def _send(
        self,
        asked: PagedPerson,
        command: str,
        fields: dict[str, object],
        key: str,
        correlation_id: str,
    ) -> None:
        person = asked.attempt.person
        assert person is not None, "it was to a person"
        viewer = await self._service.sights.of_person(person)
        sender = Caller(correlation_id, viewer, key, person)
        body = msgspec.json.encode(fields)
        await self._service.send(PAGE, command, asked.page_id, body, sender)
