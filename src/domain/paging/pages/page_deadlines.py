"""All deadlines of a page, and what is told of what they cause."""

from domain.kernel.deadline import Asked, Deadlines, Expire, Prompt
from domain.kernel.decider import Context
from domain.paging.pages import events as e
from domain.paging.pages.level_timeout import LEVEL_TIMEOUT
from domain.paging.pages.next_method import NEXT_METHOD
from domain.paging.pages.page_history import PageHistory, follow
from domain.paging.pages.page_state import Page, PageStatus
from domain.paging.pages.stale_acknowledgement import STALE_ACKNOWLEDGEMENT
from domain.policy.audience import Audience

PERSON, CHANNEL, UNANSWERED = "page_person", "page_channel", "page_unanswered"
"""The kinds of messages about a page."""


def _is_wanted(asked: Asked[Page], page: Page) -> bool:
    """Whether somebody still has to be paged by that attempt: the page is climbing, and neither has
    that person acknowledged it, nor has the attempt failed, so that another one was made.
    """
    attempt = page.attempt(int(asked.about or 0))
    if attempt is None or page.status is not PageStatus.CLIMBING or attempt.is_lost:
        return False
    return attempt.climb == page.climb and not page.has_acknowledged(attempt.person)


def _is_unanswered(_: Asked[Page], page: Page) -> bool:
    return page.status is PageStatus.UNANSWERED


def _to_engineering(*_: object) -> tuple[Audience, ...]:
    return (Audience.ENGINEERING,)


DEADLINES: Deadlines[PageHistory, Page, e.PageEvent] = Deadlines(
    initial=PageHistory(),
    follow=follow,
    running=lambda history: history.page if history.since else None,
    settled=lambda page, rule: page.settled.get(rule),
    seen=lambda page: page.seen,
    all=(LEVEL_TIMEOUT, NEXT_METHOD, STALE_ACKNOWLEDGEMENT),
    told={
        e.PersonPaged: Prompt(
            kind=PERSON, to=_to_engineering, holds=_is_wanted, about=lambda it: str(it.attempt)
        ),
        e.ChannelPaged: Prompt(
            kind=CHANNEL, to=_to_engineering, holds=_is_wanted, about=lambda it: str(it.attempt)
        ),
        e.PageUnanswered: Prompt(kind=UNANSWERED, to=_to_engineering, holds=_is_unanswered),
    },
)


def decide(command: Expire, page: Page, context: Context) -> list[e.PageEvent]:
    """What the clock causes; nothing of what nobody has opened."""
    return DEADLINES.decide(command, page, context) if page.number else []
