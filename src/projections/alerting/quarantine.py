"""What waits in quarantine, and what became of what did: one row per signal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec

from domain.alerting.quarantine import SignalDiscarded, SignalQuarantined, SignalReleased
from domain.kernel.commit import Event, Recorded
from projections.projection import Change, Column, Projection, Put, Table

PREFIX = "signal."


class QuarantinedSignal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signal that was in quarantine at least once. `reason` is the latest; `note` is why it
    was given up.
    """

    position: int = 0
    product: str = ""
    source: str = ""
    code: str = ""
    reason: str = ""
    received_at: datetime | None = None
    quarantined_at: datetime | None = None
    body_bytes: int = 0
    status: Literal["quarantined", "released", "discarded"] = "quarantined"
    settled_at: datetime | None = None
    incidents: tuple[str, ...] = ()
    note: str | None = None


CASES = Table(
    name="cases",
    columns=(
        Column("position", "bigint"),
        Column("product", "text"),
        Column("source", "text"),
        Column("code", "text"),
        Column("reason", "text"),
        Column("received_at", "timestamptz"),
        Column("quarantined_at", "timestamptz"),
        Column("body_bytes", "bigint"),
        Column("status", "text"),
        Column("settled_at", "timestamptz", null=True),
        Column("incidents", "text[]"),
        Column("note", "text", null=True),
    ),
    indexes=(("status", "position"),),
)


def _evolve(case: QuarantinedSignal, recorded: Recorded[Event]) -> QuarantinedSignal:
    for event in recorded.commit.events:
        case = _one(case, int(recorded.stream.removeprefix(PREFIX)), event)
    return case


def _one(case: QuarantinedSignal, position: int, event: Event) -> QuarantinedSignal:
    match event:
        case SignalQuarantined():
            return QuarantinedSignal(
                position=position,
                product=event.product,
                source=event.source,
                code=event.code,
                reason=event.reason,
                received_at=event.received_at,
                quarantined_at=case.quarantined_at or event.occurred_at,
                body_bytes=event.body_bytes,
            )
        case SignalReleased():
            return msgspec.structs.replace(
                case,
                status="released",
                settled_at=event.occurred_at,
                incidents=event.incidents,
                note=None,
            )
        case SignalDiscarded():
            return msgspec.structs.replace(
                case, status="discarded", settled_at=event.occurred_at, note=event.reason
            )
        case _:
            return case


def _show(_: str, case: QuarantinedSignal) -> Iterable[Change]:
    row = msgspec.structs.asdict(case)
    yield Put(CASES.name, tuple(row[column.name] for column in CASES.columns))


QUARANTINE: Projection[QuarantinedSignal] = Projection(
    name="quarantine",
    version=1,
    follows=(PREFIX,),
    tables=(CASES,),
    initial=QuarantinedSignal(),
    evolve=_evolve,
    show=_show,
)
