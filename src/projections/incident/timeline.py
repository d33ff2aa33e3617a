"""Timeline: what happened in an incident, ordered by when it happened, then by the log.

The rows hold the commits as they are in the log; they are put into words when somebody asks. So
better words need no rebuild.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.incident.wording import describe
from domain.kernel.commit import Commit, Event, Recorded, event_id
from projections.projection import Column, Projection, Put, Table

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
    return (Put("commit", (recorded.key, recorded.position, body)),)


TIMELINE: Projection[None] = Projection(
    name="timeline",
    version=2,
    follows=FOLLOWS,
    tables=(
        Table(
            name="commit",
            columns=(
                Column("incident_id", "text"),
                Column("position", "bigint"),
                Column("body", "bytea"),
            ),
            keys=2,
            once=True,
        ),
    ),
    each=_rows,
)
