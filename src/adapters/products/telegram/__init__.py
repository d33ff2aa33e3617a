"""Telegram: messages of a bot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.route import Route
from adapters.products.telegram.settings import TelegramSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.telegram.channel import Telegram


def _open(name: str, settings: TelegramSettings, _: TextIO, clock: Clock) -> "Opening[Telegram]":
    from adapters.products.telegram.channel import open_telegram  # noqa: PLC0415

    return open_telegram(name, settings, clock)


def _routes(configured: Sequence[TelegramSettings], host: Host) -> Sequence[Route]:
    from adapters.products.telegram.touches import telegram_routes  # noqa: PLC0415

    return telegram_routes(configured, host)


CHANNEL = ChannelKind(
    settings=TelegramSettings,
    open=_open,
    # core.telegram.org/bots/faq: 20 messages a minute to one group.
    pace=Pace(per_minute=20, burst=5, reserved=2),
    routes=_routes,
)
