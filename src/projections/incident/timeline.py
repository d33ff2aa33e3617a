"""Timeline: what happened in an incident, ordered by when it happened, then by the log.

The rows hold the commits as they are in the log; they are put into words when somebody asks. So
better words need no rebuild.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec.structs import replace

from domain.incident import INCIDENT
from domain.incident.corrections.looking_back import CORRECTIONS
from domain.incident.merging.merge_events import DuplicateAttached
from domain.incident.state import Undeclared
from domain.kernel.commit import Commit, Event, Recorded
from domain.policy import Policy
from domain.policy.audience import Audiences
from projections.cursor import DAWN, cursor_of, place_of
from projections.incident.lines import Entry, in_order, lines
from projections.incident.merged import merged_into, one_then, whole_timeline
from projections.incident.reading import Readers, ReadersTimeline, read_for
from projections.incident.untold import WHAT_THEY_WERE_NOT_TOLD, UntoldEvent, not_told_of
from projections.past import Cut
from projections.projection import Projection, Put
from projections.read_model import (
    Addition,
    ById,
    Found,
    FromLog,
    LookBack,
    Paging,
    Question,
    Resource,
    Whole,
)
from projections.table import table_of

FOLLOWS = ("incident.", "notification.")
_MOVING = CORRECTIONS | {DuplicateAttached}
"""Events through which entries stand elsewhere than their commits do."""
_ENCODER = msgspec.json.Encoder()


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    commit, key = recorded.commit, recorded.key
    body = recorded.body or _ENCODER.encode(commit)
    # The fields of `CommitOf` as they are: this runs for each commit, and a struct takes 0.4 µs.
    for at in {event.occurred_at for event in commit.events}:
        yield Put("commit", (key, at, recorded.position, _reference_in(commit), body))
    if any(type(event) in _MOVING for event in commit.events):
        yield Put("amended", (key,))


def _reference_in(commit: Commit[Event]) -> str | None:
    return next(filter(None, map(INCIDENT.reference_in, commit.events)), None)


class CommitOf(msgspec.Struct, frozen=True, kw_only=True):
    """A row: a commit that tells of an incident, encoded as in the log, at a time when something of
    it happened. So rows are in the order of the timeline, and a page of it is a page of them.
    """

    incident_id: str
    occurred_at: datetime
    position: int
    reference: str | None
    body: bytes


class AmendedTimeline(msgspec.Struct, frozen=True, kw_only=True):
    """A row: an incident of which something was put right or retracted, or that another incident
    was merged into.
    """

    incident_id: str


TIMELINE: Projection[None] = Projection(
    name="timeline",
    version=6,
    follows=FOLLOWS,
    tables=(
        table_of(
            CommitOf,
            name="commit",
            key=("incident_id", "occurred_at", "position"),
            about=("incident_id",),
            once=True,
        ),
        table_of(AmendedTimeline, name="amended", key=("incident_id",), about=("incident_id",)),
    ),
    each=_rows,
)

PAGE_BYTES = 1_048_576
"""A page ends with the commit that reaches this, as they are in the log."""
_ALL = 2**31
LastSeen = tuple[datetime, Whole, Whole]
"""When an entry occurred, its position and its index."""


class TimelinePage(ById, frozen=True, kw_only=True):
    """The entries of one timeline behind the one at `after`, all of them; or the whole of it as its
    readers want it (`for`). Raises `Refused`.
    """

    readers: Readers | None = msgspec.field(default=None, name="for")
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1_000
    after: str | None = None

    def __post_init__(self) -> None:
        _ = self.seen

    @property
    def seen(self) -> LastSeen:
        """The last one seen."""
        place: LastSeen = (DAWN, 0, 0) if self.after is None else place_of(self.after, LastSeen)
        return place

    @property
    def since(self) -> datetime:
        """Rows begin there."""
        return self.seen[0]

    @property
    def position(self) -> int:
        """Of rows of the same time, they begin with this one."""
        return self.seen[1]


class CommitAt(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit tells of one time, and whether there is more behind it. An incident of which
    the page holds nothing has its `reference` alone. Where something was put right, or
    another incident was merged into it (`amended`), entries stand elsewhere than their commits do:
    then the log tells. `untold` are the events of which no channel told somebody.
    """

    id: str
    reference: str | None
    occurred_at: datetime | None = None
    position: int | None = None
    body: Commit[Event] | None = None
    more: bool | None = None
    amended: bool = False
    untold: Sequence[UntoldEvent] = ()


COMMITS = Question(
    of=TIMELINE.name,
    sql=f"""
        SELECT known.*, page.* FROM (
            SELECT incident_id AS id, reference, EXISTS (
                SELECT FROM {{amended}} WHERE incident_id = $id
            ) AS amended
            FROM {{commit}} WHERE incident_id = $id AND reference IS NOT NULL LIMIT 1
        ) AS known LEFT JOIN LATERAL (
            SELECT occurred_at, position, body, more FROM (
                SELECT occurred_at, position, body,
                    lead(position) OVER page IS NOT NULL AS more,
                    row_number() OVER page AS row,
                    sum(octet_length(body)) OVER page - octet_length(body) AS bytes_before
                FROM (
                    SELECT * FROM {{commit}} WHERE incident_id = $id
                    AND (occurred_at, position) >= ($since, $position)
                    ORDER BY occurred_at, position LIMIT $limit + 2
                ) AS following
                WINDOW page AS (ORDER BY occurred_at, position)
            ) AS numbered WHERE row <= $limit + 1 AND bytes_before < {PAGE_BYTES}
        ) AS page ON true ORDER BY occurred_at, position
    """,  # noqa: S608 - a number of ours
    takes=TimelinePage,
    answer=CommitAt,
)
"""The commits that tell of an incident, by when something of them happened, from the one on with
which the page before ended.
"""


class TimelineOf(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, by when it happened and then by the log; `next` is what to ask for the next
    page with, as `after`, null where there is none.
    """

    id: str
    reference: str | None
    entries: list[Entry]
    next: str | None = None


class TimelineThen(msgspec.Struct, frozen=True):
    """The whole timeline of an incident at a time, from its commits."""

    id: str
    reference: str
    entries: list[Entry]


def _then(
    _asked: TimelinePage, id_: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[TimelineThen]:
    then = one_then(id_, commits, cut)
    entries = whole_timeline(id_, commits, cut, then)
    if entries is not None and not isinstance(then.state, Undeclared):
        yield TimelineThen(id_, then.state.facts.reference, entries)


def _tell(asked: TimelinePage, found: Found[CommitAt | TimelineThen], _: Cut) -> TimelineOf | None:
    """A page of what rows tell, or of what the log does."""
    reference = next((each.reference for each in found.items if each.reference), None)
    if reference is None:
        return None
    told = not_told_of(
        in_order(line for each in found.items for line in _lines_of(each)), _missed(found.items[0])
    )
    behind = [line for line in told if asked.after is None or _seen(line) > asked.seen]
    kept = list(_first(behind, asked.limit))
    after, last = None, found.items[-1]
    if len(kept) < len(behind):
        after = cursor_of(*_seen(kept[-1]))
    elif isinstance(last, CommitAt) and last.more:
        after = cursor_of(last.occurred_at, last.position, _ALL)
    return TimelineOf(id=asked.id, reference=reference, entries=kept, next=after)


def _with_untold(
    found: CommitAt | TimelineThen, rows: Sequence[UntoldEvent]
) -> CommitAt | TimelineThen:
    """What the log tells says so itself. The rows are those of the whole incident."""
    return replace(found, untold=rows) if isinstance(found, CommitAt) else found


def _missed(found: CommitAt | TimelineThen) -> dict[str, Audiences]:
    rows = found.untold if isinstance(found, CommitAt) else ()
    return {each.event_id: each.audiences for each in rows}


def _lines_of(found: CommitAt | TimelineThen) -> Iterable[Entry]:
    if isinstance(found, TimelineThen):
        return found.entries
    return _lines_at(found)


def _lines_at(found: CommitAt) -> Iterable[Entry]:
    if found.body is None or found.position is None:
        return ()
    at = found.occurred_at
    return (line for line in lines(found.position, found.body) if line.occurred_at == at)


def _seen(line: Entry) -> LastSeen:
    return line.occurred_at, line.position, line.index


def _first(behind: Sequence[Entry], limit: int) -> Iterable[Entry]:
    size = 0
    for line in behind[:limit]:
        if size >= PAGE_BYTES:
            return
        size += len(line.text)
        yield line


def _read(
    asked: TimelinePage, commits: Sequence[Recorded[Event]], cut: Cut, _: Policy
) -> ReadersTimeline | None:
    assert asked.readers is not None, "all of it is read page by page"
    return read_for(asked.id, asked.readers, commits, cut)


TIMELINE_OF = Resource(
    path="/v1/incidents/{ref}/timeline",
    operation_id="get_timeline",
    tag="queries",
    summary="Timeline",
    description="The timeline of an incident: a line for each event, in pages; or whole, with a"
    " header and\nwhat its readers want to know, `for` responders, a post-mortem or the public"
    " (what was published alone).\nWhat happened in incidents that were merged into it stands in"
    " its place, with their\nreference as `origin`.",
    question=COMMITS,
    about=INCIDENT,
    answers=TimelineOf | ReadersTimeline,
    answer=_tell,
    paging=Paging(by="after", place=None),
    look_back=LookBack(streams=FOLLOWS, past=_then, tells=lambda rows: rows[0].amended),
    from_log=FromLog(streams=FOLLOWS, tell=_read, when=lambda asked: asked.readers is not None),
    along=merged_into,
    additions=(
        Addition(
            question=WHAT_THEY_WERE_NOT_TOLD,
            add=_with_untold,
            streams=(),
            then=lambda *_: (),
        ),
    ),
    waits=True,
)
