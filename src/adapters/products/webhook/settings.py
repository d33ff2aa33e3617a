"""Settings of a channel to a signed webhook."""

from adapters.products.kit.settings import ChannelSettings, Given


class WebhookSettings(ChannelSettings, frozen=True, kw_only=True, tag="webhook"):
    """Posts to `url`, signed with `secret` (`whsec_…`) after Standard Webhooks."""

    url: Given
    secret: Given
