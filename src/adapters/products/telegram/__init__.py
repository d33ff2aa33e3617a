"""Telegram: messages of a bot."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.telegram.settings import TelegramSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.telegram.channel import Telegram


def _open(name: str, settings: TelegramSettings, _: TextIO, clock: Clock) -> "Opening[Telegram]":
    from adapters.products.telegram.channel import open_telegram  # noqa: PLC0415

    return open_telegram(name, settings, clock)


CHANNEL = ChannelKind(
    settings=TelegramSettings,
    open=_open,
    # core.telegram.org/bots/faq: 20 messages a minute to one group.
    pace=Pace(per_minute=20, burst=5, reserved=2),
)
