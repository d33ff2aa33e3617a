"""The way to a channel: one attempt to send, how fast, how soon again, and whether it works."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import structlog

from domain.notification import RecordDelivery, RecordFailure
from domain.notification.intent import Intent
from domain.policy import Severity
from handlers.notify.channels import Channel, Pace, Permanent, Transient
from handlers.notify.render import Message

SEND_TIMEOUT_S = 30.0
RETRY_AFTER_LONGEST_S = 3600.0
REASON_CHARS = 500

State = Literal["closed", "open", "half_open"]

log = structlog.get_logger()


class Fuse(NamedTuple):
    """After `failures` in a row the circuit opens for `first_s`, doubled up to `longest_s` each
    time that a probe fails.
    """

    failures: int = 5
    first_s: float = 15.0
    longest_s: float = 300.0


class Circuit:
    """A circuit breaker: a channel that fails every time is left in peace, and tried now and then.

    Closed: everything passes. Open: nothing does, until its time is up. Then it is half open:
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


class Sender:
    """Sends through one channel, at its pace. It rests for as long as the channel asks for
    (`Retry-After`), and while its circuit is open.
    """

    def __init__(
        self,
        channel: Channel,
        pace: Pace,
        fuse: Fuse,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._channel = channel
        self._pace = pace
        self._tokens = Tokens(pace)
        self._circuit = Circuit(fuse)
        self._clock = clock
        self._chance = chance
        self._paused_until: datetime | None = None
        self._log = log.bind(channel=channel.name)

    def state(self) -> State:
        """That of its circuit."""
        return self._circuit.state(self._clock())

    def rests(self) -> bool:
        """Whether nothing may be sent now."""
        paused = self._paused_until is not None and self._clock() < self._paused_until
        return paused or self.state() == "open"

    def admits(self, severity: Severity) -> bool:
        """Whether an attempt may begin now; if so, it is counted against the pace."""
        return not self.rests() and self._tokens.take(severity, self._clock())

    def mend(self) -> None:
        """Somebody has seen that the channel works: its rest is over."""
        self._paused_until = None
        self._answered()

    def give_back(self) -> None:
        """The attempt that was admitted is not made after all."""
        self._tokens.give_back()

    async def attempt(self, message: Message, number: int) -> RecordDelivery | RecordFailure:
        """Make an attempt, counted from 1; what to record of it."""
        intent = message.intent
        asked_s: float = 0.0
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                receipt = await self._channel.send(message, again=number > 1)
            self._answered()
            return RecordDelivery(
                intent_id=intent.id,
                channel=self._channel.name,
                attempt=number,
                receipt=receipt[:REASON_CHARS],
            )
        except Permanent as refusal:
            self._answered()
            return self._failure(intent, number, str(refusal), None)
        except Transient as failure:
            asked_s = min(failure.retry_after_s or 0.0, RETRY_AFTER_LONGEST_S)
            reason = str(failure)
            if not asked_s:  # who says when to come back is there
                self._failed(reason)
        except TimeoutError:
            reason = f"no end within {SEND_TIMEOUT_S:.0f} s"
            self._failed(reason)
        except Exception as fault:  # noqa: BLE001 - a fault of ours with this message, perhaps
            self._log.exception("delivery.channel_fault", intent=intent.id)
            reason = f"{type(fault).__name__}: {fault}"
        return self._failure(intent, number, reason, self._retry_at(number, asked_s))

    def _retry_at(self, number: int, asked_s: float) -> datetime:
        """While the circuit is open it alone says when: a message must not wait for longer."""
        now = self._clock()
        if asked_s:
            self._paused_until = now + timedelta(seconds=asked_s)
        elif self._circuit.until:
            return self._circuit.until
        wait_s = max(asked_s, backoff_s(self._pace, number, self._chance()))
        return now + timedelta(seconds=wait_s)

    def _failed(self, reason: str) -> None:
        now = self._clock()
        self._circuit.failed(now)
        if self._circuit.state(now) == "open":
            self._log.warning("circuit.opened", until=str(self._circuit.until), reason=reason)

    def _answered(self) -> None:
        if self._circuit.until:
            self._log.info("circuit.closed")
        self._circuit.answered()

    def _failure(
        self, intent: Intent, attempt: int, reason: str, retry_at: datetime | None
    ) -> RecordFailure:
        return RecordFailure(
            intent_id=intent.id,
            channel=self._channel.name,
            attempt=attempt,
            reason=reason[:REASON_CHARS],
            retry_at=retry_at,
        )
