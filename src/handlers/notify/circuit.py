"""A circuit breaker: a channel that fails every time is left in peace, and tried now and then."""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

State = Literal["closed", "open", "half_open"]


class Fuse(NamedTuple):
    """After `failures` in a row the circuit opens for `first_s`, doubled up to `longest_s` each
    time that a probe fails.
    """

    failures: int = 5
    first_s: float = 15.0
    longest_s: float = 300.0


class Circuit:
    """Closed: everything passes. Open: nothing does, until its time is up. Then it is half open:
    one message may try, and closes it or opens it for longer.
    """

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse
        self._failures = 0
        self._rest_s = fuse.first_s
        self._until: datetime | None = None

    def state(self, now: datetime) -> State:
        if self._until is None:
            return "closed"
        return "open" if now < self._until else "half_open"

    @property
    def until(self) -> datetime | None:
        """When the next probe may be made, None while it is closed."""
        return self._until

    def failed(self, now: datetime) -> None:
        """The channel itself has failed, whatever the message."""
        self._failures += 1
        if self._until is not None:
            self._rest_s = min(self._rest_s * 2, self._fuse.longest_s)
        elif self._failures < self._fuse.failures:
            return
        self._until = now + timedelta(seconds=self._rest_s)

    def answered(self) -> None:
        """The channel works, even if it did not like the message."""
        self._failures, self._rest_s, self._until = 0, self._fuse.first_s, None
