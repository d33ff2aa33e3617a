"""Where whoever was paged answers by the link of the message: `GET` shows, `POST` acts."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import structlog
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from adapters.browser.answer_pages import ANSWER_HEADERS, AnswerShown, answer_page
from adapters.http.authentication import address_of, rates_of
from adapters.http.body import read_body
from adapters.http.login_desk import FORM_BYTES_MAX, HTML
from adapters.http.problems import RETRY_AFTER_S
from adapters.http.rates import origin_of
from domain.kernel.text import clock
from domain.paging.pages.page_state import Page, PageStatus
from handlers.entrance.page_answers import PageAnswers, PagedPerson, Verb
from handlers.entrance.service import Service
from handlers.kernel.ports import Unavailable
from handlers.notify.answer_links import PATH, AnswerLinks

_PROVES = {"open": "the link is the right to answer"}
LABELS = (
    (Verb.ACKNOWLEDGE, "Acknowledge"),
    (Verb.ESCALATE, "Escalate to the next level"),
    (Verb.RESOLVE, "Page nobody any more"),
)
UNKNOWN = AnswerShown(
    "This link answers nothing",
    ("It is not one of this service, or not whole. Answer by another message, or log in.",),
)

log = structlog.get_logger(__name__)


def answer_routes(links: AnswerLinks, clock_now: Callable[[], datetime]) -> list[Any]:
    """`/answer/<token>`."""

    @get(PATH + "{token:str}", include_in_schema=False, opt=_PROVES)
    async def look(
        request: Request[Any, Any, Any], service: NamedDependency[Service], token: FromPath[str]
    ) -> Response[bytes]:
        async def show(asked: PagedPerson, _: PageAnswers) -> AnswerShown:
            return _shown(asked)

        return await _answered(request, service, (links, clock_now()), token, show)

    @post(PATH + "{token:str}", include_in_schema=False, status_code=200, opt=_PROVES)
    async def act(
        request: Request[Any, Any, Any], service: NamedDependency[Service], token: FromPath[str]
    ) -> Response[bytes]:
        verb = await _verb(request)

        async def take(asked: PagedPerson, answers: PageAnswers) -> AnswerShown:
            if verb is None:
                return _shown(asked)
            correlation_id = request.state.correlation_id
            key = f"link-{asked.attempt.number}-{verb.value}"
            method = asked.attempt.method or "link"
            told = await answers.take(verb, asked, method, key, correlation_id)
            return AnswerShown(told, ())

        return await _answered(request, service, (links, clock_now()), token, take)

    return [look, act]


async def _verb(request: Request[Any, Any, Any]) -> Verb | None:
    """In the query, as buttons on a phone send it, or in the form of the page."""
    body = await read_body(request, FORM_BYTES_MAX)
    said = request.query_params.get("verb")
    if said is None:
        said = parse_qs(body.decode(errors="replace"), max_num_fields=10).get("verb", [""])[0]
    return Verb(said) if said in set(Verb) else None


async def _answered(
    request: Request[Any, Any, Any],
    service: Service,
    known: tuple[AnswerLinks, datetime],
    token: str,
    answer: Callable[[PagedPerson, PageAnswers], Awaitable[AnswerShown]],
) -> Response[bytes]:
    rates_of(request).logins.admit(origin_of(address_of(request)))
    (links, now), answers = known, PageAnswers(service)
    found = links.read(token)
    if found is None:
        log.warning("answer.forged")
        return _page(UNKNOWN, 404)
    if now > found.expires_at:
        lines = (f"It was good until {clock(found.expires_at)}. Answer by another message.",)
        return _page(AnswerShown("This link has expired", lines), 410)
    try:
        asked = await answers.asked(found.page_id, found.attempt)
        return _page(UNKNOWN, 404) if asked is None else _page(await answer(asked, answers), 200)
    except Unavailable:
        said = "The log of this service cannot be reached at the moment: try again."
        return _page(AnswerShown("Not done, as far as is known", (said,)), 503)


def _shown(asked: PagedPerson) -> AnswerShown:
    page = asked.page
    what = page.title or "what it is about is private"
    title = f"{page.reference}: {page.severity} {page.reference_of_incident}"
    lines = (what, _standing(page), f"You answer as {asked.attempt.name or asked.attempt.person}.")
    return AnswerShown(title, lines, () if page.status is PageStatus.ENDED else LABELS)


def _standing(page: Page) -> str:
    if page.status is PageStatus.ENDED:
        return "It has ended: nobody is paged any more."
    names = ", ".join(each.by.name for each in page.acknowledgements)
    return f"Acknowledged by {names}." if names else "Nobody has acknowledged it yet."


def _page(shown: AnswerShown, status: int) -> Response[bytes]:
    more = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    headers = {**ANSWER_HEADERS, **more}
    return Response(answer_page(shown), status_code=status, media_type=HTML, headers=headers)
