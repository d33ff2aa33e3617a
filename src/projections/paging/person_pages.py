"""Whom pages reached for, a row for each page and person: when first, and when that person
acknowledged it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.paging import PAGE
from domain.paging.pages.events import PageAcknowledged
from domain.paging.pages.page_state import Page
from projections.parts import PART, parts_beside
from projections.projection import Change, Projection
from projections.read_model import Question
from projections.table import put_into, table_of

PAGES_MOST = 50_000


class PersonPageRow(msgspec.Struct, frozen=True, kw_only=True):
    """That a page reached for a person, by slug."""

    page: str
    person: str
    incident: str
    reference: str
    drill: bool
    first_at: datetime
    acknowledged_at: datetime | None
    position: int


_TABLE = table_of(
    PersonPageRow,
    name="person_page",
    key=("page", "person"),
    about=("page", "incident"),
    indexes=(("first_at",),),
)
_put = put_into(_TABLE, PersonPageRow)


class PersonPageFold(msgspec.Struct, frozen=True):
    """A page, and who has acknowledged it when, first, also where that has grown stale since."""

    page: Page = Page()
    acknowledged: Mapping[str, datetime] = {}


def _follow(known: PersonPageFold, recorded: Recorded[Any]) -> PersonPageFold:
    taken = {
        event.by.person: event.occurred_at
        for event in reversed(recorded.commit.events)
        if isinstance(event, PageAcknowledged) and event.by.person
    }
    page = PAGE.follow(known.page, recorded.commit)
    return PersonPageFold(page, {**taken, **known.acknowledged} if taken else known.acknowledged)


def _rows(
    before: PersonPageFold, after: PersonPageFold, recorded: Recorded[Event]
) -> Iterable[Change]:
    page = after.page
    if before.acknowledged == after.acknowledged and before.page.attempts == page.attempts:
        return
    first: dict[str, datetime] = {}
    for each in page.attempts:
        if each.person:
            first.setdefault(each.person, each.at)
    for person, at in first.items():
        yield _put(
            PersonPageRow(
                page=recorded.key,
                person=person,
                incident=page.incident,
                reference=page.reference,
                drill=page.drill,
                first_at=at,
                acknowledged_at=after.acknowledged.get(person),
                position=recorded.position,
            )
        )


_VERSION = 1
PERSON_PAGES: Projection[PersonPageFold] = Projection(
    name="person_pages",
    version=_VERSION,
    follows=(PAGE.stream(""),),
    tables=(_TABLE, PART),
    initial=PersonPageFold(),
    evolve=_follow,
    each=_rows,
    beside=parts_beside("person_pages", _VERSION),
)


class PagedBetween(msgspec.Struct, frozen=True, kw_only=True):
    """Those whose first attempt at the person was in [since, until), drills left out."""

    since: datetime
    until: datetime


PAGED = Question(
    of=PERSON_PAGES.name,
    sql="""
        SELECT * FROM {person_page}
        WHERE first_at >= $since AND first_at < $until AND NOT drill
        ORDER BY first_at, page, person LIMIT 50001
    """,
    takes=PagedBetween,
    answer=PersonPageRow,
)
