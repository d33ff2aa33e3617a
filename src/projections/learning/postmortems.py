"""Post-mortems, a row each; and of which incidents one is asked for, or was published."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from domain.incident import INCIDENT
from domain.incident.deadlines.events import PostmortemPublished, PostmortemRequested
from domain.kernel.commit import Event, Recorded
from domain.learning import POSTMORTEM
from domain.learning.postmortem.dossier import Postmortem
from domain.learning.postmortem.postmortem_view import PostmortemLine, line_of
from domain.learning.postmortem.sections import Factor
from projections.learning.action_items import SoMany
from projections.projection import Change, Projection
from projections.read_model import POSITION_MAX, Paging, Question, Resource, Whole
from projections.table import put_into, table_of


class PostmortemRow(PostmortemLine, frozen=True, kw_only=True):
    """A row: a post-mortem, and its number, by which they are listed; of a `drill`, when it was
    opened, and what factors it names.
    """

    number: int
    drill: bool
    opened_at: datetime
    factors: tuple[Factor, ...]


class AskedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: an incident that asks for a post-mortem, by when, and since which place of the log."""

    incident_id: str
    due_at: datetime
    position: int


class PublishedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row: an incident whose post-mortem was published, at which place of the log last."""

    incident_id: str
    position: int


_TABLE = table_of(
    PostmortemRow,
    name="postmortem",
    key=("id",),
    about=("incident",),
    indexes=(("number",), ("incident",)),
)
_ASKED = table_of(
    AskedRow, name="asked", key=("incident_id",), about=("incident_id",), indexes=(("due_at",),)
)
_PUBLISHED = table_of(PublishedRow, name="published", key=("incident_id",), about=("incident_id",))
_put = put_into(_TABLE, PostmortemRow)
_put_asked, _put_published = put_into(_ASKED, AskedRow), put_into(_PUBLISHED, PublishedRow)


def _row(_: Postmortem, after: Postmortem, recorded: Recorded[Event]) -> Iterable[Change]:
    if after.number:
        yield _put(row_of(recorded.key, after, recorded.position))


def row_of(id_: str, pm: Postmortem, position: int) -> PostmortemRow:
    """The row of one that was opened."""
    assert pm.opened_at is not None, "it was opened"
    return PostmortemRow(
        number=pm.number,
        drill=pm.drill,
        opened_at=pm.opened_at,
        factors=pm.content.factors,
        **msgspec.structs.asdict(line_of(id_, pm, position)),
    )


def _duties(_: None, __: None, recorded: Recorded[Event]) -> Iterable[Change]:
    incident_id, position = recorded.key, recorded.position
    for event in recorded.commit.events:
        if isinstance(event, PostmortemRequested):
            due_at = event.due_at
            yield _put_asked(AskedRow(incident_id=incident_id, due_at=due_at, position=position))
        elif isinstance(event, PostmortemPublished):
            yield _put_published(PublishedRow(incident_id=incident_id, position=position))


def _follow(pm: Postmortem, recorded: Recorded[Any]) -> Postmortem:
    return POSTMORTEM.follow(pm, recorded.commit)


_OF_INCIDENTS: Projection[Any] = Projection(
    name="postmortems",
    version=2,
    follows=(INCIDENT.stream(""),),
    tables=(_ASKED, _PUBLISHED),
    each=_duties,
)
POSTMORTEMS: Projection[Any] = Projection(
    name="postmortems",
    version=2,
    follows=(POSTMORTEM.stream(""),),
    tables=(_TABLE, _ASKED, _PUBLISHED),
    initial=POSTMORTEM.initial,
    evolve=_follow,
    each=_row,
    beside=(_OF_INCIDENTS,),
)


class PostmortemPage(msgspec.Struct, frozen=True, kw_only=True):
    """Post-mortems with a number before that: in a `status`, of an `incident` (by its reference, or
    id), of an `author`, or `overdue` (due, and not final) ones alone.
    """

    status: Literal["draft", "review", "final"] | None = None
    incident: str | None = None
    author: str | None = None
    overdue: bool = False
    before: Whole = POSITION_MAX
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


ALL_POSTMORTEMS = Question(
    of=POSTMORTEMS.name,
    sql="SELECT * FROM {postmortem} ORDER BY number DESC LIMIT $most",
    takes=SoMany,
    answer=PostmortemRow,
)

LIST_POSTMORTEMS = Question(
    of=POSTMORTEMS.name,
    sql="""
        SELECT * FROM {postmortem} WHERE number < $before
          AND ($status::text IS NULL OR status = $status)
          AND ($incident::text IS NULL OR $incident IN (incident, incident_reference))
          AND ($author::text IS NULL OR author = $author)
          AND (NOT $overdue::boolean OR (status <> 'final' AND due_at <= now()))
        ORDER BY number DESC LIMIT $limit
    """,
    takes=PostmortemPage,
    answer=PostmortemRow,
)

POSTMORTEM_LIST = Resource(
    path="/v1/postmortems",
    operation_id="list_postmortems",
    tag="learning",
    summary="Post-mortems",
    description="Post-mortems, newest first.",
    question=LIST_POSTMORTEMS,
    paging=Paging(by="before", place=lambda last: last.number),
    waits=True,
)


class ReviewedSince(msgspec.Struct, frozen=True, kw_only=True):
    """Whatever was not over before that."""

    since: datetime


IN_REVIEW = Question(
    of=POSTMORTEMS.name,
    sql="""
        SELECT id FROM {postmortem} WHERE status = 'review' AND $since::timestamptz IS NOT NULL
    """,
    takes=ReviewedSince,
    answer=str,
    whole=True,
)
"""Those whose reviewers may have to be reminded."""


class DueSince(msgspec.Struct, frozen=True, kw_only=True):
    """Those that were not due before that; at most so many."""

    since: datetime
    most: int


class AskedFor(msgspec.Struct, frozen=True, kw_only=True):
    """An incident that asks for a post-mortem, and the id of its one, if it has one; that one is
    due by another time, or by none.
    """

    incident_id: str
    due_at: datetime
    position: int
    postmortem: str | None


ASKED_FOR = Question(
    of=POSTMORTEMS.name,
    sql="""
        SELECT a.incident_id, a.due_at, a.position, p.id AS postmortem
        FROM {asked} a LEFT JOIN {postmortem} p ON p.incident = a.incident_id
        WHERE a.due_at >= $since AND (p.id IS NULL OR p.due_at IS NULL OR p.due_at < a.due_at)
          AND NOT EXISTS (
            SELECT FROM {published} d
            WHERE d.incident_id = a.incident_id AND d.position > a.position)
        ORDER BY a.due_at LIMIT $most
    """,
    takes=DueSince,
    answer=AskedFor,
)
"""Incidents that ask for a post-mortem and have none that knows of it; none was published since."""
