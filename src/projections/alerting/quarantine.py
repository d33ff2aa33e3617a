"""What waits in quarantine, and what became of what did: one row per signal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, assert_never, cast

import msgspec
from msgspec.structs import replace

from domain.alerting.quarantine import (
    QuarantineEvent,
    SignalDiscarded,
    SignalPassedOver,
    SignalQuarantined,
    SignalReleased,
)
from domain.kernel.commit import Event, Recorded
from domain.policy import Severity
from projections.projection import Change, Projection
from projections.read_model import Nothing, Paging, Question, Resource, Whole
from projections.table import put_into, table_of

PREFIX = "signal."


class QuarantinedSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal that was in quarantine at least once. `reason` is the latest; `note` is why it
    was given up.
    """

    position: int
    product: str
    source: str
    code: str
    reason: str
    received_at: datetime
    quarantined_at: datetime
    body_bytes: int
    severity: Severity | None = None
    tells: bool = False
    status: Literal["quarantined", "released", "discarded"] = "quarantined"
    settled_at: datetime | None = None
    incidents: tuple[str, ...] = ()
    note: str | None = None


CASES = table_of(
    QuarantinedSignal,
    name="cases",
    key=("position",),
    about=("incidents",),
    indexes=(("status", "position"),),
)
_put = put_into(CASES, QuarantinedSignal)


def follow_quarantine(
    known: QuarantinedSignal | None, recorded: Recorded[Event]
) -> QuarantinedSignal | None:
    """A signal that was in quarantine, after one more commit."""
    for event in recorded.commit.events:
        known = _follow(known, int(recorded.key), cast("QuarantineEvent", event))
    return known


def _follow(
    known: QuarantinedSignal | None, position: int, event: QuarantineEvent
) -> QuarantinedSignal | None:
    match event:
        case SignalPassedOver():
            return known
        case SignalQuarantined():
            return QuarantinedSignal(
                position=position,
                product=event.product,
                source=event.source,
                code=event.code,
                reason=event.reason,
                received_at=event.received_at,
                quarantined_at=known.quarantined_at if known else event.occurred_at,
                body_bytes=event.body_bytes,
                severity=event.severity,
                tells=event.tells,
            )
        case SignalReleased(occurred_at=at, incidents=incidents):
            given = {"incidents": incidents, "note": None}
            return known and replace(known, status="released", settled_at=at, **given)
        case SignalDiscarded(occurred_at=at, reason=reason):
            return known and replace(known, status="discarded", settled_at=at, note=reason)
    assert_never(event)


def _show(_: str, known: QuarantinedSignal | None) -> Iterable[Change]:
    if known is not None:
        yield _put(known)


QUARANTINE: Projection[QuarantinedSignal | None] = Projection(
    name="quarantine",
    version=4,
    follows=(PREFIX,),
    tables=(CASES,),
    evolve=follow_quarantine,
    show=_show,
)


class QuarantineFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Those that wait, or `all` that ever did; `after` is the position of the last one seen."""

    all: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1_000
    after: Whole = 0


def _first(which: str) -> str:
    return f"""
        (SELECT * FROM {{cases}} WHERE {which} AND position > $after
        ORDER BY position LIMIT $limit)
    """  # noqa: S608 - written here


QUARANTINED = Question(
    of=QUARANTINE.name,
    sql=f"""
        SELECT * FROM (
            {_first("$all::boolean")} UNION ALL {_first("NOT $all AND status = 'quarantined'")}
        ) AS found ORDER BY position
    """,  # noqa: S608
    takes=QuarantineFilter,
    answer=QuarantinedSignal,
)


QUARANTINE_SIZE = Question(
    of=QUARANTINE.name,
    sql="SELECT count(*) FROM {cases} WHERE status = 'quarantined'",
    takes=Nothing,
    answer=int,
    whole=True,
)
"""How many wait."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Signals of a source that wait for one reason; `position` and `reason` are of the first."""

    product: str
    source: str
    code: str
    count: int
    position: int
    reason: str
    severity: Severity | None
    since: datetime
    last: datetime


WAITING_CAUSES = Question(
    of=QUARANTINE.name,
    sql="""
        SELECT product, source, code, count(*) AS count, min(position) AS position,
            (array_agg(reason ORDER BY position))[1] AS reason, min(severity) AS severity,
            min(quarantined_at) AS since, max(quarantined_at) AS last
        FROM {cases} WHERE status = 'quarantined' AND tells GROUP BY product, source, code
        ORDER BY min(severity), count(*) DESC, product, source, code
    """,
    takes=Nothing,
    answer=Cause,
)
"""What waits and tells so, by cause, the most severe and most frequent first."""
QUARANTINE_LIST = Resource(
    path="/v1/quarantine",
    operation_id="list_quarantine",
    tag="intake",
    description="Signals that wait to be understood; with `all`, also those released or discarded.",
    question=QUARANTINED,
    answers=list[dict[str, Any]],
    answer=lambda _, found, __: [msgspec.structs.asdict(each) for each in found.items],
    paging=Paging(by="after", place=lambda last: last.position),
)
