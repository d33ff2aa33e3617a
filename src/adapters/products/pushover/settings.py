"""Settings of a channel to Pushover."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

Key = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9]{30}$")]


class PushoverSettings(ChannelSettings, frozen=True, kw_only=True, tag="pushover"):
    """Messages of the application that has the `token` to the `user`, who may be a group; to
    persons by their user keys.
    """

    token: Given
    user: Key | None = None
    api_url: Given = "https://api.pushover.net"

    @property
    def carries(self) -> tuple[str, ...]:
        """To a user key."""
        return ("pushover",)
