"""Deliveries: what became of each intent through each channel, from the ledger alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from domain.incident import INCIDENT
from domain.kernel.commit import Event, Recorded
from domain.notification import LEDGER, Audience, Ledger, NotificationEvent
from projections.cursor import Falling, cursor_of
from projections.projection import Projection, Put
from projections.read_model import Paging, Question, Resource
from projections.table import put_into, table_of


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One intent through one channel. `status` is attempting, waiting, requeued, delivered, dead
    or suppressed; `due_at` is when a worker may try (again), null when it is settled; `settled_at`
    when that was; `position` is that of the last change.
    """

    intent_id: str
    channel: str
    incident_id: str
    """The key of its subject, see `key_of`: of an incident its id."""
    audience: Audience
    subject: str
    status: str
    attempts: int
    reason: str | None
    receipt: str | None
    since: datetime
    due_at: datetime | None
    settled_at: datetime | None
    position: int


def delivery(recorded: Recorded[Event], event: NotificationEvent, ledger: Ledger) -> Delivery:
    """The row of the intent and channel that the event is about."""
    entry = ledger.of(event.intent_id, event.channel)
    assert entry is not None
    phase = entry.phase
    return Delivery(
        intent_id=event.intent_id,
        channel=event.channel,
        incident_id=recorded.key,
        audience=entry.audience,
        subject=entry.subject,
        status=str(phase.__struct_config__.tag),
        attempts=entry.attempts,
        reason=getattr(phase, "reason", None),
        receipt=getattr(phase, "receipt", None),
        since=entry.since,
        due_at=entry.due_at,
        settled_at=getattr(phase, "at", None),
        position=recorded.position,
    )


def _evolve(ledger: Ledger, recorded: Recorded[Event]) -> Ledger:
    return LEDGER.follow(ledger, recorded.commit)  # type: ignore[arg-type]


def _rows(_before: Ledger, after: Ledger, recorded: Recorded[Event]) -> Iterable[Put]:
    for event in recorded.commit.events:
        yield _put(delivery(recorded, event, after))  # type: ignore[arg-type]


_TABLE = table_of(
    Delivery,
    name="delivery",
    key=("intent_id", "channel"),
    types={"attempts": "integer"},
    indexes=(
        ("channel", "due_at"),
        ("incident_id", "position", "intent_id", "channel"),
        ("status",),
    ),
)
_put = put_into(_TABLE, Delivery)

DELIVERIES: Projection[Ledger] = Projection(
    name="deliveries",
    version=2,
    follows=("notification.",),
    tables=(_TABLE,),
    initial=Ledger(),
    evolve=_evolve,
    each=_rows,
)


class DeliveriesPage(Falling, frozen=True, kw_only=True):
    """Those about one incident, behind the place `after`."""

    id: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1_000


DELIVERIES_OF = Question(
    of=DELIVERIES.name,
    sql="""
        SELECT * FROM {delivery} WHERE incident_id = $id
        AND (position, intent_id, channel) < ($first, $second, $third)
        ORDER BY position DESC, intent_id DESC, channel DESC LIMIT $limit
    """,
    takes=DeliveriesPage,
    answer=Delivery,
)
"""What became of the notifications about an incident, the latest change first."""


class DeliveriesWhere(Falling, frozen=True, kw_only=True):
    """Those about one subject, of one status, through one channel, behind the place `after`; None:
    whatever it is. A channel of the configuration stands for several where each recipient has one:
    `mail-<digest>`.
    """

    key: str | None = None
    status: str | None = None
    channel: str | None = None
    limit: int = 1_000


DELIVERIES_WHERE = Question(
    of=DELIVERIES.name,
    sql="""
        SELECT * FROM {delivery}
        WHERE ($key::text IS NULL OR incident_id = $key)
        AND ($status::text IS NULL OR status = $status)
        AND ($channel::text IS NULL OR channel = $channel
            OR regexp_replace(channel, '-' || repeat('[0-9a-f]', 10) || '$', '') = $channel)
        AND (position, intent_id, channel) < ($first, $second, $third)
        ORDER BY position DESC, intent_id DESC, channel DESC LIMIT $limit
    """,
    takes=DeliveriesWhere,
    answer=Delivery,
)
"""What became of notifications about anything, the latest change first."""
TOLD_OF_INCIDENT = Resource(
    path="/v1/incidents/{ref}/deliveries",
    operation_id="list_deliveries",
    tag="queries",
    summary="Deliveries",
    description="Who was told what about an incident, through which channel, with what result.",
    question=DELIVERIES_OF,
    about=INCIDENT,
    paging=Paging(
        by="after", place=lambda last: cursor_of(last.position, last.intent_id, last.channel)
    ),
)
