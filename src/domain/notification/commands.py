"""What can be asked of a ledger, by delivery workers and, to send again, by people."""

import msgspec

from domain.kernel.commit import Instant
from domain.policy.audience import Audience

ANSWERED = "answered"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Begin to send what became known at `recorded_at`, if it is (still) to be sent. The first
    attempt is not made if the event `answered_by` has answered it, or `because` of it; what is for
    a person alone is not tried again then, either.
    """

    intent_id: str
    channel: str
    audience: Audience
    subject: str
    recorded_at: Instant
    answered_by: str | None = None
    because: str = ANSWERED
    for_person: bool = False


class RecordDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """The channel has taken it."""

    intent_id: str
    channel: str
    attempt: int
    receipt: str


class RecordFailure(msgspec.Struct, frozen=True, kw_only=True):
    """It was not taken; `retry_at` is when to try again, None: there is no use in that."""

    intent_id: str
    channel: str
    attempt: int
    reason: str
    retry_at: Instant | None


class Resend(msgspec.Struct, frozen=True, kw_only=True):
    """Send a dead or suppressed one after all, or one that waits for its next attempt at once."""

    intent_id: str
    channel: str


LedgerCommand = Claim | RecordDelivery | RecordFailure | Resend
