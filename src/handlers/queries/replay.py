"""Looking back at one aggregate: folded from the log alone, whatever read models say."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import EventStore
from projections.incident.timeline import Entry, entries, in_order

S = TypeVar("S")
V = TypeVar("V")


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """A look back. `as_of` leaves out what happened later, `known_at` what we learnt later; both
    together tell what was known at one time about another.
    """

    as_of: datetime | None = None
    known_at: datetime | None = None

    def __bool__(self) -> bool:
        return self.as_of is not None or self.known_at is not None

    @property
    def earlier(self) -> datetime:
        """The earlier of the two; one must be given."""
        return min(time for time in (self.as_of, self.known_at) if time is not None)

    def knows(self, recorded: Recorded[Event]) -> bool:
        """Whether a commit had been recorded by then."""
        return self.known_at is None or recorded.commit.recorded_at <= self.known_at

    def had(self, occurred_at: datetime) -> bool:
        """Whether something had happened by then."""
        return self.as_of is None or occurred_at <= self.as_of


class Replayed(msgspec.Struct, Generic[V], frozen=True, kw_only=True):
    """An aggregate as it was, None where nothing was known of it, and its timeline."""

    shown: V | None
    timeline: list[Entry]


async def replay(
    store: EventStore,
    aggregate: Aggregate[Any, S, Any],
    id_: str,
    cut: Cut,
    beside: Sequence[str] = (),
    tell: Callable[[Recorded[Event]], Iterable[Entry]] = entries,
) -> Replayed[Any]:
    """One aggregate as the log tells it, perhaps as of a time in the past. `beside` are streams
    whose events stand in its timeline as well, and `tell` gives the lines of a commit. Only an
    event that may begin one is the first: what was noted before is a line, but no state yet.
    Raises `Unavailable`.
    """
    assert aggregate.view is not None, f"{aggregate.name} has no view"
    state, position, begun = aggregate.initial, 0, False
    lines: list[Entry] = []
    for recorded in await store.load(aggregate.stream(id_)):
        if not cut.knows(recorded):
            continue
        lines.extend(tell(recorded))
        for event in recorded.commit.events:
            if cut.had(event.occurred_at) and (begun or isinstance(event, aggregate.begin)):
                state = aggregate.evolve(state, event, recorded.commit.actor)
                position, begun = recorded.position, True
    for stream in beside:
        for recorded in await store.load(stream):
            if cut.knows(recorded):
                lines.extend(tell(recorded))
    timeline = in_order(line for line in lines if cut.had(line.occurred_at))
    return Replayed(shown=aggregate.view.show(id_, state, position), timeline=timeline)
