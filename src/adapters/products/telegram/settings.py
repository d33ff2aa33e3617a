"""Settings of a channel to Telegram."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

BotToken = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$")]
Chat = Annotated[str, msgspec.Meta(pattern=r"^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})$")]

WebhookSecret = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,256}$")]


class TelegramSettings(ChannelSettings, frozen=True, kw_only=True, tag="telegram"):
    """Messages of a bot, by its `token`, to a `chat`: the id of a group or a person, or the
    `@name` of a public channel; to persons by the id of their chat with the bot. With a
    `webhook_secret` its buttons are answered.
    """

    token: BotToken
    chat: Chat | None = None
    webhook_secret: WebhookSecret | None = None
    api_url: Given = "https://api.telegram.org"

    @property
    def carries(self) -> tuple[str, ...]:
        """To the chat of a person."""
        return ("telegram",)
