"""Deliveries: what became of each intent through each channel, from the ledger alone."""

# ruff: noqa: S608 - names of ours

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from domain.incident import INCIDENT
from domain.kernel.aggregate import AnyAggregate, one_of
from domain.kernel.commit import Event, Recorded
from domain.notification import LEDGER, Audience, Ledger, NotificationEvent
from domain.notification.intent import key_of, named_by
from projections.cursor import Falling, cursor_of
from projections.parts import PART, parts_beside
from projections.projection import Projection, Put
from projections.read_model import Paging, Question, ReadModel, Resource
from projections.table import put_into, table_of

Status = Literal["attempting", "waiting", "requeued", "delivered", "dead", "suppressed"]


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One intent through one channel, about the subject that is the `aggregate` of this `id`.
    `status` is attempting, waiting, requeued, delivered, dead
    or suppressed; `due_at` is when a worker may try (again), null when it is settled; `settled_at`
    when that was; `position` is that of the last change.
    """

    intent_id: str
    channel: str
    aggregate: str
    id: str
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


class Delivery(DeliveryRow, frozen=True, kw_only=True):
    """One notification through one channel: what became of telling of the `aggregate` of this `id`.
    `incident_id` is the same id where that is an incident, null where it is anything else. `status`
    is attempting, waiting, requeued, delivered, dead or suppressed; `due_at` is when it is tried
    (again), null when it is settled; `settled_at` when that was; `position` is that of the last
    change.
    """

    incident_id: str | None

    @property
    def key(self) -> str:
        """That of its ledger."""
        return key_of(self.aggregate, self.id)


def delivery(recorded: Recorded[Event], event: NotificationEvent, ledger: Ledger) -> DeliveryRow:
    """The row of the intent and channel that the event is about."""
    entry = ledger.of(event.intent_id, event.channel)
    assert entry is not None
    phase = entry.phase
    aggregate, id_ = named_by(recorded.key)
    return DeliveryRow(
        intent_id=event.intent_id,
        channel=event.channel,
        aggregate=aggregate,
        id=id_,
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
    DeliveryRow,
    name="delivery",
    key=("intent_id", "channel"),
    about=("id",),
    types={"attempts": "integer"},
    indexes=(
        ("channel", "due_at"),
        ("aggregate", "id", "position", "intent_id", "channel"),
        ("status",),
    ),
)
_put = put_into(_TABLE, DeliveryRow)

_VERSION = 5
DELIVERIES: Projection[Ledger] = Projection(
    name="deliveries",
    version=_VERSION,
    follows=("notification.",),
    tables=(_TABLE, PART),
    initial=Ledger(),
    evolve=_evolve,
    each=_rows,
    beside=parts_beside("deliveries", _VERSION),
)


_SHOWN = f"*, CASE WHEN aggregate = '{INCIDENT.name}' THEN id END AS incident_id"
_BEHIND = """(position, intent_id, channel) < ($first, $second, $third)
        ORDER BY position DESC, intent_id DESC, channel DESC LIMIT $limit"""
_PAGING = Paging(
    by="after", place=lambda last: cursor_of(last.position, last.intent_id, last.channel)
)


class DeliveriesPage(Falling, frozen=True, kw_only=True):
    """Those about one subject, behind the place `after`."""

    id: str
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1_000


class DeliveriesWhere(Falling, frozen=True, kw_only=True):
    """Those about one subject, of one status, through one channel, behind the place `after`; None:
    whatever it is. A channel of the configuration stands for several where each recipient has one:
    `mail-<digest>`.
    """

    aggregate: str | None = None
    id: str | None = None
    status: Status | None = None
    channel: str | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 1_000


DELIVERIES_WHERE = Question(
    of=DELIVERIES.name,
    sql=f"""
        SELECT {_SHOWN} FROM {{delivery}}
        WHERE ($aggregate::text IS NULL OR aggregate = $aggregate)
        AND ($id::text IS NULL OR id = $id)
        AND ($status::text IS NULL OR status = $status)
        AND ($channel::text IS NULL OR channel = $channel
            OR regexp_replace(channel, '-' || repeat('[0-9a-f]', 10) || '$', '') = $channel)
        AND {_BEHIND}
    """,
    takes=DeliveriesWhere,
    answer=Delivery,
)
"""What became of notifications about anything, the latest change first."""


def deliveries_about(aggregate: AnyAggregate) -> Question[..., Delivery]:
    """What became of the notifications about one of an aggregate, the latest change first."""
    return Question(
        of=DELIVERIES.name,
        sql=f"""
        SELECT {_SHOWN} FROM {{delivery}}
        WHERE aggregate = '{aggregate.name}' AND id = $id AND {_BEHIND}
    """,
        takes=DeliveriesPage,
        answer=Delivery,
    )


def told_of(aggregate: AnyAggregate) -> Resource:
    """The list about one of an aggregate."""
    return Resource(
        path=f"/v1/{aggregate.plural}/{{ref}}/deliveries",
        operation_id=aggregate.qualified("list_deliveries"),
        tag="queries",
        summary="Deliveries",
        description=f"Who was told what about {one_of(aggregate)}, through which channel, with what"
        " result.",
        question=deliveries_about(aggregate),
        about=aggregate,
        paging=_PAGING,
    )


_TOLD_OF_ANYTHING = Resource(
    path="/v1/deliveries",
    operation_id="list_all_deliveries",
    tag="queries",
    summary="All deliveries",
    description="Who was told what about anything, through which channel, with what result: about"
    " the\n`aggregate` of this `id`, of one `status`, through one `channel`.",
    question=DELIVERIES_WHERE,
    paging=_PAGING,
)


def deliveries_of(aggregates: Iterable[AnyAggregate]) -> ReadModel:
    """The read model, with a list about each of these aggregates that people can name and that has
    something to tell, and one about anything.
    """
    telling = (each for each in aggregates if each.notifiables and each.commands)
    return ReadModel(projection=DELIVERIES, resources=(*map(told_of, telling), _TOLD_OF_ANYTHING))
