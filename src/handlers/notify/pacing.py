"""How fast to send, and how soon to try again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from domain.policy import Severity
from handlers.notify.channels import OpenIntent


class Pace(NamedTuple):
    """Limits of one channel. Attempts are paced to `per_minute` with bursts of `burst`, of which
    the last `reserved` are kept for SEV1. Retries wait `first_s`, doubled up to `longest_s`. It is
    looked every `poll_s` whether there is something to send.
    """

    per_minute: float = 60.0
    burst: int = 20
    reserved: int = 5
    first_s: float = 2.0
    longest_s: float = 1800.0
    poll_s: float = 0.2


class Tokens:
    """A token bucket whose last tokens go to the most severe only."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._tokens = float(pace.burst)
        self._counted_at: datetime | None = None

    def take(self, severity: Severity, now: datetime) -> bool:
        """Whether an attempt may begin now."""
        if self._counted_at is not None:
            passed_s = max(0.0, (now - self._counted_at).total_seconds())
            grown = self._tokens + passed_s * self._pace.per_minute / 60
            self._tokens = min(float(self._pace.burst), grown)
        self._counted_at = now
        kept = 0 if severity is Severity.SEV1 else self._pace.reserved
        if self._tokens < kept + 1:
            return False
        self._tokens -= 1
        return True

    def give_back(self) -> None:
        """The attempt was not made after all."""
        self._tokens += 1


def backoff_s(pace: Pace, attempt: int, chance: float) -> float:
    """The wait behind a failed attempt, counted from 1, spread over the upper half of its range
    by `chance` from 0 to 1, so that what failed together is not tried again together.
    """
    # Beyond 2^20 the limit has long been reached; the exponent must not grow for ever.
    longest = min(pace.longest_s, pace.first_s * 2.0 ** min(attempt - 1, 20))
    return longest * (0.5 + chance / 2)


def in_turn(items: Sequence[OpenIntent]) -> list[OpenIntent]:
    """The most urgent subjects first, and what there is to tell of one in the order in which it
    happened: a severity of before must not arrive after that of now.
    """
    urgency: dict[str, Severity] = {}
    for item in items:
        known = urgency.get(item.intent.key, item.intent.severity)
        urgency[item.intent.key] = min(known, item.intent.severity)
    return sorted(items, key=lambda item: (urgency[item.intent.key], item.intent.position))
