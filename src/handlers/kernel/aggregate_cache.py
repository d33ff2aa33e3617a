"""Aggregates folded from the log and kept in memory, as far behind as the last look at the log."""

import asyncio
from array import array
from collections import OrderedDict
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import msgspec

from domain.kernel.aggregate import Aggregate, AnyAggregate
from domain.kernel.commit import Event, Recorded
from handlers.kernel.history import require
from handlers.kernel.ports import EventStore
from handlers.kernel.snapshots import EVERY, Snapshots, SnapshotsOf

S = TypeVar("S")


class Kept(msgspec.Struct, Generic[S], frozen=True):
    """An aggregate in a snapshot: its state, and digests of the ids of all commits that it is made
    of, 8 bytes each.
    """

    state: S
    ids: bytes


class Folded(msgspec.Struct, Generic[S]):
    """An aggregate up to `position`, and which commits it is made of: id → position, fingerprint.
    One that was `looked` for and not found is as good as one that was found: the log's lock tells.

    `lock` keeps the commands of this process for one aggregate in line, so that they conflict
    with those of other processes only. `kept` are digests of the ids in the last snapshot, `fresh`
    the ids behind it. Where it began from a snapshot, no more than the digest is known of those in
    `half_known`.
    """

    state: S
    position: int = 0
    looked: bool = False
    commits: dict[str, tuple[int, str | None]] = {}
    kept: "array[int]" = msgspec.field(default_factory=lambda: array("Q"))
    fresh: list[str] = []
    half_known: frozenset[int] = frozenset()
    lock: asyncio.Lock = msgspec.field(default_factory=asyncio.Lock)

    def add(self, aggregate: Aggregate[Any, S, Any], recorded: Recorded[Event]) -> None:
        """Fold one more commit."""
        self.take(aggregate.follow(self.state, recorded.commit), recorded)

    def take(self, state: S, recorded: Recorded[Event]) -> None:
        """Move on to the state after an entry of the log."""
        self.state = state
        self.position = recorded.position
        self.commits[recorded.commit.id] = (recorded.position, recorded.commit.fingerprint)
        self.fresh.append(recorded.commit.id)

    def is_half_known(self, commit_id: str) -> bool:
        """Whether there may be a commit of this id of which no more is known."""
        return bool(self.half_known) and _digest(commit_id) in self.half_known

    def begin_again(self, state: S, position: int = 0, ids: bytes = b"") -> None:
        """Know nothing but this."""
        self.state, self.position, self.commits, self.fresh = state, position, {}, []
        self.kept = array("Q", ids)
        self.half_known = frozenset(self.kept)


class Aggregates:
    """A bounded cache of folded aggregates. It may be stale: the log's optimistic lock tells."""

    def __init__(
        self, store: EventStore, snapshots: Snapshots | None = None, *, capacity: int = 10_000
    ) -> None:
        self._store = store
        self._snapshots = snapshots
        self._kinds: dict[str, SnapshotsOf[Kept[Any]]] = {}
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
        known.begin_again(aggregate.initial)

    def forget_all(self) -> None:
        """Nothing is known of any."""
        self._folded.clear()

    async def refresh(
        self, stream: str, aggregate: Aggregate[Any, S, Any], known: Folded[S]
    ) -> bool:
        """Catch up with the log; whether anything was new. Raises `Unavailable`, `HalfHistory`:
        then it stands before what cannot be read.
        """
        before = known.position
        kept = self._kept(aggregate)
        if kept is None or known.looked or before:
            news = await self._store.load(stream, after=before)
        else:
            recalled = await kept.recall(self._store, stream)
            news = recalled.behind
            if recalled.state is not None:
                known.begin_again(recalled.state.state, recalled.position, recalled.state.ids)
        for recorded in news:
            self._add(aggregate, known, recorded)
        known.looked = True
        if news:
            self.keep_if_long(aggregate, known, news[-1])
        return known.position > before

    async def load_whole(
        self, stream: str, aggregate: Aggregate[Any, S, Any], known: Folded[S]
    ) -> None:
        """Fold all of its history, so that all of its commits are known. Raises as `refresh`."""
        history = await self._store.load(stream)
        known.begin_again(aggregate.initial)
        for recorded in history:
            self._add(aggregate, known, recorded)

    async def commit(
        self, stream: str, aggregate: AnyAggregate, id_: str
    ) -> Recorded[Event] | None:
        """The commit of this id in a history, as far as that was last looked at: who has just run
        a command by this id has seen to it. Raises as `refresh`.
        """
        known = self.entry(stream, aggregate)
        async with known.lock:
            if not known.looked:
                await self.refresh(stream, aggregate, known)
            if known.is_half_known(id_):
                await self.load_whole(stream, aggregate, known)
            found = known.commits.get(id_)
        return await self._store.commit_at(stream, found[0]) if found else None

    def keep_if_long(
        self, aggregate: Aggregate[Any, S, Any], known: Folded[S], last: Recorded[Event]
    ) -> None:
        """Keep how it stands after the commit `last`, if that is long since."""
        fresh = len(known.fresh)
        kept = self._kept(aggregate) if fresh >= EVERY else None
        if kept is None or not kept.is_due(last.stream, fresh):
            return
        known.kept.extend(map(_digest, known.fresh))
        known.fresh.clear()
        kept.keep(last.stream, Kept(known.state, known.kept.tobytes()), last)

    def _add(
        self, aggregate: Aggregate[Any, S, Any], known: Folded[S], recorded: Recorded[Event]
    ) -> None:
        if recorded.position > known.position:
            state, why = aggregate.attempt(known.state, recorded)
            if why is not None:
                require(aggregate, recorded.position, why)
            known.take(state, recorded)

    def _kept(self, aggregate: Aggregate[Any, S, Any]) -> SnapshotsOf[Kept[S]] | None:
        if self._snapshots is None or aggregate.snapshot is None:
            return None
        kind = self._kinds.get(aggregate.name)
        if kind is None:
            shape = Kept[aggregate.snapshot]  # type: ignore[name-defined] # it is a value
            kind = self._kinds[aggregate.name] = SnapshotsOf(
                self._snapshots, f"aggregate {aggregate.name}", shape
            )
        return kind


def _digest(commit_id: str) -> int:
    return int.from_bytes(blake2b(commit_id.encode(), digest_size=8).digest())
