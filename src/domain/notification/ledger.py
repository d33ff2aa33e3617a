"""The ledger of one subject's notifications: what was tried, through which channel, to what end.

An attempt is recorded before anything is sent, and the log's lock lets one worker alone record it:
that is the claim. Delivered is final. When a worker dies between the two, the outcome is unknown;
after `LEASE_S` the message is sent again under the same id, by which its receiver can tell.
"""

from datetime import datetime, timedelta
from typing import Any, TypeVar, assert_never

import msgspec
from msgspec.structs import replace

from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.totality import phases
from domain.notification import events as e
from domain.notification.commands import (
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification.events import NotificationEvent
from domain.policy.audience import Audience

N = TypeVar("N", bound=e.Notified)

LEASE_S = 60
"""An attempt without an outcome after this time is taken to have died with its worker."""
RETRY_FOR_S = 24 * 3600
"""No attempt begins later than this after the first one; what is left is a dead letter."""
EXPIRE_AFTER_S = 24 * 3600
"""What nobody has tried to send for so long is suppressed: what is old misleads."""


class Attempting(msgspec.Struct, frozen=True, tag="attempting"):
    """A worker is sending, or has died."""

    until: datetime


class AwaitingRetry(msgspec.Struct, frozen=True, tag="waiting"):
    """Failed, to be tried again."""

    retry_at: datetime
    reason: str


class Requeued(msgspec.Struct, frozen=True, tag="requeued"):
    """To be tried at once."""


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """Done, for good."""

    at: datetime
    receipt: str


class Dead(msgspec.Struct, frozen=True, tag="dead"):
    """Given up, until somebody asks to send it again."""

    at: datetime
    reason: str


class Suppressed(msgspec.Struct, frozen=True, tag="suppressed"):
    """Not sent, on purpose."""

    at: datetime
    reason: str


Phase = Attempting | AwaitingRetry | Requeued | Delivered | Dead | Suppressed
PHASES = ("unknown", *phases(Phase))
"""Those of an entry, before anything is recorded of it as well."""


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One intent through one channel. `attempts` have begun, and we try for a time that began at
    `since`.
    """

    phase: Phase
    audience: Audience
    subject: str
    since: datetime
    attempts: int = 0

    @property
    def due_at(self) -> datetime | None:
        """From when on a worker may claim it; None: never (again)."""
        match self.phase:
            case Attempting(until=at) | AwaitingRetry(retry_at=at):
                return at
            case Requeued():
                return self.since
            case _:
                return None


class Ledger(msgspec.Struct, frozen=True):
    """Everything recorded of the notifications about one subject."""

    entries: dict[str, LedgerEntry] = {}

    def of(self, intent_id: str, channel: str) -> LedgerEntry | None:
        """What is recorded of an intent through a channel."""
        return self.entries.get(f"{intent_id}/{channel}")


def decide(command: LedgerCommand, ledger: Ledger, context: Context) -> list[NotificationEvent]:
    """The events that the command causes; `[]` when there is nothing to do (any more)."""
    known = ledger.of(command.intent_id, command.channel)
    if isinstance(command, Claim):
        return _claim(command, known, context.now)
    if known is None:
        raise Refused(
            "notification.unknown",
            f"nothing is recorded of {command.intent_id} through {command.channel}",
            field="intent_id",
        )
    match command, known.phase:
        case RecordDelivery(), Delivered():
            return []
        case RecordDelivery(), _:
            outcome = {"attempt": command.attempt, "receipt": command.receipt}
            return [_event(e.NotificationDelivered, command, known, context.now, **outcome)]
        case RecordFailure(attempt=attempt), Attempting() if attempt == known.attempts:
            return [_failed(command, known, context.now)]
        case Resend(), Delivered():
            raise Refused(
                "notification.delivered",
                f"{command.intent_id} was delivered through {command.channel}",
                field="intent_id",
                rule="What was delivered is never sent again.",
            )
        case Resend(), AwaitingRetry() | Dead() | Suppressed():
            return [_event(e.NotificationRequeued, command, known, context.now)]
        case _:
            return []


def _claim(command: Claim, known: LedgerEntry | None, now: datetime) -> list[NotificationEvent]:
    if known is None:
        if now - command.recorded_at > timedelta(seconds=EXPIRE_AFTER_S):
            return [_event(e.NotificationSuppressed, command, command, now, reason="expired")]
        if (by := command.answered_by) is not None:
            suppressed = e.NotificationSuppressed
            return [_event(suppressed, command, command, now, reason=command.because, by=by)]
    elif known.due_at is None or now < known.due_at:
        return []
    elif command.for_person and (by := command.answered_by) is not None:
        suppressed = e.NotificationSuppressed
        return [_event(suppressed, command, known, now, reason=command.because, by=by)]
    elif now - known.since > timedelta(seconds=RETRY_FOR_S):
        reason = (
            known.phase.reason if isinstance(known.phase, AwaitingRetry) else "outcome not known"
        )
        given_up = RecordFailure(
            intent_id=command.intent_id,
            channel=command.channel,
            attempt=known.attempts,
            reason=reason,
            retry_at=None,
        )
        return [_failed(given_up, known, now)]
    attempt = known.attempts + 1 if known else 1
    return [_event(e.NotificationAttempted, command, command, now, attempt=attempt)]


def _failed(command: RecordFailure, known: LedgerEntry, now: datetime) -> e.NotificationFailed:
    retry_at = command.retry_at
    if retry_at and retry_at - known.since > timedelta(seconds=RETRY_FOR_S):
        retry_at = None
    return _event(
        e.NotificationFailed,
        command,
        known,
        now,
        attempt=command.attempt,
        reason=command.reason,
        will_retry=retry_at is not None,
        retry_at=retry_at,
    )


def _event(
    kind: type[N], command: LedgerCommand, told: Claim | LedgerEntry, now: datetime, **more: Any
) -> N:
    """An event about what a command names; `told` knows to whom it was to be told, and as what."""
    return kind(
        occurred_at=now,
        intent_id=command.intent_id,
        channel=command.channel,
        audience=told.audience,
        subject=told.subject,
        **more,
    )


def evolve(ledger: Ledger, event: NotificationEvent, _: str = UNKNOWN) -> Ledger:
    """The ledger after one more event."""
    at = event.occurred_at
    known = ledger.of(event.intent_id, event.channel)
    if known is None:
        known = LedgerEntry(
            phase=Requeued(), audience=event.audience, subject=event.subject, since=at
        )
    changed = replace(known, phase=_phase(event))
    match event:
        case e.NotificationAttempted(attempt=attempt):
            changed = replace(changed, attempts=attempt)
        case e.NotificationRequeued():
            changed = replace(changed, since=at)
    return Ledger({**ledger.entries, f"{event.intent_id}/{event.channel}": changed})


def _phase(event: NotificationEvent) -> Phase:
    at = event.occurred_at
    match event:
        case e.NotificationAttempted():
            return Attempting(at + timedelta(seconds=LEASE_S))
        case e.NotificationDelivered(receipt=receipt):
            return Delivered(at, receipt)
        case e.NotificationFailed(reason=reason, retry_at=retry_at):
            return AwaitingRetry(retry_at, reason) if retry_at else Dead(at, reason)
        case e.NotificationSuppressed(reason=reason):
            return Suppressed(at, reason)
        case e.NotificationRequeued():
            return Requeued()
    assert_never(event)
