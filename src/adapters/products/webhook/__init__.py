"""Webhooks to services of others, signed after Standard Webhooks."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.webhook.settings import WebhookSettings

if TYPE_CHECKING:
    from adapters.products.webhook.channel import Webhook


def _open(name: str, settings: WebhookSettings, _: TextIO, clock: Clock) -> "Opening[Webhook]":
    # Here and in other products: the clients are loaded for those who send something.
    from adapters.products.webhook.channel import open_webhook  # noqa: PLC0415

    return open_webhook(name, settings, clock)


CHANNEL = ChannelKind(settings=WebhookSettings, open=_open)
