"""What delivery needs from the outside: channels to send through, and the intents to send."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import msgspec

from domain.notification.channel import Era
from domain.notification.intent import Intent
from handlers.notify.render import Message


class Transient(Exception):  # noqa: N818 - an outcome to act on
    """Not taken now; `retry_after_s` is when the receiver asks us to come back, if it says so."""

    def __init__(self, reason: str, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Unusable(Transient):
    """The channel is refused, not the message: its credentials, or where it leads. Its messages
    wait until somebody has mended it.
    """


class Permanent(Exception):  # noqa: N818
    """Never to be taken like this: there is no use in trying again."""


class Channel(Protocol):
    """A way out. `name` is the one in the configuration, and part of the ledger's key."""

    @property
    def name(self) -> str: ...

    async def send(self, message: Message, *, again: bool = False) -> str:
        """Send, and return a receipt in a few words. The same message comes `again` when an attempt
        failed or its outcome was not known: pass the id of its intent along, so that the receiver
        can tell, or look whether it has arrived.

        Raises `Transient`, `Unusable`, `Permanent`.
        """
        ...


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


class OpenIntent(msgspec.Struct, frozen=True):
    """An intent to be sent. `ledger_position` is that of the last record of it, 0: none."""

    intent: Intent
    ledger_position: int


class OutboxPage(msgspec.Struct, frozen=True):
    """The most urgent open intents in their turn, and up to where (`horizon`) the log had been
    looked at. In rows of another `build` a position may stand for something else.
    """

    intents: list[OpenIntent]
    horizon: int
    build: int = 0


class OpenIntents(Protocol):
    """What the read models say is to be sent. They lag, so the ledger has the last word."""

    async def pending(
        self, channel: str, eras: Sequence[Era], after: int, now: datetime, limit: int
    ) -> OutboxPage:
        """What is to be sent through the channel, highest severity first, then in turn of those who
        have opened something, then oldest: intents behind position `after`, within `eras`, of which
        nothing is recorded, each event for the first audience that its era names; and whatever is
        due again by `now`, wherever it is.

        Raises `Unavailable`.
        """
        ...


Result = Literal["delivered", "retrying", "dead", "suppressed", "taken", "unavailable"]


class DeliveryObserver(Protocol):
    """Counts outcomes. `age_s` is the time since the intent became known to the service."""

    def delivery(self, channel: str, result: Result, age_s: float) -> None: ...
