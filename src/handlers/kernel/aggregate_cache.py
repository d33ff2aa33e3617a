"""Aggregates folded from the log and kept in memory, as far behind as the last look at the log."""

import asyncio
from collections import OrderedDict
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate
from domain.kernel.commit import Event, Recorded
from handlers.kernel.history import require
from handlers.kernel.ports import EventStore

S = TypeVar("S")


class Folded(msgspec.Struct, Generic[S]):
    """An aggregate up to `position`, and which commits it is made of: id → position, fingerprint.
    One that was `looked` for and not found is as good as one that was found: the log's lock tells.

    `lock` keeps the commands of this process for one aggregate in line, so that they conflict
    with those of other processes only.
    """

    state: S
    position: int = 0
    looked: bool = False
    commits: dict[str, tuple[int, str | None]] = {}
    lock: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)

    def add(self, aggregate: Aggregate[Any, S, Any], recorded: Recorded[Event]) -> None:
        """Fold one more commit."""
        self.take(aggregate.follow(self.state, recorded.commit), recorded)

    def take(self, state: S, recorded: Recorded[Event]) -> None:
        """Move on to the state after an entry of the log."""
        self.state = state
        self.position = recorded.position
        self.commits[recorded.commit.id] = (recorded.position, recorded.commit.fingerprint)


class Aggregates:
    """A bounded cache of folded aggregates. It may be stale: the log's optimistic lock tells."""

    def __init__(self, store: EventStore, *, capacity: int = 10_000) -> None:
        self._store = store
        self._capacity = capacity
        self._folded: OrderedDict[str, Folded[Any]] = OrderedDict()

    def entry(self, stream: str, aggregate: Aggregate[Any, S, Any]) -> Folded[S]:
        """What is known of the stream now, perhaps nothing; call `refresh` to catch up."""
        known = self._folded.get(stream)
        if known is None:
            known = self._folded[stream] = Folded(aggregate.initial)
            while len(self._folded) > self._capacity:
                self._folded.popitem(last=False)
        else:
            self._folded.move_to_end(stream)
        return known

    def forget(self, aggregate: Aggregate[Any, S, Any], known: Folded[S]) -> None:
        """Begin this one again, for what it was made of may not be there any more."""
        known.state, known.position, known.commits = aggregate.initial, 0, {}

    def forget_all(self) -> None:
        """Nothing is known of any."""
        self._folded.clear()

    async def refresh(
        self, stream: str, aggregate: Aggregate[Any, S, Any], known: Folded[S]
    ) -> bool:
        """Catch up with the log; whether anything was new. Raises `Unavailable`, `HalfHistory`:
        then it stands before what cannot be read.
        """
        news = await self._store.load(stream, after=known.position)
        for recorded in news:
            if recorded.position > known.position:
                state, why = aggregate.attempt(known.state, recorded)
                if why is not None:
                    require(aggregate, recorded.position, why)
                known.take(state, recorded)
        known.looked = True
        return bool(news)
