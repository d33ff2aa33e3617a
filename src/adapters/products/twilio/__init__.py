"""Text messages and calls, by Twilio or a provider that speaks as it does."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.twilio.settings import TwilioSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.twilio.channel import Phone


def _open(name: str, settings: TwilioSettings, _: TextIO, clock: Clock) -> "Opening[Phone]":
    from adapters.products.twilio.channel import open_phones  # noqa: PLC0415

    return open_phones(name, settings, clock)


CHANNEL = ChannelKind(
    settings=TwilioSettings,
    open=_open,
    # A number of one's own sends, and dials, one a second.
    pace=Pace(per_minute=60, burst=10, reserved=3),
    recipients=lambda settings: settings.recipients,
)
