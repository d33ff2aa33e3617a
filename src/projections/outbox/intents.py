"""Intents: who is to be told of what, whatever the channel. The words are made when it is sent.

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
from domain.kernel.subject import Subject
from domain.notification import Audience
from domain.notification.ledger import INCIDENT, intent_id, key_of, named_by
from domain.policy import Severity
from domain.registry import AGGREGATES
from projections.incident.fold import NOTHING_FOLDED, IncidentFold
from projections.incident.fold import follow as follow_incident
from projections.projection import Projection, Put
from projections.table import put_into, table_of


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told to an audience about a subject, as `kind`; `position` orders what is
    told of one subject. Channels go by `peak`, the highest severity at which it was told of, and by
    the services of the subject, all that it was told to concern (none: it may concern any), so that
    who heard of its beginning hears of its end. Of a `drill` those alone tell that are marked.
    """

    id: str
    subject: Subject
    event_id: str
    position: int
    audience: Audience
    kind: str
    severity: Severity
    peak: Severity
    occurred_at: datetime
    recorded_at: datetime
    drill: bool = False

    @property
    def key(self) -> str:
        """What all intents about one subject share: that of its ledger."""
        return key_of(self.subject.aggregate, self.subject.id)

    @property
    def reference(self) -> str:
        """What people call the subject: its reference, or its key where it has none."""
        return self.subject.reference or self.key


def intent_of(row: Mapping[str, Any], audience: str) -> Intent:
    """What the event of a row tells an audience."""
    aggregate, id_ = named_by(row["subject"])
    subject = {"aggregate": aggregate, "id": id_, **{name: row[name] for name in _OF_SUBJECT}}
    shared = {name: row[name] for name in _SHARED}
    id_ = intent_id(row["event_id"], audience)
    return msgspec.convert({**shared, "id": id_, "subject": subject, "audience": audience}, Intent)


def intents_of(row: Mapping[str, Any]) -> list[Intent]:
    """What the event of a row tells everybody."""
    return [intent_of(row, audience) for audience in row["audiences"].split()]


class NotifiableRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is to be told; `subject` is the key of what it is about, `audiences` are words
    with spaces between them, and so are those of them that were `unreached`: no channel told them.
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
    unreached: str


NOTIFIABLE = table_of(
    NotifiableRow,
    name="notifiable",
    key=("position", "index"),
    types={"index": "integer"},
    indexes=(("subject",),),
    once=True,
)
_put = put_into(NOTIFIABLE, NotifiableRow)


def _shared_with(kind: type[msgspec.Struct], but: frozenset[str]) -> list[str]:
    columns = NotifiableRow.__struct_fields__
    return [each for each in kind.__struct_fields__ if each in columns and each not in but]


_OF_SUBJECT = _shared_with(Subject, frozenset())
_SHARED = _shared_with(Intent, frozenset({"subject"}))
"""What an intent says as its row does; the subject is there by its key."""


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


def _rows_of(aggregate: str) -> Callable[..., Iterable[Put]]:
    def rows(_: Fold, known: Fold, recorded: Recorded[Event]) -> Iterable[Put]:
        if not known.found:
            return ()
        commit, told, key = recorded.commit, known.told, key_of(aggregate, recorded.key)
        topic = told.topic
        return [
            _put(
                NotifiableRow(
                    position=recorded.position,
                    index=index,
                    subject=key,
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
                    unreached=" ".join(untold(item, commit)),
                )
            )
            for index, item in known.found
        ]

    return rows


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
                version=7,
                follows=(aggregate.stream(""),),
                tables=(NOTIFIABLE,),
                initial=initial,
                evolve=follow,
                snapshot=IncidentFold if follow is follow_incident else None,
                each=_rows_of(aggregate.name),
            )
        )
    first, *others = parts
    return msgspec.structs.replace(first, beside=tuple(others))


INTENTS = outbox()
