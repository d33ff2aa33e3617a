"""Pages, a row each, the latest first."""

# ruff: noqa: S608 - names are ours, values are parameters

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.paging import PAGE
from domain.paging.pages.events import Ending
from domain.paging.pages.page_state import Page, PageStatus
from domain.policy import Severity
from projections.cursor import Falling, cursor_of
from projections.parts import PART, parts_beside
from projections.projection import Change, Projection
from projections.read_model import Nothing, Paging, Question, Resource
from projections.table import put_into, table_of


class PageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `people` were paged by it, by slug; `attempts` counts all, `lost` those that are
    known to have reached nobody. `missed_at`: when it had climbed all levels, first, and not enough
    people had acknowledged it. `number` orders pages as they were opened.
    """

    id: str
    number: int
    reference: str
    incident: str
    incident_reference: str
    title: str | None
    status: PageStatus
    severity: Severity
    policy: str
    level: int
    opened_at: datetime
    opened_position: int
    acknowledged_at: datetime | None
    acknowledged_by: tuple[str, ...]
    missed_at: datetime | None
    ended_at: datetime | None
    ended_because: Ending | None
    people: tuple[str, ...]
    attempts: int
    lost: int
    asked_by: str | None
    position: int


_TABLE = table_of(
    PageRow,
    name="page",
    key=("id",),
    about=("id", "incident"),
    indexes=(("incident",), ("opened_position",), ("status",)),
)
_put = put_into(_TABLE, PageRow)


class PageFold(msgspec.Struct, frozen=True):
    """A page, and where in the log it was opened."""

    page: Page = Page()
    opened: int = 0


def _row(_: PageFold, after: PageFold, recorded: Recorded[Event]) -> Iterable[Change]:
    page = after.page
    if page.number and page.opened_at is not None:
        yield _put(
            PageRow(
                id=recorded.key,
                number=page.number,
                reference=page.reference,
                incident=page.incident,
                incident_reference=page.reference_of_incident,
                title=page.title,
                status=page.status,
                severity=page.severity,
                policy=page.pinned.slug,
                level=page.pinned.steps[page.step].level if page.step >= 0 else 0,
                opened_at=page.opened_at,
                opened_position=after.opened,
                acknowledged_at=page.first_acknowledged_at,
                acknowledged_by=tuple(each.by.name for each in page.acknowledgements),
                missed_at=page.missed_at,
                ended_at=page.ended_at,
                ended_because=page.ended_because,
                people=tuple(dict.fromkeys(it.person for it in page.attempts if it.person)),
                attempts=len(page.attempts),
                lost=sum(each.is_lost for each in page.attempts),
                asked_by=page.asked_by.name if page.asked_by else None,
                position=recorded.position,
            )
        )


def _follow(known: PageFold, recorded: Recorded[Any]) -> PageFold:
    return PageFold(PAGE.follow(known.page, recorded.commit), known.opened or recorded.position)


_VERSION = 1
PAGES: Projection[PageFold] = Projection(
    name="pages",
    version=_VERSION,
    follows=(PAGE.stream(""),),
    tables=(_TABLE, PART),
    initial=PageFold(),
    evolve=_follow,
    each=_row,
    beside=parts_beside("pages", _VERSION),
)


class PagesPage(Falling, frozen=True, kw_only=True):
    """Pages behind the place `after`: in some of these states, for an `incident` (by reference),
    that paged a `person` (by slug), by a `policy` (by slug), or `missed` ones alone: that climbed
    all levels before enough people had acknowledged them; `missed=false`: all others.
    """

    status: tuple[PageStatus, ...] = ()
    incident: str | None = None
    person: str | None = None
    policy: str | None = None
    missed: bool | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_PAGES = Question(
    of=PAGES.name,
    sql="""
        SELECT * FROM {page} WHERE (opened_position, reference, id) < ($first, $second, $third)
          AND (cardinality($status::text[]) = 0 OR status = ANY($status))
          AND ($incident::text IS NULL OR incident_reference = $incident)
          AND ($person::text IS NULL OR $person = ANY(people))
          AND ($policy::text IS NULL OR policy = $policy)
          AND ($missed::boolean IS NULL OR (missed_at IS NOT NULL) = $missed)
        ORDER BY opened_position DESC, reference DESC, id DESC LIMIT $limit
    """,
    takes=PagesPage,
    answer=PageRow,
)


class OpenPageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A page that has not ended, and its incident, by their ids."""

    id: str
    incident: str


OPEN_PAGES = Question(
    of=PAGES.name,
    sql=f"SELECT id, incident FROM {{page}} WHERE status <> '{PageStatus.ENDED}'",
    takes=Nothing,
    answer=OpenPageRow,
)


class PagesSince(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever has not ended, whenever it was opened."""

    since: datetime


UNENDED_PAGES = Question(
    of=PAGES.name,
    sql=f"""
        SELECT id FROM {{page}}
        WHERE status IN ('{PageStatus.CLIMBING}', '{PageStatus.ACKNOWLEDGED}')
          AND $since::timestamptz IS NOT NULL
    """,
    takes=PagesSince,
    answer=str,
    whole=True,
)
"""Those whose clocks run."""

PAGE_LIST = Resource(
    path="/v1/pages",
    operation_id="list_pages",
    tag="on-call",
    summary="Pages",
    description="Who was woken for what, the latest page first; `missed=true` are those that nobody"
    " took in time.",
    question=LIST_PAGES,
    paging=Paging(
        by="after", place=lambda last: cursor_of(last.opened_position, last.reference, last.id)
    ),
    waits=True,
)
