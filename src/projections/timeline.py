"""Timeline: what happened in an incident, ordered by when it happened, then by the log."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.commit import Event, Recorded, event_id
from projections.describe import describe
from projections.projection import Column, Projection, Put, Table

FOLLOWS = ("incident.", "notification.")


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


def incident_of(recorded: Recorded[Event]) -> str:
    """The incident that a commit on an `incident.` or `notification.` stream is about."""
    return recorded.stream.partition(".")[2]


def entries(recorded: Recorded[Event]) -> Iterable[Entry]:
    """The lines that a commit adds."""
    commit = recorded.commit
    for index, event in enumerate(commit.events):
        line = describe(event)
        if line is not None:
            yield Entry(
                occurred_at=event.occurred_at,
                recorded_at=commit.recorded_at,
                kind=line.kind,
                text=line.text,
                actor=commit.actor,
                position=recorded.position,
                index=index,
                event_id=event_id(commit.id, index),
            )


def in_order(lines: Iterable[Entry]) -> list[Entry]:
    """By occurred-at, then in the order of the log."""
    return sorted(lines, key=lambda line: (line.occurred_at, line.position, line.index))


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    incident, commit = incident_of(recorded), recorded.commit
    for index, event in enumerate(commit.events):
        line = describe(event)
        if line is not None:  # as in `entries`, without an object in between: half of the time
            yield Put(
                "entry",
                (
                    incident,
                    recorded.position,
                    index,
                    event.occurred_at,
                    commit.recorded_at,
                    line.kind,
                    line.text,
                    commit.actor,
                    event_id(commit.id, index),
                ),
            )


TIMELINE: Projection[None] = Projection(
    name="timeline",
    version=1,
    follows=FOLLOWS,
    tables=(
        Table(
            name="entry",
            columns=(
                Column("incident_id", "text"),
                Column("position", "bigint"),
                Column("index", "integer"),
                Column("occurred_at", "timestamptz"),
                Column("recorded_at", "timestamptz"),
                Column("kind", "text"),
                Column("text", "text"),
                Column("actor", "text"),
                Column("event_id", "text"),
            ),
            keys=3,
        ),
    ),
    key=incident_of,
    each=_rows,
)
