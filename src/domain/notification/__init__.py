"""Notifications: which were sent, which are to be tried again, which never arrived."""

from domain.kernel.aggregate import Aggregate, events_in
from domain.kernel.decider import Decider
from domain.notification.commands import (
    Claim,
    LedgerCommand,
    RecordDelivery,
    RecordFailure,
    Resend,
)
from domain.notification.events import NotificationEvent
from domain.notification.ledger import Ledger, decide, evolve
from domain.policy.audience import Audience

__all__ = [
    "LEDGER",
    "Audience",
    "Claim",
    "Ledger",
    "LedgerCommand",
    "NotificationEvent",
    "RecordDelivery",
    "RecordFailure",
    "Resend",
    "stream_of",
]


def stream_of(key: str) -> str:
    """The stream of a ledger, by the key of its subject: see `domain.notification.subjects`."""
    return f"notification.{key}"


LEDGER: Aggregate[LedgerCommand, Ledger, NotificationEvent] = Aggregate(
    name="notification",
    plural="notifications",
    decider=Decider(name="notification", initial=Ledger(), decide=decide, evolve=evolve),
    events=events_in(NotificationEvent),
    begin=events_in(NotificationEvent),
    opens=events_in(LedgerCommand),
)
