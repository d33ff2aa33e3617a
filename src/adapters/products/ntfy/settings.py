"""Settings of a channel to ntfy."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given

Topic = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class NtfySettings(ChannelSettings, frozen=True, kw_only=True, tag="ntfy"):
    """Publishes to `topic` of a server of ntfy at `url`, with an access `token` where it asks for
    one; to persons, each to a topic of their own.
    """

    topic: Topic | None = None
    token: Given | None = None
    url: Given = "https://ntfy.sh"

    @property
    def carries(self) -> tuple[str, ...]:
        """To a topic."""
        return ("ntfy",)
