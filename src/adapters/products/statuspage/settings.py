"""Settings of a channel to a hosted Statuspage."""

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given


class StatuspageSettings(ChannelSettings, frozen=True, kw_only=True, tag="statuspage"):
    """A public page of Statuspage; `components` says which of its components a service is."""

    api_key: Given
    page_id: Given
    components: dict[str, Given] = msgspec.field(default_factory=dict)
    audiences: tuple[str, ...] = ("customers",)
    api_url: Given = "https://api.statuspage.io/v1"
