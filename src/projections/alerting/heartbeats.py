"""Heartbeats that are watched: a row each, with when it was heard and since when it is silent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from domain.alerting import HEARTBEAT
from domain.alerting.heartbeat import Heartbeat
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from projections.projection import Change, Drop, Projection
from projections.read_model import Nothing, Question, Resource
from projections.table import put_into, table_of


class HeartbeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """One that is watched `since` a time: `awaited` until it is heard, then `alive` or `silent`,
    `silent_since` when it was due. Null: it was never heard, is not silent, or names none.
    """

    name: str
    status: str
    heard_at: datetime | None
    silent_since: datetime | None
    due_at: datetime | None
    since: datetime
    silence_s: int
    severity: Severity
    service: str | None


BEATS = table_of(HeartbeatRow, name="beats", key=("name",), about=())
_put = put_into(BEATS, HeartbeatRow)


def _evolve(beat: Heartbeat, recorded: Recorded[Event]) -> Heartbeat:
    return HEARTBEAT.follow(beat, recorded.commit)  # type: ignore[arg-type]


def status_of(beat: Heartbeat) -> str:
    """How it stands, in a word."""
    if beat.silent_since is not None:
        return "silent"
    return "alive" if beat.heard_at else "awaited"


def _show(name: str, beat: Heartbeat) -> Iterable[Change]:
    if beat.settings is None or beat.since is None:
        yield Drop(BEATS.name, (name,))
        return
    yield _put(
        HeartbeatRow(
            name=name,
            status=status_of(beat),
            heard_at=beat.heard_at,
            silent_since=beat.silent_since,
            due_at=beat.due_at if beat.silent_since is None else None,
            since=beat.since,
            silence_s=beat.settings.silence_s,
            severity=beat.settings.severity,
            service=beat.settings.service,
        )
    )


HEARTBEATS: Projection[Heartbeat] = Projection(
    name="heartbeats",
    version=1,
    follows=("heartbeat.",),
    tables=(BEATS,),
    initial=Heartbeat(),
    evolve=_evolve,
    show=_show,
)


LIST_HEARTBEATS = Question(
    of=HEARTBEATS.name,
    sql="SELECT * FROM {beats} ORDER BY name LIMIT 1000",
    takes=Nothing,
    answer=HeartbeatRow,
)
HEARTBEAT_LIST = Resource(
    path="/v1/heartbeats",
    operation_id="list_heartbeats",
    tag="signals",
    description="Heartbeats that are watched, by name.",
    question=LIST_HEARTBEATS,
    waits=True,
)


class WatchedSince(msgspec.Struct, frozen=True):
    """All that are watched, whenever that began."""

    since: datetime


WATCHED: Question[Any, str] = Question(
    of=HEARTBEATS.name,
    sql="SELECT name FROM {beats} WHERE since <= greatest($since, now()) ORDER BY name",
    takes=WatchedSince,
    answer=str,
    whole=True,
)
