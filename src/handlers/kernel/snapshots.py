"""Snapshots: how something stood at a position of its stream, so that after a start nobody has to
fold a long history from its beginning.

They are derived data and never the truth: one that is not there, cannot be read, is of other code,
or of a log that is not there any more counts for nothing, and the history is folded instead.
"""

from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import msgspec

from domain.kernel.commit import Event, Recorded

S = TypeVar("S")

EVERY = 128
"""So many commits behind the last snapshot, there is another."""
BYTES_PER_COMMIT = 4_096
"""A large one comes less often, so that all snapshots of a stream are no more than that for each
commit, however long it grows.
"""
SHORT = 64
"""Histories of so many commits are folded; nobody asks for a snapshot of them."""


class Snapshot(msgspec.Struct, frozen=True):
    """An encoded `state` after the commit at `position`, of which the `stamp` is kept."""

    position: int
    stamp: str
    state: bytes


class Snapshots(Protocol):
    """Where snapshots are. `kind` says what of a stream they show, and follows from which code."""

    async def find(self, kind: str, stream: str) -> Snapshot | None:
        """The last one that was kept, by code like ours. None as well where nobody can say soon:
        never fails.
        """
        ...

    def may_have(self, stream: str) -> bool:
        """Whether some are known of a stream, so that its history is long."""
        ...

    def keep(self, kind: str, stream: str, snapshot: Snapshot) -> None:
        """Keep it soon, or not at all, in place of the one before."""
        ...


class StreamLog(Protocol):
    """The part of an `EventStore` that histories are read from."""

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        """As `EventStore.load`."""
        ...

    async def load_short(self, stream: str, most: int) -> list[Recorded[Event]] | None:
        """As `EventStore.load_short`."""
        ...


class Recalled(NamedTuple, Generic[S]):
    """A state that was kept, of which position it is, and the commits behind it; without one, the
    whole history.
    """

    state: S | None
    position: int
    behind: list[Recorded[Event]]


class SnapshotsOf(Generic[S]):
    """Snapshots of one kind, whose states are of the type `shape`."""

    def __init__(self, snapshots: Snapshots, kind: str, shape: Any) -> None:
        self._snapshots = snapshots
        self._kind = kind
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(shape).decode
        self._pauses: dict[str, int] = {}  # of streams whose snapshots are large

    async def recall(self, store: StreamLog, stream: str, upto: int | None = None) -> Recalled[S]:
        """The history of a stream, from its last snapshot on, if that is not behind `upto`. Raises
        `Unavailable`.
        """
        if not self._snapshots.may_have(stream):
            short = await store.load_short(stream, SHORT)
            if short is not None:
                return Recalled(None, 0, short)
        found = await self._snapshots.find(self._kind, stream)
        if found is not None and (upto is None or found.position <= upto):
            behind = await store.load(stream, after=found.position - 1)
            if behind and stamp_of(behind[0]) == found.stamp:
                self._weigh(stream, found.state)
                try:
                    return Recalled(self._decode(found.state), found.position, behind[1:])
                except (msgspec.ValidationError, msgspec.DecodeError):
                    pass  # whatever has come over it, the log knows better
        return Recalled(None, 0, await store.load(stream))

    def is_due(self, stream: str, fresh: int) -> bool:
        """Whether there is to be another, so many commits behind the last one."""
        return fresh >= self._pauses.get(stream, EVERY)

    def keep(self, stream: str, state: S, last: Recorded[Event]) -> None:
        """Keep how it stands after the commit `last`."""
        if last.unreadable is None:
            snapshot = Snapshot(last.position, stamp_of(last), self._encode(state))
            self._weigh(stream, snapshot.state)
            self._snapshots.keep(self._kind, stream, snapshot)

    def _weigh(self, stream: str, state: bytes) -> None:
        pause = len(state) // BYTES_PER_COMMIT
        if pause > EVERY:
            self._pauses[stream] = pause


def stamp_of(recorded: Recorded[Event]) -> str:
    """What tells a commit from any other that could stand in its place."""
    commit = recorded.commit
    return f"{recorded.position} {commit.id} {commit.recorded_at.isoformat()}"
