"""Timers: what wakes a process when nothing else happens.

A fired timer only wakes. It may come late, twice, a little early (where the clock is not the real
one), or when nobody wants it any more; and if the timers are lost, not at all, until they are armed
again. So whoever is woken reads the aggregate and asks "what now?"; that must never depend on which
timer fired. Timers are derived: the log says which should be armed.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import msgspec
import structlog

from domain.kernel.commit import Instant
from handlers.consumers import DELAY_MAX_S, Consumer, Later, StreamMessage
from handlers.kernel.ports import Unavailable

if TYPE_CHECKING:
    from handlers.messaging import Broker

CONSUMER = Consumer("TIMERS", "timer.fired.*.*.*", "wake", also=("timer.fired.*.*",))
"""What has fired; the shorter subjects are those of releases that knew incidents alone."""

FORMER = "incident"
"""Of this aggregate is a timer that does not say of which: an earlier release has armed it."""
EARLY_S = 30.0
"""A timer that fires earlier than this by our clock waits: the clock of the server is another one.
Whoever is woken would only arm it again, and it would fire at once, for as long as they differ.
"""

_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_KINDS = ("set", "fired", "off")

log = structlog.get_logger(__name__)


class Timer(msgspec.Struct, frozen=True):
    """A wake-up for the `aggregate` ("incident") with the id `key`. `name` tells the timers of one
    aggregate apart: "cadence".
    """

    aggregate: str
    key: str
    name: str
    due_at: Instant


class UnknownAggregate(LookupError):  # noqa: N818 - an outcome, not a fault
    """A timer of an aggregate that nobody here knows; another instance may."""


class Timers(Protocol):
    """What is armed. There is one timer for an aggregate, a key and a name; other characters in
    them than letters, digits, `-` and `_`, or a time without zone, are a ValueError.
    """

    async def arm(self, timer: Timer) -> None:
        """Arm it instead of the one of the same aggregate, key and name. What is armed just so
        stays as it is; what has fired is armed again; what is due already fires at once. Raises
        `Unavailable`.
        """
        ...

    async def cancel(self, aggregate: str, key: str, name: str) -> None:
        """Disarm it. No effect where nothing is armed, on a timer that has just fired, or on one
        that somebody else arms at the same moment. Raises `Unavailable`.
        """
        ...

    async def armed(self) -> list[Timer]:
        """Everything that is armed now, soonest first. Raises `Unavailable`."""
        ...


class TimerObserver(Protocol):
    """Counts wake-ups; the metrics of the service."""

    def wake_up(self, timer: str, outcome: str, lateness_s: float) -> None: ...


OnFired = Callable[[Timer], Awaitable[None]]
"""Asks "what now?" for the key. Raises `Unavailable`, `UnknownAggregate`: the same wake-up again,
later.
"""


def checked(timer: Timer) -> Timer:
    """The timer, due in UTC. Raises ValueError naming what cannot be armed."""
    check_names(timer.aggregate, timer.key, timer.name)
    if timer.due_at.tzinfo is None:
        raise ValueError(f"due_at: a time without zone: {timer.due_at}")
    return msgspec.structs.replace(timer, due_at=timer.due_at.astimezone(UTC))


def check_names(aggregate: str, key: str, name: str) -> None:
    """All become part of a subject, so nothing else may pass. Raises ValueError."""
    if not _NAME.fullmatch(aggregate):
        raise ValueError(f"aggregate: not a name of one: {aggregate!r}")
    if not _KEY.fullmatch(key):
        raise ValueError(f"key: not the id of an aggregate: {key!r}")
    if not _NAME.fullmatch(name):
        raise ValueError(f"name: not a name of a timer: {name!r}")


def in_order(timer: Timer) -> tuple[datetime, str, str, str]:
    """Sorts timers: soonest first."""
    return timer.due_at, timer.aggregate, timer.key, timer.name


class _Stored(msgspec.Struct, frozen=True):
    key: str
    name: str
    due_at: Instant
    aggregate: str | None = None


encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(_Stored).decode


def decode(subject: str, body: bytes) -> Timer:
    """The timer in a message whose subject ends with its aggregate, key and name; without an
    aggregate, it is a former one. Raises ValueError.
    """
    stored = _decode(body)
    timer = checked(Timer(stored.aggregate or FORMER, stored.key, stored.name, stored.due_at))
    own = [timer.key, timer.name] if stored.aggregate is None else list(names_of(timer))
    kind, *names = subject.split(".")[-len(own) - 1 :]
    if kind not in _KINDS or names != own:
        raise ValueError(f"the subject is that of another timer than {' '.join(names_of(timer))}")
    return timer


def names_of(timer: Timer) -> tuple[str, str, str]:
    """What tells a timer from all others: its aggregate, key and name."""
    return timer.aggregate, timer.key, timer.name


def subscribe(
    broker: "Broker",
    on_fired: OnFired,
    clock: Callable[[], datetime],
    observer: TimerObserver,
    consumer: Consumer = CONSUMER,
) -> None:
    """Let the broker wake `on_fired` with each fired timer once it is started, at least once; the
    instances of the service share the work. Keep `consumer` with `keep`.
    """
    from handlers.messaging import consume  # noqa: PLC0415 - who only asks needs no FastStream

    async def wake(message: StreamMessage) -> None:
        try:
            timer = decode(message.subject, message.body)
        except ValueError as error:
            log.warning("timer.unreadable", subject=message.subject, reason=str(error))
            return
        early_s = (timer.due_at - clock()).total_seconds()
        if early_s > EARLY_S:
            about = {"timer": timer.name, "aggregate": timer.aggregate, "key": timer.key}
            log.warning("timer.early", **about, early_s=early_s)
            observer.wake_up(timer.name, "early", -early_s)
            raise Later(min(early_s, DELAY_MAX_S))
        outcome = "failed"
        try:
            await on_fired(timer)
            outcome = "handled"
        except Unavailable:
            outcome = "deferred"
            raise
        except UnknownAggregate as unknown:
            outcome = "unknown"
            log.warning("timer.unknown", subject=message.subject, reason=str(unknown))
            raise Later(DELAY_MAX_S) from unknown
        finally:
            late_s = (clock() - timer.due_at).total_seconds()
            observer.wake_up(timer.name, outcome, late_s)

    consume(broker, consumer, wake)
