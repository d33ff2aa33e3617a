"""What the due times of a page follow from, and what all of its rules ask."""

from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.kernel.deadline import Asked, Expire, Moment, is_settled, moments
from domain.kernel.decider import Context, Evolve
from domain.paging.pages import events as e
from domain.paging.pages.page_state import Page, PageStatus
from domain.paging.pages.reaching import Happening, facts_of
from domain.policy import Policy


class PageHistory(msgspec.Struct, frozen=True):
    """How it stands, and what moved it last."""

    page: Page = Page()
    since: Moment | None = None


def follow(
    history: PageHistory, recorded: Recorded[Event], _: Policy, evolve: Evolve[Any, Any]
) -> PageHistory:
    """The history after one more commit."""
    page, since = history.page, history.since
    for event, moment in moments(recorded.commit):
        page, since = evolve(page, event, recorded.commit.actor), moment
    return PageHistory(page, since)


def climbs(_: Asked[Page], page: Page) -> bool:
    """Whether it goes on to the next level by itself."""
    return page.status is PageStatus.CLIMBING


def is_acknowledged(_: Asked[Page], page: Page) -> bool:
    """Whether enough people have acknowledged it."""
    return page.status is PageStatus.ACKNOWLEDGED


def expires(history: PageHistory, rule: str, due_at: datetime) -> Expire | None:
    """What is sent as it is due; None: that was dealt with."""
    page, since = history.page, history.since
    assert since is not None, "it was opened"
    if is_settled(page.settled.get(rule), due_at):
        return None
    return Expire(rule=rule, fires_at=due_at, due_at=due_at, caused_by=since.event, seen=page.seen)


def ended_meanwhile(so_far: Happening, context: Context) -> bool:
    """Whether the incident is over, with which the page ends."""
    incident = facts_of(context).incident
    if incident is None or incident.over is None:
        return False
    so_far.add(e.PageEnded(occurred_at=context.now, because=incident.ending, detail=incident.over))
    return True


def answered_meanwhile(so_far: Happening, context: Context) -> bool:
    """Whether the incident is over, or in somebody's hands, which the page has not heard of yet:
    nobody is paged then, whoever was faster.
    """
    if ended_meanwhile(so_far, context):
        return True
    incident = facts_of(context).incident
    if incident is None:
        return False
    if incident.acknowledged_by is None or so_far.page.asked_by is not None:
        return False
    page, by = so_far.page, incident.acknowledged_by
    if page.is_taken_by(by):
        return False
    missing = max(0, page.missing - 1)
    so_far.add(
        e.PageAcknowledged(occurred_at=context.now, by=by, missing=missing, through=e.INCIDENT_WAY)
    )
    return not missing
