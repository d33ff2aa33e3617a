"""Intents: who is to be told of what, whatever the channel. The words are made when it is sent.

An intent follows from the log alone and has a deterministic id, so a rebuild makes the same ones
again; what has become of them is in the ledger (`domain.notification`), never here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from domain.incident.state import Undeclared
from domain.kernel.commit import Event, Recorded, event_id
from domain.notification import Audience
from domain.policy import Severity
from projections.incident.fold import NOTHING_FOLDED, IncidentFold, follow
from projections.projection import Column, Projection, Put, Table


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be told to an audience. `kind` is that of the news; `position` orders those of
    an incident. Channels go by `peak`, the highest severity at which it was told of, and by
    `services`, all that it was told to concern (none: it may concern any), so that who heard of
    its beginning hears of its end.
    """

    id: str
    incident_id: str
    reference: str
    event_id: str
    position: int
    audience: Audience
    kind: str
    severity: Severity
    peak: Severity
    services: tuple[str, ...]
    occurred_at: datetime
    recorded_at: datetime


def intent_id(event: str, audience: str) -> str:
    """The permanent id of what an event tells an audience; 32 hexadecimal digits."""
    return sha256(f"{event} {audience}".encode()).hexdigest()[:32]


def intent_of(row: Mapping[str, Any], audience: str) -> Intent:
    """What the event of a row tells an audience."""
    derived = {"id": intent_id(row["event_id"], audience), "audience": audience}
    return msgspec.convert({**{name: row[name] for name in _SHARED}, **derived}, Intent)


def told(row: Mapping[str, Any]) -> list[Intent]:
    """What the event of a row tells everybody."""
    return [intent_of(row, audience) for audience in row["audiences"].split()]


def _rows(_: IncidentFold, known: IncidentFold, recorded: Recorded[Event]) -> Iterable[Put]:
    if not known.news or type(known.incident) is Undeclared:
        return ()
    commit, facts, incident_id = recorded.commit, known.incident.facts, recorded.key
    return [
        Put(
            NEWS.name,
            (
                recorded.position,
                index,
                incident_id,
                facts.reference,
                event_id(commit.id, index),
                " ".join(item.audiences),
                item.kind,
                facts.severity,
                known.peak,
                known.services,
                commit.events[index].occurred_at,
                commit.recorded_at,
            ),
        )
        for index, item in known.news
    ]


NEWS = Table(
    name="news",
    columns=(
        Column("position", "bigint"),
        Column("index", "integer"),
        Column("incident_id", "text"),
        Column("reference", "text"),
        Column("event_id", "text"),
        Column("audiences", "text"),
        Column("kind", "text"),
        Column("severity", "text"),
        Column("peak", "text"),
        Column("services", "text[]"),
        Column("occurred_at", "timestamptz"),
        Column("recorded_at", "timestamptz"),
    ),
    keys=2,
    indexes=(("incident_id",),),
    once=True,
)
"""One row for each event that is news; `audiences` are words with spaces between them."""

_SHARED = [column.name for column in NEWS.columns if column.name in Intent.__struct_fields__]

INTENTS: Projection[IncidentFold] = Projection(
    name="intents",
    version=3,
    follows=("incident.",),
    tables=(NEWS,),
    initial=NOTHING_FOLDED,
    evolve=follow,
    each=_rows,
)
