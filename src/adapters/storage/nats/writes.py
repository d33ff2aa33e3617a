"""Whether the server takes what is written to it, by what became of the latest writes.

A nats-server whose disk was full answers questions, says that it is well, and leaves every write
without an answer until it is started again; one at its limit of storage refuses each write.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from handlers.kernel.ports import Unavailable, Unwritable

LASTING_S = 6.0  # one write without an answer may be a pause; another one this much later is none

# Insufficient resources; storage resources exceeded; the store failed, or its limit is reached.
FULL = frozenset({10023, 10047, 10077})


class Refusal(NamedTuple):
    """The first and the latest of the writes to a stream that failed since one was stored, by
    `time.monotonic`, and the latest cause; `full`: there is no room, for whatever stream.
    """

    since: float
    latest: float
    cause: str
    full: bool


class Writes:
    """What became of the latest writes over one connection. `explain` may know the cause better
    than the answers do: "" while it does not.
    """

    def __init__(self) -> None:
        self.explain: Callable[[], str] = str
        self._refusals: dict[str, Refusal] = {}

    def taken(self, stream: str) -> None:
        """A write was stored, or refused for what it said."""
        if self._refusals:
            self._refusals.pop(stream, None)

    def refused(self, stream: str, subject: str, cause: str, error_code: int = 0) -> Unavailable:
        """A write was not stored; what to raise."""
        now = time.monotonic()
        first = self._refusals.get(stream)
        since = first.since if first else now
        full = error_code in FULL
        self._refusals[stream] = Refusal(since, now, cause, full)
        known = self.explain()
        if known or full or now - since > LASTING_S:
            return Unwritable(known or cause)
        return Unavailable(f"{subject}: {cause}")

    def refusals(self) -> dict[str, Refusal]:
        """The streams whose latest write was not stored."""
        return dict(self._refusals)
