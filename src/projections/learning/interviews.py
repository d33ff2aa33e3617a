"""Notes of interviews, a row each, for those who may read them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from domain.kernel.commit import Event, Recorded
from domain.learning.interview import INTERVIEW
from domain.learning.interview.interview_notes import Interview, InterviewLine
from projections.cursor import DAWN, BehindPlace, cursor_of
from projections.projection import SIGHT, Change, Drop, Projection, Put
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of

_TABLE = table_of(
    InterviewLine,
    name="interview",
    key=("id",),
    about=("id", "incident"),
    indexes=(("kept_at", "reference"), ("postmortem",)),
)
_put = put_into(_TABLE, InterviewLine)


def _rows(before: Interview, after: Interview, recorded: Recorded[Event]) -> Iterable[Change]:
    """The row, and who alone may see it."""
    if not after.number or after.kept_at is None:
        return
    yield _put(
        InterviewLine(
            id=recorded.key,
            reference=after.reference,
            postmortem=after.postmortem,
            postmortem_reference=after.postmortem_reference,
            incident=after.incident,
            interviewee=after.interviewee.name,
            by=after.by,
            kept_at=after.kept_at,
            released_at=after.released_at,
            position=recorded.position,
        )
    )
    if after.private is not None:
        yield Put(SIGHT.name, (recorded.key, after.private.people, after.private.teams))
    elif before.private is not None:
        yield Drop(SIGHT.name, (recorded.key,))


def _follow(known: Interview, recorded: Recorded[Any]) -> Interview:
    return INTERVIEW.follow(known, recorded.commit)


INTERVIEWS: Projection[Any] = Projection(
    name="interviews",
    version=1,
    follows=(INTERVIEW.stream(""),),
    tables=(_TABLE, SIGHT),
    initial=INTERVIEW.initial,
    evolve=_follow,
    each=_rows,
)


class InterviewPage(BehindPlace, frozen=True, kw_only=True):
    """Notes behind the place `after`, of a `postmortem` (by its reference, or id). Raises
    `Refused`.
    """

    PLACE = tuple[datetime, str, str]
    BEGINNING = (DAWN, "", "")

    postmortem: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 100


LIST_INTERVIEWS = Question(
    of=INTERVIEWS.name,
    sql="""
        SELECT * FROM {interview} WHERE (kept_at, reference, id) > ($first, $second, $third)
          AND ($postmortem::text IS NULL OR $postmortem IN (postmortem, postmortem_reference))
        ORDER BY kept_at, reference, id LIMIT $limit
    """,
    takes=InterviewPage,
    answer=InterviewLine,
)

INTERVIEW_LIST = Resource(
    path="/v1/interviews",
    operation_id="list_interviews",
    tag="learning",
    summary="Notes of interviews",
    description="Notes of interviews that you may read, the oldest first.",
    question=LIST_INTERVIEWS,
    paging=Paging(by="after", place=lambda last: cursor_of(last.kept_at, last.reference, last.id)),
    waits=True,
)
