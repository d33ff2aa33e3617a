"""How the events of a page change it."""

from datetime import datetime
from typing import assert_never

from msgspec.structs import replace

from domain.kernel.commit import Event
from domain.kernel.decider import UNKNOWN
from domain.paging.pages import events as e
from domain.paging.pages.page_state import Acknowledgement, Attempt, Page, PageStatus


def rule_of(kind: type[Event]) -> str:
    """The rule of a deadline: the tag of what it causes, under which its due times are settled."""
    return str(kind.__struct_config__.tag)


_CAUSED: tuple[type[Event], ...] = (e.LevelReached, e.PersonPaged, e.AcknowledgementStale)
CLIMB, CONTACT, STALE = map(rule_of, _CAUSED)
"""The rules: the next level, the next method of a person, an acknowledgement that grew stale."""


def evolve(page: Page, event: e.PageEvent, _: str = UNKNOWN) -> Page:
    """One row for each event."""
    match event:
        case e.PageOpened():
            return _opened(event)
        case e.LevelReached():
            return _reached(page, event)
        case e.PersonPaged():
            return _paged(page, event)
        case e.ChannelPaged():
            attempt = Attempt(
                number=event.attempt,
                climb=event.climb,
                step=event.step,
                channel=event.channel,
                at=event.occurred_at,
            )
            return replace(page, attempts=(*page.attempts, attempt))
        case e.AttemptReported():
            return replace(page, attempts=tuple(_reported(each, event) for each in page.attempts))
        case e.PageSeverityChanged(severity=severity):
            return replace(page, severity=severity)
        case _:
            return _answered(page, event)


_Answers = (
    e.PageAcknowledged
    | e.AcknowledgementRenewed
    | e.AcknowledgementStale
    | e.PageReopened
    | e.PageUnanswered
    | e.PageEnded
)


def _answered(page: Page, event: _Answers) -> Page:
    at = event.occurred_at
    match event:
        case e.PageAcknowledged():
            return _acknowledged(page, event)
        case e.AcknowledgementRenewed(acted_at=acted_at, due_at=due_at):
            return replace(_settled(page, STALE, due_at), fresh_since=acted_at)
        case e.AcknowledgementStale(due_at=due_at):
            return _again(_settled(page, STALE, due_at))
        case e.PageReopened():
            return replace(_again(page), ended_at=None, ended_because=None)
        case e.PageUnanswered(due_at=due_at):
            page = _settled(page, CLIMB, due_at)
            missed_at = page.missed_at or at
            return replace(page, status=PageStatus.UNANSWERED, missed_at=missed_at, contacts=())
        case e.PageEnded(because=because):
            ended = replace(page, status=PageStatus.ENDED, contacts=())
            return replace(ended, ended_at=at, ended_because=because)
    assert_never(event)


def _opened(event: e.PageOpened) -> Page:
    return Page(
        number=event.number,
        incident=event.incident,
        reference_of_incident=event.reference,
        severity=event.severity,
        policy=event.policy,
        title=event.title,
        services=event.services,
        private=event.private,
        drill=event.drill,
        asked_by=event.asked_by,
        reason=event.reason,
        opened_at=event.occurred_at,
    )


def _reached(page: Page, event: e.LevelReached) -> Page:
    return replace(
        _settled(page, CLIMB, event.due_at),
        status=PageStatus.CLIMBING,
        climb=event.climb,
        step=event.step,
        reached_at=event.occurred_at,
        contacts=event.contacts,
    )


def _paged(page: Page, event: e.PersonPaged) -> Page:
    attempt = Attempt(
        number=event.attempt,
        climb=event.climb,
        step=event.step,
        channel=event.channel,
        at=event.occurred_at,
        person=event.person,
        name=event.name,
        method=event.method,
        address=event.address,
    )
    taken = (event.person, event.method, event.address)
    waiting = tuple(
        each for each in page.contacts if (each.person, each.method, each.address) != taken
    )
    page = _settled(page, CONTACT, event.due_at)
    return replace(page, attempts=(*page.attempts, attempt), contacts=waiting)


def _reported(attempt: Attempt, event: e.AttemptReported) -> Attempt:
    if attempt.number != event.attempt:
        return attempt
    return replace(
        attempt, outcome=event.outcome, outcome_at=event.occurred_at, detail=event.detail
    )


def _acknowledged(page: Page, event: e.PageAcknowledged) -> Page:
    at = event.occurred_at
    given = Acknowledgement(by=event.by, at=at, through=event.through)
    page = replace(
        page,
        acknowledgements=(*page.acknowledgements, given),
        first_acknowledged_at=page.first_acknowledged_at or at,
        fresh_since=at,
    )
    if event.missing or page.status is PageStatus.ENDED:
        waiting = tuple(each for each in page.contacts if each.person != event.by.person)
        return replace(page, contacts=waiting)
    return replace(page, status=PageStatus.ACKNOWLEDGED, contacts=())


def _again(page: Page) -> Page:
    """It is to be climbed from its first level on."""
    return replace(
        page,
        status=PageStatus.CLIMBING,
        climb=page.climb + 1,
        step=-1,
        contacts=(),
        acknowledgements=(),
        fresh_since=None,
    )


def _settled(page: Page, rule: str, due_at: datetime | None) -> Page:
    if due_at is None:
        return page
    return replace(page, settled={**page.settled, rule: due_at})
