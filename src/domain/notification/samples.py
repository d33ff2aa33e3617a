"""Examples of the ledger and of channels: events, commands, and the way into each phase.

Documents, tests and templates are made from them; the service itself never imports this module.
"""

from datetime import UTC, datetime

from domain.kernel.aggregate import Samples, complete
from domain.kernel.totality import kinds
from domain.notification import events as e
from domain.notification.channel import EVENTS as CHANNEL_EVENTS
from domain.notification.channel import PHASES as CHANNEL_PHASES
from domain.notification.channel import Activate, ChannelActivated, ChannelEvent
from domain.notification.commands import (
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification.events import NotificationEvent
from domain.notification.ledger import PHASES as LEDGER_PHASES
from domain.policy import Severity
from domain.policy.audience import Audience
from domain.sight import Sight


def clock(hour: int, minute: int = 0) -> datetime:
    """A time of the day on which all examples are."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


INTENT = "0f3c1b7a9d2e4f5061728394a5b6c7d8"
SUBJECT = "[SEV2] checkout, payments — Checkout fails"
CHANNEL = "ops-webhook"
CAUSE = "01890a5d-ac96-774b-bcce-b302099a8057/0"


def claim(answered_by: str | None = None) -> Claim:
    """Begin to send it, unless this event has answered it."""
    return Claim(
        intent_id=INTENT,
        channel=CHANNEL,
        audience=Audience.ENGINEERING,
        subject=SUBJECT,
        recorded_at=clock(12),
        answered_by=answered_by,
    )


def failure(retry_at: datetime | None) -> RecordFailure:
    """The first attempt failed."""
    return RecordFailure(
        intent_id=INTENT,
        channel=CHANNEL,
        attempt=1,
        reason="HTTP 503 try later",
        retry_at=retry_at,
    )


DELIVERY = RecordDelivery(intent_id=INTENT, channel=CHANNEL, attempt=1, receipt="HTTP 204")
RESEND = Resend(intent_id=INTENT, channel=CHANNEL)

LEDGER_SAMPLES: Samples[LedgerCommand, NotificationEvent] = complete(
    Samples(
        events=(
            e.NotificationAttempted(
                occurred_at=clock(12),
                intent_id=INTENT,
                channel=CHANNEL,
                audience=Audience.ENGINEERING,
                subject=SUBJECT,
                attempt=1,
            ),
            e.NotificationDelivered(
                occurred_at=clock(12),
                intent_id=INTENT,
                channel=CHANNEL,
                audience=Audience.ENGINEERING,
                subject=SUBJECT,
                attempt=2,
                receipt="HTTP 204",
            ),
            e.NotificationFailed(
                occurred_at=clock(12),
                intent_id=INTENT,
                channel=CHANNEL,
                audience=Audience.EXECUTIVES,
                subject=SUBJECT,
                attempt=1,
                reason="HTTP 503 try later",
                will_retry=True,
                retry_at=clock(12, 1),
            ),
            e.NotificationSuppressed(
                occurred_at=clock(12),
                intent_id=INTENT,
                channel=CHANNEL,
                audience=Audience.ENGINEERING,
                subject=SUBJECT,
                reason="answered",
                by=CAUSE,
            ),
            e.NotificationRequeued(
                occurred_at=clock(12),
                intent_id=INTENT,
                channel=CHANNEL,
                audience=Audience.ENGINEERING,
                subject=SUBJECT,
            ),
        ),
        commands={
            "claim": claim(),
            "record_delivery": DELIVERY,
            "record_failure": failure(retry_at=clock(13)),
            "resend": RESEND,
        },
        phases={
            "unknown": (),
            "attempting": (claim(),),
            "waiting": (claim(), failure(retry_at=clock(13))),
            "requeued": (claim(), failure(retry_at=None), RESEND),
            "delivered": (claim(), DELIVERY),
            "dead": (claim(), failure(retry_at=None)),
            "suppressed": (claim(answered_by=CAUSE),),
        },
    ),
    e.EVENTS,
    kinds(LedgerCommand),
    LEDGER_PHASES,
)

ACTIVATE = Activate(
    after=41,
    audiences=(Audience.ENGINEERING, Audience.EXECUTIVES),
    min_severity=Severity.SEV3,
    services=("checkout", "payments"),
)
ELSEWHERE = Activate(after=7, audiences=(Audience.ENGINEERING,), min_severity=Severity.SEV1)

CHANNEL_SAMPLES: Samples[Activate, ChannelEvent] = complete(
    Samples(
        events=(
            ChannelActivated(
                occurred_at=clock(12),
                after=41,
                audiences=(Audience.ENGINEERING, Audience.EXECUTIVES),
                min_severity=Severity.SEV3,
                services=("checkout", "payments"),
                drills=True,
                private=Sight(people=("ada",), teams=("security",)),
                addressed="github",
                admins=True,
                carries=("sms", "phone"),
            ),
        ),
        commands={"activate": ACTIVATE},
        phases={"never activated": (), "activated": (ACTIVATE,), "of other settings": (ELSEWHERE,)},
    ),
    CHANNEL_EVENTS,
    kinds(Activate),
    CHANNEL_PHASES,
)
