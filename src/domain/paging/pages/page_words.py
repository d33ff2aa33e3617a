"""What people are told of a page. Of a private incident a message says its reference and its
severity, and nothing of what it is about: whoever is paged can take it by that, and whoever may see
it reads the rest here.
"""

from collections.abc import Mapping
from typing import Any

from domain.kernel.notifiable import (
    Contexts,
    MessageContext,
    Notifiable,
    Notifiables,
    Rule,
    Told,
    Topic,
)
from domain.kernel.recipient import Recipient
from domain.notification.subject_context import SubjectContext
from domain.paging.pages import events as e
from domain.paging.pages.page_deadlines import CHANNEL, PERSON, UNANSWERED
from domain.paging.pages.page_state import Page
from domain.paging.pages.page_view import show
from domain.policy import Policy
from domain.policy.audience import Audience

Context = MessageContext[Page, e.PageEvent]


def _person(_: Told, __: Page, event: e.PersonPaged, ___: Page) -> Notifiable:
    recipient = Recipient(
        person=event.person,
        name=event.name,
        method=event.method,
        address=event.address,
        attempt=event.attempt,
    )
    return Notifiable(PERSON, (Audience.ENGINEERING,), through=event.channel, recipient=recipient)


def _channel(_: Told, __: Page, event: e.ChannelPaged, ___: Page) -> Notifiable:
    return Notifiable(CHANNEL, (Audience.ENGINEERING,), through=event.channel)


def _unanswered(told: Told, _: Page, __: e.PageUnanswered, after: Page) -> Notifiable:
    ours = (Audience.ENGINEERING, Audience.EXECUTIVES)
    executives = told.reaches_executives(after.severity)
    return Notifiable(UNANSWERED, ours if executives else ours[:1])


def topic(page: Page) -> Topic:
    """Whatever is not private of its incident."""
    of = page.reference_of_incident
    title = f"{of}: {page.title}" if page.title else f"{of}, a private incident"
    return Topic(
        title=title,
        reference=page.reference,
        services=page.services,
        severity=page.severity,
        drill=page.drill,
    )


def describe(page: Page, event: e.PageEvent) -> str:
    """What a message says."""
    what = f"{page.severity} {page.reference_of_incident}"
    take = f"Acknowledge {page.reference} when you take it."
    if page.private:
        take += " What it is about is shown to those who may see it."
    match event:
        case e.PersonPaged():
            return f"{event.name}, you are paged for {what}, {_level(page)}. {take}"
        case e.ChannelPaged():
            return f"People are paged for {what}, {_level(page)}. {take}"
        case e.PageUnanswered():
            return f"{_unanswered_words(page, what)} Nobody else is paged for it. {take}"
    return what


def _level(page: Page) -> str:
    step = page.pinned.steps[page.step]
    levels = max(each.level for each in page.pinned.steps if each.policy == step.policy)
    again = f", round {step.round}" if step.round > 1 else ""
    return f"level {step.level} of {levels} of the escalation policy {step.policy}{again}"


def _unanswered_words(page: Page, what: str) -> str:
    attempts = sum(each.person is not None for each in page.attempts if each.climb == page.climb)
    if not attempts:
        return f"No person could be paged for {what}: no level had anybody to page."
    if page.acknowledgements:
        return (
            f"{page.missing} more of the people who were paged for {what} had to acknowledge it,"
            " and did not."
        )
    return f"Nobody has acknowledged {what}, after {attempts} attempts to page a person."


def _build(audience: Audience, kind: str, told: Context, _: Policy) -> SubjectContext:
    page = told.state
    about = topic(page)
    return SubjectContext(
        audience=audience,
        kind=kind,
        at=told.event.occurred_at,
        aggregate="page",
        reference=about.reference,
        title=about.title,
        services=about.services,
        severity=about.severity,
        text=describe(page, told.event),
    )


def _show(id_: str, page: Page, position: int, _: Any) -> Any:
    return show(id_, page, position)


_RULES: Mapping[type[Any], Rule[Page, Any] | None] = {
    e.PageOpened: None,
    e.LevelReached: None,
    e.PersonPaged: _person,
    e.ChannelPaged: _channel,
    e.AttemptReported: None,
    e.PageAcknowledged: None,
    e.AcknowledgementRenewed: None,
    e.AcknowledgementStale: None,
    e.PageReopened: None,
    e.PageUnanswered: _unanswered,
    e.PageSeverityChanged: None,
    e.PageEnded: None,
}

NOTIFIABLES: Notifiables[Page, e.PageEvent] = Notifiables(
    rules=_RULES,
    heard={
        Audience.ENGINEERING: (PERSON, CHANNEL, UNANSWERED),
        Audience.EXECUTIVES: (UNANSWERED,),
        Audience.CUSTOMERS: (),
    },
    topic=topic,
    contexts=Contexts(build=dict.fromkeys(Audience, _build), show=_show),
)
