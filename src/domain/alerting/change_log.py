"""What is on record of changes of systems that sources tell of: each once.

The events are on disk for ever: rename nothing, add optional fields, or supersede a tag.
"""

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from domain.incident.system_change import SystemChange
from domain.kernel.commit import Event, Instant
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.totality import kinds

AGAIN = timedelta(minutes=10)
"""Within so long the same words without a time are the same change, sent twice."""


class ChangeReported(
    Event, frozen=True, kw_only=True, omit_defaults=True, tag="change.reported.v1"
):
    """A system was changed. `signal` told of it, at this `place` of its body."""

    change: SystemChange
    signal: int = 0
    place: int = 0


ChangeEvent = ChangeReported

EVENTS: tuple[type[ChangeEvent], ...] = kinds(ChangeEvent)


class ReportChange(msgspec.Struct, frozen=True, kw_only=True):
    """Put a change on record, made `at` that time; `stated`: its sender says so."""

    change: SystemChange
    at: Instant
    stated: bool
    signal: int
    place: int


PHASES = ("unreported", "reported")
"""The phases that one goes through, in the words of documents: samples lead into each."""


class ChangeTally(msgspec.Struct, frozen=True):
    """How often a change of these words was made, and when it was last heard of."""

    count: int = 0
    heard_at: datetime | None = None


def decide(command: ReportChange, state: ChangeTally, _: Context) -> list[ChangeEvent]:
    """Whether it is news. With a time of its own a change is one however often it is told."""
    change = command.change
    if state.heard_at is not None:
        if command.stated or abs(change.heard_at - state.heard_at) < AGAIN:
            return []
        change = replace(change, id=f"{change.id}/{state.count + 1}")
    return [
        ChangeReported(
            occurred_at=command.at, change=change, signal=command.signal, place=command.place
        )
    ]


def evolve(state: ChangeTally, event: ChangeEvent, _: str = UNKNOWN) -> ChangeTally:
    """What is known after one more event."""
    return ChangeTally(state.count + 1, event.change.heard_at)
