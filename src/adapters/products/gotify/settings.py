"""Settings of a channel to Gotify."""

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given


class GotifySettings(ChannelSettings, frozen=True, kw_only=True, tag="gotify"):
    """Messages of the application that has the `token`, at the server `url`; whoever has made the
    application gets them. So persons have applications of their own, whose tokens stand in `people`
    by the name that is the address of their contact method.
    """

    url: Given
    token: Given | None = None
    people: dict[str, Given] = msgspec.field(default_factory=dict)

    @property
    def carries(self) -> tuple[str, ...]:
        """By the application of each."""
        return ("gotify",)
