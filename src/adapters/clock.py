"""The only place that reads the clock, makes an identifier or throws dice; all else is told."""

import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from uuid_utils import uuid7


def utc_now() -> datetime:
    """The current time, in UTC, with zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new identifier: UUIDv7 (RFC 9562), so that ids sort by creation time."""
    return str(uuid7())


def new_secret(prefix: str = "cpt_") -> str:
    """The secret of a token: what it is for shows at its beginning, then 256 random bits."""
    return f"{prefix}{secrets.token_urlsafe(32)}"


def new_code() -> str:
    """Eight digits that nobody can guess, for people to say again."""
    return f"{secrets.randbelow(10**8):08d}"


def chance() -> float:
    """A number from 0 to 1, to spread retries with."""
    return random.random()  # noqa: S311 - nothing is protected by it


class Clock(Protocol):
    """What the service goes by: the time now, and when a time on this clock is really there."""

    def now(self) -> datetime: ...

    def real(self, at: datetime) -> datetime: ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        return utc_now()

    def real(self, at: datetime) -> datetime:
        return at


SYSTEM = SystemClock()


class ScaledClock:
    """A clock that begins at `origin` when it is made, and runs `speed` times as fast as the real
    one, which is `clock`.
    """

    def __init__(
        self, origin: datetime, speed: float, clock: Callable[[], datetime] = utc_now
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed: must be positive, is {speed}")
        self._origin = origin
        self._speed = speed
        self._clock = clock
        self._start = clock()

    def now(self) -> datetime:
        """The time of this clock."""
        return self._origin + (self._clock() - self._start) * self._speed

    def real(self, at: datetime) -> datetime:
        """When this clock shows `at`; a microsecond later, so that rounding makes nobody early."""
        return self._start + (at - self._origin) / self._speed + timedelta(microseconds=1)
