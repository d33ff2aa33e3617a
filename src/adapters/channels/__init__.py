"""Ways out for notifications, by the `kind` of the configuration."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TextIO

from adapters.channels.console import Console
from adapters.channels.webhook import Webhook, WebhookFault, open_webhook
from adapters.config import Channel as Settings
from adapters.config import ConfigFault
from domain.notification import Audience
from handlers.channels import Channel, Subscription

__all__ = ["Console", "Webhook", "open_channels", "subscription"]


@asynccontextmanager
async def open_channels(
    configured: Mapping[str, Settings], stream: TextIO, clock: Callable[[], datetime]
) -> AsyncIterator[list[tuple[Channel, Subscription]]]:
    """All configured channels with whom they tell; `stream` is where consoles print.

    Raises `ConfigFault`.
    """
    async with AsyncExitStack() as stack:
        opened: list[tuple[Channel, Subscription]] = []
        for name, settings in configured.items():
            wanted = subscription(name, settings)
            channel: Channel
            if settings.kind == "console":
                channel = Console(name, stream)
            else:
                try:
                    opening = open_webhook(name, settings.url or "", settings.secret or "", clock)
                    channel = await stack.enter_async_context(opening)
                except WebhookFault as fault:
                    raise ConfigFault(f"channels.{name}: {fault}") from fault
            opened.append((channel, wanted))
        yield opened


def subscription(name: str, settings: Settings) -> Subscription:
    """Whom a channel tells. Raises `ConfigFault`."""
    try:
        audiences = tuple(dict.fromkeys(Audience(audience) for audience in settings.audiences))
    except ValueError as error:
        known = ", ".join(Audience)
        raise ConfigFault(f"channels.{name}: audiences: {error}; known are {known}") from error
    if not audiences:
        raise ConfigFault(f"channels.{name}: audiences: name at least one")
    return Subscription(audiences, settings.min_severity, tuple(dict.fromkeys(settings.services)))
