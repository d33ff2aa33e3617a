"""Settings of a channel that pages by Opsgenie."""

from adapters.products.kit.settings import ChannelSettings, Given


class OpsgenieSettings(ChannelSettings, frozen=True, kw_only=True, tag="opsgenie_alerts"):
    """Pages by Opsgenie's Alert API; `api_key` is that of an API integration."""

    api_key: Given
    api_url: Given = "https://api.opsgenie.com"
