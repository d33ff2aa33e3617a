"""Notifications by e-mail."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.email.settings import EmailSettings
from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.kit.personal import EACH_PERSON
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from handlers.notify.channels import Channel


def _open(name: str, settings: EmailSettings, _: TextIO, __: Clock) -> "Opening[Channel]":
    from adapters.products.email.channel import open_mailboxes  # noqa: PLC0415

    return open_mailboxes(name, settings)


CHANNEL = ChannelKind(
    settings=EmailSettings,
    open=_open,
    # For each recipient; news by mail may wait for a second.
    pace=Pace(per_minute=30, burst=10, reserved=3, poll_s=1.0),
    recipients=lambda settings: [*settings.recipients, EACH_PERSON],
)
