"""Settings of a channel that pages by PagerDuty."""

from adapters.products.kit.settings import ChannelSettings, Given


class PagerDutySettings(ChannelSettings, frozen=True, kw_only=True, tag="pagerduty_events"):
    """Pages by PagerDuty's Events API v2; `routing_key` is the integration key of a service."""

    routing_key: Given
    api_url: Given = "https://events.pagerduty.com"
