"""Changes of systems, by when they were made: what is looked up as an incident begins."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from domain.alerting import ChangeReported
from domain.incident.system_change import SystemChange
from domain.kernel.commit import Event, Recorded
from projections.projection import Projection, Put
from projections.read_model import Nothing, Question
from projections.table import put_into, table_of

PREFIX = "change."


class KnownChange(msgspec.Struct, frozen=True, kw_only=True):
    """A change, made at that time."""

    id: str
    at: datetime
    change: SystemChange


CHANGE = table_of(KnownChange, name="change", key=("id",), about=(), indexes=(("at", "id"),))
_put = put_into(CHANGE, KnownChange)


def _rows(_before: None, _after: None, recorded: Recorded[Event]) -> Iterable[Put]:
    for event in recorded.commit.events:
        if isinstance(event, ChangeReported):
            yield _put(KnownChange(id=event.change.id, at=event.occurred_at, change=event.change))


CHANGES: Projection[None] = Projection(
    name="changes", version=1, follows=(PREFIX,), tables=(CHANGE,), each=_rows
)


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """A period, both ends included; the latest `limit` of it."""

    since: datetime
    until: datetime
    limit: int


CHANGES_WITHIN = Question(
    of=CHANGES.name,
    sql="""
        SELECT * FROM {change} WHERE at >= $since AND at <= $until
        ORDER BY at DESC, id DESC LIMIT $limit
    """,
    takes=Within,
    answer=KnownChange,
)
"""The changes of a period, the latest first."""


ANY_CHANGE = Question(
    of=CHANGES.name,
    sql="SELECT id FROM {change} LIMIT 1",
    takes=Nothing,
    answer=str,
    whole=True,
)
"""One, if anybody has ever told of a change."""
