"""Looking back at one aggregate: folded from the log alone, whatever read models say."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from handlers.kernel.ports import EventStore
from projections.incident.lines import Entry, Tell, entries, timeline_then
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
    tell: Tell = entries,
) -> Replayed[Any]:
    """One aggregate as the log tells it, perhaps as of a time in the past. `beside` are streams
    whose events stand in its timeline as well, and `tell` gives the lines of a commit. There is a
    timeline when there is something to show: what was noted of the time before is not yet either.
    Raises `Unavailable`.
    """
    commits = await store.load(aggregate.stream(id_))
    also = [more for stream in beside for more in await store.load(stream)]
    return Replayed(
        shown=show_then(aggregate, id_, commits, cut),
        timeline=timeline_then(aggregate, commits, also, cut, tell) or [],
    )
