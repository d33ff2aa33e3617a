"""Looking back at one aggregate: folded from the log alone, whatever read models say."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import EventStore
from projections.incident.timeline import Entry, entries, in_order
from projections.past import Cut, show_then

S = TypeVar("S")
V = TypeVar("V")


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
    commits = await store.load(aggregate.stream(id_))
    lines: list[Entry] = []
    for recorded in [*commits, *[more for stream in beside for more in await store.load(stream)]]:
        if cut.knows(recorded):
            lines.extend(tell(recorded))
    timeline = in_order(line for line in lines if cut.had(line.occurred_at))
    return Replayed(shown=show_then(aggregate, id_, commits, cut), timeline=timeline)
