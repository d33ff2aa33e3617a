"""Hindsight: what is known now of what was recorded then.

A correction is knowledge, not an occurrence. It counts from when it was recorded, and for the time
of what it puts right: so the past as it is known now is the corrected one, and what was believed
then is had by leaving out what was learnt later.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.commit import Event, Recorded

S = TypeVar("S")


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it stood until somebody (`by`) put it right or retracted it at a time."""

    event: Event
    until: datetime
    by: str
    reason: str | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it reads now, with the versions before, the oldest first. Where it was
    `retracted`, the last of them says by whom, and why.
    """

    event: Event
    versions: tuple[Version, ...] = ()
    retracted: bool = False


class SeenWithHindsight(msgspec.Struct, frozen=True, kw_only=True):
    """What is known now of a history: the `readings` of events that were put right, by their ids,
    and the times for which corrections count (`corrections`), by theirs.
    """

    readings: Mapping[str, Reading] = {}
    corrections: Mapping[str, datetime] = {}

    def counts_at(self, id_: str, event: Event) -> datetime:
        """For which time an event counts."""
        reading = self.readings.get(id_)
        known = reading.event.occurred_at if reading else event.occurred_at
        return self.corrections.get(id_, known)


AS_RECORDED = SeenWithHindsight()


class Hindsight(msgspec.Struct, Generic[S], frozen=True):
    """How an aggregate is looked back on. `see` reads its commits, in the order of the log; `until`
    leaves out of a state what had not happened by a time; `moved` gives the time to which an event
    moves another one, if it does.
    """

    see: Callable[[Sequence[Recorded[Any]]], SeenWithHindsight]
    until: Callable[[S, datetime], S]
    moved: Callable[[Any], datetime | None]

    def times_of(self, events: Sequence[Event]) -> list[datetime]:
        """All times that these events speak of."""
        moved = (self.moved(event) for event in events)
        return [*(event.occurred_at for event in events), *(at for at in moved if at)]
