"""Settings of a channel to Telegram."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

BotToken = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{20,100}$")]
Chat = Annotated[str, msgspec.Meta(pattern=r"^(-?[0-9]{1,20}|@[A-Za-z0-9_]{4,64})$")]


class TelegramSettings(ChannelSettings, frozen=True, kw_only=True, tag="telegram"):
    """Messages of a bot, by its `token`, to a `chat`: the id of a group or a person, or the
    `@name` of a public channel.
    """

    token: BotToken
    chat: Chat | None = None
    api_url: Given = "https://api.telegram.org"
