"""The outbox: the intents (`domain.notification.intent`) that follow from the log, as rows.

An intent follows from the log alone and has a deterministic id, so a rebuild makes the same ones
again; what has become of them is in the ledger (`domain.notification`), never here. What there is
to tell, and to whom, is said by each aggregate that has something to tell.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded, event_id
from domain.kernel.notifiable import NOTHING_FOUND, NOTHING_TOLD, Found, Notifiables, Told, untold
from domain.kernel.recipient import Recipient
from domain.notification.intent import INCIDENT, key_of
from domain.policy import Severity
from domain.registry import AGGREGATES
from projections.incident.fold import NOTHING_FOLDED, IncidentFold
from projections.incident.fold import follow as follow_incident
from projections.parts import PART, parts_beside
from projections.projection import Projection, Put
from projections.table import put_into, table_of


class NotifiableRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is to be told; `subject` is the key of what it is about, `audiences` are words
    with spaces between them, and so are those of them that were `unreached`: no channel told them;
    `opened_by` is who or what has opened the subject, `through` the channel that it is addressed
    to; what is for `admins` goes through channels that they read; what is for one `recipient`,
    through one that carries this `method` ("": it is for no single person).
    """

    position: int
    index: int
    subject: str
    reference: str | None
    title: str
    services: tuple[str, ...]
    event_id: str
    audiences: str
    kind: str
    severity: Severity
    peak: Severity
    occurred_at: datetime
    recorded_at: datetime
    drill: bool
    opened_by: str
    unreached: str
    through: str
    admins: bool
    method: str = ""
    recipient: Recipient | None = None


NOTIFIABLE = table_of(
    NotifiableRow,
    name="notifiable",
    key=("position", "index"),
    about=("subject",),
    types={"index": "integer"},
    indexes=(("subject",),),
    once=True,
)
_put = put_into(NOTIFIABLE, NotifiableRow)


class Fold(Protocol):
    """What has to be known of an aggregate after a commit, besides its state."""

    @property
    def told(self) -> Told: ...

    @property
    def found(self) -> Found: ...


class AggregateFold(msgspec.Struct, frozen=True):
    """An aggregate after a commit, what has been told of it, and what the commit has to tell."""

    state: Any
    told: Told = NOTHING_TOLD
    found: Found = NOTHING_FOUND


Follow = Callable[[Any, Recorded[Event]], Any]

SHARED_FOLDS: Mapping[str, tuple[Fold, Follow]] = {INCIDENT: (NOTHING_FOLDED, follow_incident)}
"""Folds that other read models keep as well: what is folded once, a rebuild folds once for all."""


def _fold_of(aggregate: AnyAggregate, rules: Notifiables[Any, Any]) -> tuple[Fold, Follow]:
    evolve = aggregate.decider.evolve

    def follow(known: AggregateFold, recorded: Recorded[Event]) -> AggregateFold:
        return AggregateFold(*rules.follow(evolve, known.state, known.told, recorded.commit))

    return AggregateFold(aggregate.decider.initial), follow


def told_in(
    aggregate: str, recorded: Recorded[Event], told: Told, found: Found
) -> list[NotifiableRow]:
    """The rows of a commit that tells this, where this has been told up to and with it."""
    commit, topic = recorded.commit, told.topic
    return [
        NotifiableRow(
            position=recorded.position,
            index=index,
            subject=key_of(aggregate, recorded.key),
            reference=topic.reference,
            title=topic.title,
            services=told.services,
            event_id=event_id(commit.id, index),
            audiences=" ".join(item.audiences),
            kind=item.kind,
            severity=topic.severity,
            peak=told.peak,
            occurred_at=commit.events[index].occurred_at,
            recorded_at=commit.recorded_at,
            drill=topic.drill,
            opened_by=topic.opened_by,
            unreached=" ".join(untold(item, commit)),
            through=item.through,
            admins=item.admins,
            method=item.recipient.method if item.recipient else "",
            recipient=item.recipient,
        )
        for index, item in found
    ]


def _rows_of(aggregate: str) -> Callable[..., Iterable[Put]]:
    def rows(_: Fold, known: Fold, recorded: Recorded[Event]) -> Iterable[Put]:
        if not known.found:
            return ()
        return [_put(row) for row in told_in(aggregate, recorded, known.told, known.found)]

    return rows


_VERSION = 14


def outbox(aggregates: Iterable[AnyAggregate] = AGGREGATES) -> Projection[Any]:
    """The intents of all aggregates that have something to tell, each with states of its own."""
    parts = []
    for aggregate in aggregates:
        if (rules := aggregate.notifiables) is None:
            continue
        initial, follow = SHARED_FOLDS.get(aggregate.name) or _fold_of(aggregate, rules)
        parts.append(
            Projection[Any](
                name="intents",
                version=_VERSION,
                follows=(aggregate.stream(""),),
                tables=(NOTIFIABLE, PART),
                initial=initial,
                evolve=follow,
                snapshot=IncidentFold if follow is follow_incident else None,
                each=_rows_of(aggregate.name),
            )
        )
    first, *others = parts
    beside = (*others, *parts_beside(first.name, _VERSION))
    return msgspec.structs.replace(first, beside=beside)


INTENTS = outbox()
