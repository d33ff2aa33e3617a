"""One attempt to send, and how the channel is doing: what it asks for, whether it works at all."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from domain.notification import RecordDelivery, RecordFailure
from handlers.notify.channels import Channel, Permanent, Transient
from handlers.notify.circuit import Circuit, Fuse, State
from handlers.notify.pacing import Pace, backoff_s
from handlers.notify.render import Message
from projections.outbox.intents import Intent

SEND_TIMEOUT_S = 30.0
RETRY_AFTER_LONGEST_S = 3600.0
REASON_CHARS = 500

log = structlog.get_logger()


class Sender:
    """The way to a channel. It rests for as long as the channel asks for (`Retry-After`), and while
    its circuit is open.
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
