"""Text messages and calls, by Twilio or a provider that speaks as it does."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.personal import EACH_PERSON
from adapters.products.kit.route import Route
from adapters.products.twilio.settings import TwilioSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from handlers.notify.channels import Channel


def _open(name: str, settings: TwilioSettings, _: TextIO, clock: Clock) -> "Opening[Channel]":
    from adapters.products.twilio.channel import open_phones  # noqa: PLC0415

    return open_phones(name, settings, clock)


def _routes(configured: Sequence[TwilioSettings], host: Host) -> Sequence[Route]:
    from adapters.products.twilio.callbacks import twilio_routes  # noqa: PLC0415

    return twilio_routes(configured, host)


CHANNEL = ChannelKind(
    settings=TwilioSettings,
    open=_open,
    # A number of one's own sends, and dials, one a second.
    pace=Pace(per_minute=60, burst=10, reserved=3),
    recipients=lambda settings: [*settings.recipients, EACH_PERSON],
    routes=_routes,
)
