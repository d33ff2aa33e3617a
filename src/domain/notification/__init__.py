"""Notifications: which were sent, which are to be tried again, which never arrived."""

from domain.kernel.aggregate import Aggregate, Samples
from domain.kernel.decider import Decider
from domain.kernel.totality import kinds
from domain.notification import channel
from domain.notification.channel import Activate, ChannelEvent, Routing
from domain.notification.commands import (
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification.events import EVENTS, NotificationEvent
from domain.notification.ledger import Ledger, decide, evolve
from domain.policy.audience import Audience

__all__ = [
    "CHANNEL",
    "LEDGER",
    "Audience",
    "Claim",
    "Ledger",
    "LedgerCommand",
    "NotificationEvent",
    "RecordDelivery",
    "RecordFailure",
    "Resend",
]


def _ledger_samples() -> Samples[LedgerCommand, NotificationEvent]:
    from domain.notification.samples import LEDGER_SAMPLES  # noqa: PLC0415 - for documents, tests

    return LEDGER_SAMPLES


def _channel_samples() -> Samples[Activate, ChannelEvent]:
    from domain.notification.samples import CHANNEL_SAMPLES  # noqa: PLC0415 - likewise

    return CHANNEL_SAMPLES


LEDGER: Aggregate[LedgerCommand, Ledger, NotificationEvent] = Aggregate(
    name="notification",
    plural="notifications",
    decider=Decider(initial=Ledger(), decide=decide, evolve=evolve),
    events=EVENTS,
    begin=EVENTS,
    opens=kinds(LedgerCommand),
    samples=_ledger_samples,
    over_gaps=True,
)
"""What was tried to be told of one subject, through which channel, to what end. Its id is the key
of the subject: see `intent.key_of`.
"""

CHANNEL: Aggregate[Activate, Routing, ChannelEvent] = Aggregate(
    name="channel",
    plural="channels",
    decider=Decider(initial=Routing(), decide=channel.decide, evolve=channel.evolve),
    events=channel.EVENTS,
    begin=channel.EVENTS,
    opens=(Activate,),
    samples=_channel_samples,
    over_gaps=True,
)
"""Whom a channel tells, from which place of the log on."""
