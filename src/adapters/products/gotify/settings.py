"""Settings of a channel to Gotify."""

from adapters.products.kit.settings import ChannelSettings, Given


class GotifySettings(ChannelSettings, frozen=True, kw_only=True, tag="gotify"):
    """Messages of the application that has the `token`, at the server `url`; whoever has made the
    application gets them.
    """

    url: Given
    token: Given | None = None
