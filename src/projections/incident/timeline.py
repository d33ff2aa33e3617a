"""Timeline: what happened in an incident, ordered by when it happened, then by the log.

The rows hold the commits as they are in the log; they are put into words when somebody asks. So
better words need no rebuild.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from domain.incident import INCIDENT
from domain.incident.wording import describe
from domain.kernel.commit import Commit, Event, Recorded, event_id
from projections.past import Cut
from projections.projection import Projection, Put
from projections.read_model import ById, Found, LookBack, Question, Resource
from projections.table import table_of

FOLLOWS = ("incident.", "notification.")
_ENCODER = msgspec.json.Encoder()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `occurred_at` is when it happened, `recorded_at` when we learnt it."""

    occurred_at: datetime
    recorded_at: datetime
    kind: str
    text: str
    actor: str
    position: int
    index: int
    event_id: str


def entries(recorded: Recorded[Event]) -> Iterable[Entry]:
    """The lines that a commit adds."""
    return lines(recorded.position, recorded.commit)


def lines(position: int, commit: Commit[Event]) -> Iterable[Entry]:
    """The lines that the commit at `position` adds."""
    for index, event in enumerate(commit.events):
        line = describe(event)
        if line is not None:
            yield Entry(
                occurred_at=event.occurred_at,
                recorded_at=commit.recorded_at,
                kind=line.kind,
                text=line.text,
                actor=commit.actor,
                position=position,
                index=index,
                event_id=event_id(commit.id, index),
            )


def in_order(found: Iterable[Entry]) -> list[Entry]:
    """By occurred-at, then in the order of the log."""
    return sorted(found, key=lambda line: (line.occurred_at, line.position, line.index))


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    body = recorded.body or _ENCODER.encode(recorded.commit)
    # The fields of `CommitOf` as they are: this runs for each commit, and a struct takes 0.4 µs.
    return (Put("commit", (recorded.key, recorded.position, body)),)


class CommitOf(msgspec.Struct, frozen=True, kw_only=True):
    """A row: a commit that tells of an incident, encoded as in the log."""

    incident_id: str
    position: int
    body: bytes


TIMELINE: Projection[None] = Projection(
    name="timeline",
    version=2,
    follows=FOLLOWS,
    tables=(table_of(CommitOf, name="commit", key=("incident_id", "position"), once=True),),
    each=_rows,
)


class CommitAt(msgspec.Struct, frozen=True, kw_only=True):
    """A commit, and its place in the log."""

    position: int
    body: Commit[Event]


COMMITS = Question(
    of=TIMELINE.name,
    sql="SELECT position, body FROM {commit} WHERE incident_id = $id",
    takes=ById,
    answer=CommitAt,
)
"""The commits that tell of an incident, in any order."""


class TimelineOf(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, by when it happened and then by the log."""

    id: str
    reference: str | None
    entries: list[Entry]


def _commits_then(
    _asked: ById, _id: str, commits: Sequence[Recorded[Event]], cut: Cut
) -> Iterable[CommitAt]:
    return (CommitAt(position=it.position, body=it.commit) for it in commits if cut.knows(it))


def _tell(asked: ById, found: Found[CommitAt], cut: Cut) -> TimelineOf | None:
    """Before anything else was known of it, there may have been lines, but no reference."""
    had = (
        event for each in found.items for event in each.body.events if cut.had(event.occurred_at)
    )
    reference = next(filter(None, map(INCIDENT.reference_in, had)), None)
    if reference is None and not cut:
        return None
    told = in_order(line for each in found.items for line in lines(each.position, each.body))
    entries = [line for line in told if cut.had(line.occurred_at)]
    return TimelineOf(id=asked.id, reference=reference, entries=entries)


TIMELINE_OF = Resource(
    path="/v1/incidents/{ref}/timeline",
    operation_id="get_timeline",
    tag="queries",
    summary="Timeline",
    description="The timeline of an incident.",
    question=COMMITS,
    about=INCIDENT,
    answers=TimelineOf,
    answer=_tell,
    look_back=LookBack(streams=FOLLOWS, past=_commits_then),
    waits=True,
)
