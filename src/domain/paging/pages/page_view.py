"""A page as others see it."""

from datetime import datetime
from typing import Protocol

import msgspec

from domain.kernel.roster import Who
from domain.paging.pages.events import Ending, PinnedPolicy, PlannedContact
from domain.paging.pages.page_state import Acknowledgement, Attempt, Page, PageStatus
from domain.policy import Severity


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """A page for an incident (its id and `incident_reference`). `level` and `round` are those that
    it has come to (from 1), of the `policy` as it was when it was opened; `waits_until` is when the
    next level is reached; `contacts` are to be paged before. `missing`: how many more people have
    to acknowledge it. `missed_at`: when it had climbed all levels, first, and not enough people had
    acknowledged it. `asked_by`: who wanted it; null: its policy did.
    """

    id: str
    reference: str
    incident: str
    incident_reference: str
    status: PageStatus
    severity: Severity
    title: str | None
    services: tuple[str, ...]
    private: bool
    drill: bool
    policy: PinnedPolicy
    level: int
    round: int
    climb: int
    opened_at: datetime
    reached_at: datetime | None
    waits_until: datetime | None
    contacts: tuple[PlannedContact, ...]
    attempts: tuple[Attempt, ...]
    acknowledgements: tuple[Acknowledgement, ...]
    missing: int
    acknowledged_at: datetime | None
    missed_at: datetime | None
    ended_at: datetime | None
    ended_because: Ending | None
    asked_by: Who | None
    reason: str | None
    position: int


def show(id_: str, page: Page, position: int) -> PageView | None:
    """None before it was opened."""
    if not page.number:
        return None
    assert page.opened_at is not None, "it was opened"
    step = page.pinned.steps[page.step] if page.step >= 0 else None
    climbing = page.status is PageStatus.CLIMBING and step is not None
    return PageView(
        id=id_,
        reference=page.reference,
        incident=page.incident,
        incident_reference=page.reference_of_incident,
        status=page.status,
        severity=page.severity,
        title=page.title,
        services=page.services,
        private=page.private,
        drill=page.drill,
        policy=page.pinned,
        level=step.level if step else 0,
        round=step.round if step else 0,
        climb=page.climb,
        opened_at=page.opened_at,
        reached_at=page.reached_at,
        waits_until=page.waits_until if climbing else None,
        contacts=page.contacts,
        attempts=page.attempts,
        acknowledgements=page.acknowledgements,
        missing=page.missing,
        acknowledged_at=page.first_acknowledged_at,
        missed_at=page.missed_at,
        ended_at=page.ended_at,
        ended_because=page.ended_because,
        asked_by=page.asked_by,
        reason=page.reason,
        position=position,
    )


class _ListedPage(Protocol):
    """What a line about a page is made of."""

    reference: str
    status: PageStatus
    severity: Severity
    incident_reference: str
    title: str | None


def headline(view: _ListedPage) -> str:
    """A line for people: `PG-7 (climbing): INC-3 SEV1, Checkout is down`."""
    title = f", {view.title}" if view.title else ""
    return f"{view.reference} ({view.status}): {view.incident_reference} {view.severity}{title}"
