"""Slack's incoming webhooks (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

They post to one channel and tell nothing back: no thread, no buttons that lead anywhere, no way to
look whether a message has arrived. After a lost answer the same message may appear twice.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import httpx2
import msgspec

from adapters.products.kit.web import FORBIDDEN, Call, Web, check_url, client
from adapters.products.slack import blocks
from adapters.products.slack.settings import SlackWebhookSettings
from adapters.products.slack.threads import Mark
from handlers.notify.render import Message

GONE = FORBIDDEN | {404, 410}
"""`no_service`, `channel_not_found`, `channel_is_archived`: the webhook, not the message."""


@asynccontextmanager
async def open_webhook(
    name: str, settings: SlackWebhookSettings, clock: Callable[[], datetime]
) -> AsyncIterator[list["SlackWebhook"]]:
    """The one channel of these settings. Raises `SettingFault`."""
    async with client() as opened:
        yield [SlackWebhook(name, settings, opened, clock)]


class SlackWebhook:
    """Posts to the URL of one webhook."""

    def __init__(
        self,
        name: str,
        settings: SlackWebhookSettings,
        http: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._url = check_url(settings.url)
        path = httpx2.URL(settings.url).path  # it is the secret
        self._web = Web(http, clock, secrets=(settings.url, path), unusable=GONE)

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, *, again: bool = False) -> str:
        """2xx is the receipt."""
        del again
        intent = message.intent
        content = {
            "text": blocks.fallback(message),
            "blocks": [block for block in blocks.card(message) if block["type"] != "actions"],
            "metadata": Mark(incident_id=intent.key, intent_id=intent.id).metadata,
        }
        headers = {"content-type": "application/json"}
        answer = await self._web.take(
            Call("POST", self._url, headers, msgspec.json.encode(content))
        )
        return f"HTTP {answer.status}"
