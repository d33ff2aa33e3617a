"""What the handlers need from the outside world, and how those things fail."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Protocol

import msgspec

from domain.kernel.commit import Commit, Event, Instant, Recorded, Unreadable
from domain.kernel.roster import Roster


class Conflict(Exception):  # noqa: N818 - an outcome to act on, not a fault
    """The stream has moved past the expected position, or may have. It never proves that this
    commit was lost: read the stream again and look for its id.
    """


class Unavailable(Exception):  # noqa: N818
    """The log or a read model cannot be reached now; nothing is known about a write under way."""


class Unwritable(Unavailable):
    """The log takes no writes, and `cause` says why: full, in most cases. It is for an operator to
    mend; repeating does not help before.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(f"the log takes no writes: {cause}")
        self.cause = cause


class TooCostly(Unavailable):
    """A question took longer than one may, and was given up; whoever was asked goes on."""


class BeingBuilt(Unavailable):
    """A read model has no rows yet: this service, or another, is making them of the log."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the read model {name} is being built")


class LogChanged(Exception):  # noqa: N818
    """What stands in the log is not what was read there: it has lost its end, or is another."""

    def __init__(self, position: int, found: str) -> None:
        super().__init__(f"the log was read up to position {position}, and now {found}")
        self.position = position
        self.found = found


class Append(msgspec.Struct, frozen=True):
    """A commit to be written to `stream`, whose last position must still be `expected` (0: new)."""

    stream: str
    expected: int
    commit: Commit[Any]


class EventStore(Protocol):
    """An append-only log of streams, one stream per aggregate: `incident.<id>`, `signal.<id>`…"""

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Event]]:
        """All commits of `stream` behind position `after`, complete up to its head, in order.

        Raises `Unavailable`.
        """
        ...

    async def load_short(self, stream: str, most: int) -> list[Recorded[Event]] | None:
        """As `load`, where a stream has no more than so many commits; None where it has more, found
        out at little cost. Raises `Unavailable`.
        """
        ...

    async def commit_at(self, stream: str, position: int) -> Recorded[Event] | None:
        """What stands at a position, if it is of this stream. Raises `Unavailable`."""
        ...

    async def append(self, write: Append) -> int:
        """Write one commit and return its position; writing it again returns the same position
        or raises `Conflict`. Raises `Conflict`, `Unavailable`.
        """
        ...

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        """Write commits to several streams, all or none; return their positions in order.

        Raises `Conflict`, `Unavailable`.
        """
        ...

    async def head(self) -> int:
        """The position of the last commit in the log, 0 when it is empty. Raises `Unavailable`."""
        ...

    async def mark(self, position: int) -> str | None:
        """The `mark_of` what stands at a position, "" at 0; None where nothing stands. Raises
        `Unavailable`.
        """
        ...

    def take_written(self) -> list[tuple[int, str]]:
        """What was acknowledged to this process since the last call and must still be there, each
        position with its `mark_of`: the highest, and the one that was the highest when a later
        write was acknowledged at a place before it.
        """
        ...

    async def outdated(
        self, upto: int, aside: Mapping[int, Unreadable], follows: tuple[str, ...]
    ) -> str | None:
        """Why the log reads otherwise now than it did for rows that show it up to a position, but
        for what was set `aside`, and follow these streams; None: it does not. Raises `Unavailable`.
        """
        ...

    def read(
        self, after: int = 0, upto: int | None = None, *, follow: bool = False
    ) -> AsyncIterator[list[Recorded[Event]]]:
        """The whole log in order from behind `after`, in batches; ends at `upto` (or at the head
        found at the start), unless told to `follow` it for ever. A gap in the positions is an
        AssertionError. Raises `Unavailable` when the log is out of reach, and `LogChanged` when
        something else stands now where it has read, or nothing does.
        """
        ...


UNLISTED = range(10**15, 9 * 10**15)
"""Numbers of what is private: who sees one cannot tell how many there are, nor guess another. JSON
readers keep all of them.
"""


def unlisted_number(id_: str) -> int:
    """The number that an id stands for."""
    digest = blake2b(id_.encode(), digest_size=16).digest()
    return UNLISTED[int.from_bytes(digest) % len(UNLISTED)]


class References(Protocol):
    """The human numbers of aggregates, `INC-123`, for each prefix its own: unique, rising, with
    holes where a claim was not used. Derived data: the log holds each number in use.
    """

    async def claim(self, prefix: str, id_: str) -> int:
        """A number for this aggregate alone. Claiming again soon (within 10 min) gives the same.

        Raises `Unavailable`.
        """
        ...

    async def claim_unlisted(self, prefix: str, id_: str) -> int:
        """A number for this aggregate alone, out of `UNLISTED`, which none of those that are handed
        out in turn lies in or next to; the same each time. Raises `Unavailable`.
        """
        ...

    async def resolve(self, prefix: str, number: int) -> str | None:
        """The id of the aggregate with this number. Raises `Unavailable`."""
        ...

    async def restore(self, prefix: str, pairs: Iterable[tuple[int, str]]) -> int:
        """Claim again what the log says is in use, (number, id) each; return how many were missing.
        A number held by another aggregate is an AssertionError. Raises `Unavailable`.
        """
        ...


class Signal(msgspec.Struct, frozen=True):
    """What a product sent, as it came in. `headers` have lower-case names. `parts`: where the
    beginning of a large body is kept, in order; `body` is the end of it.
    """

    position: int
    product: str
    source: str
    received_at: Instant
    headers: dict[str, str]
    body: bytes
    parts: tuple[int, ...] = ()


class SignalStore(Protocol):
    """Everything that was ever received, kept before it is understood."""

    async def put(
        self, product: str, source: str, body: bytes, headers: Mapping[str, str], msg_id: str | None
    ) -> int:
        """Keep a body and return its position. The same `msg_id` from the same source within
        10 min is kept once; without one, each is another. Raises `Unavailable`; ValueError where
        headers or body are too large.
        """
        ...

    async def get(self, position: int) -> Signal | None:
        """What is kept at `position`, whole. Raises `Unavailable`."""
        ...

    async def whole(self, signal: Signal) -> Signal:
        """A signal that was handed out, with all of its body. Raises `Unavailable`."""
        ...


class Tally(Protocol):
    """Counts what happens; the names and labels are few and fixed."""

    def __call__(self, name: str, **labels: str) -> None: ...


class Rosters(Protocol):
    """Whom names mean, at hand for decisions, however the read models are: none waits long for it,
    and where it is out of reach, what was read last counts. None: it was never read.
    """

    async def for_names(self, names: tuple[str, ...]) -> Roster | None:
        """What is known, once all that is written has been looked at for names that fit nobody."""
        ...

    async def soon(self) -> Roster | None:
        """As `now`, for who waits for a moment alone: it is read on meanwhile."""
        ...

    async def now(self, *, fresh: bool = False, upto: int | None = None) -> Roster | None:
        """What is known, a second old at most, and with all that is written where it is to be
        `fresh`, or with what is written up to a position.
        """
        ...


class NoRosters:
    """There is no directory to ask: nobody is known."""

    async def for_names(self, _: tuple[str, ...]) -> Roster | None:
        return None

    async def soon(self) -> Roster | None:
        return None

    async def now(self, *, fresh: bool = False, upto: int | None = None) -> Roster | None:
        return None
