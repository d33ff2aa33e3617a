"""What is read from a stream, by whoever handles it: values, which know no library of messages.

How it is read: `handlers.messaging`.
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

DELAY_MAX_S = 60.0


class Later(Exception):  # noqa: N818 - an outcome, not a fault
    """It is too early for a message: the same again in `delay_s`."""

    def __init__(self, delay_s: float) -> None:
        super().__init__(f"in {delay_s:g} s")
        self.delay_s = delay_s


class StreamMessage(NamedTuple):
    """A message of a stream. `body` is empty where the consumer reads headers only."""

    subject: str
    body: bytes
    position: int


Handle = Callable[[StreamMessage], Awaitable[None]]
"""Does what a message asks for. Raises `Unavailable`: the same again, later; `Later`: then."""


class Consumer(NamedTuple):
    """What is read from a stream, and under which name the place in it is kept. `headers_only`
    leaves the bodies with the server; `also` are further subjects; `pending_max` messages may wait
    to be acknowledged before the others do. `from_now`: a consumer that is new begins with what
    comes from now on, for what lies before is found in another way.
    """

    stream: str
    subject: str
    durable: str
    headers_only: bool = False
    also: tuple[str, ...] = ()
    pending_max: int = 1_000
    from_now: bool = False


def backoff_s(attempts: int) -> float:
    """0.5 s after the first attempt, twice as long after each further one, at most a minute."""
    return min(DELAY_MAX_S, 0.5 * 2.0 ** min(attempts - 1, 10))
