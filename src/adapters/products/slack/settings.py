"""Settings of channels to Slack: by an app, or by an incoming webhook."""

from typing import Annotated

import msgspec

from adapters.products.kit.settings import ChannelSettings, Given


class SlackSettings(ChannelSettings, frozen=True, kw_only=True, tag="slack"):
    """A Slack app: posts to `channel` (its id) with a bot `token`. With a `signing_secret`, its
    slash command and buttons are answered; `incident_channels` opens one more for each incident.
    """

    token: Given
    channel: Given
    signing_secret: Annotated[str, msgspec.Meta(min_length=8)] | None = None
    incident_channels: bool = False
    api_url: Given = "https://slack.com/api"

    @property
    def carries(self) -> tuple[str, ...]:
        """To a user, as a direct message."""
        return ("slack",)


class SlackWebhookSettings(ChannelSettings, frozen=True, kw_only=True, tag="slack_webhook"):
    """An incoming webhook of Slack; its `url` is a secret."""

    url: Given
