"""The settings of channels, one struct for each `kind`; docs/channels.md says how to get them."""

from typing import Annotated, Any, Literal

import msgspec

from domain.policy import Severity

Given = Annotated[str, msgspec.Meta(min_length=1)]
Service = Annotated[str, msgspec.Meta(min_length=1, max_length=300, pattern=r"\S")]
Port = Annotated[int, msgspec.Meta(ge=1, le=65_535)]
Address = Annotated[str, msgspec.Meta(pattern=r"^[^\s@<>,]+@[^\s@<>,]+$", max_length=254)]
RECIPIENTS_MOST = 50


class SettingFault(Exception):  # noqa: N818 - told to whoever configures it
    """A setting that has the right shape and still cannot be used; the message names its key."""


class Channel(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"
):
    """What all channels have: whom they tell, in order of preference, from which severity on, and
    of which services; none means of all.
    """

    audiences: tuple[str, ...] = ("engineering",)
    min_severity: Severity = Severity.SEV4
    services: Annotated[tuple[Service, ...], msgspec.Meta(max_length=200)] = ()

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class ConsoleChannel(Channel, frozen=True, kw_only=True, tag="console"):
    """Prints to standard output."""


class WebhookChannel(Channel, frozen=True, kw_only=True, tag="webhook"):
    """Posts to `url`, signed with `secret` (`whsec_…`) after Standard Webhooks."""

    url: Given
    secret: Given


class SlackChannel(Channel, frozen=True, kw_only=True, tag="slack"):
    """A Slack app: posts to `channel` (its id) with a bot `token`. With a `signing_secret`, its
    slash command and buttons are answered; `incident_channels` opens one more for each incident.
    """

    token: Given
    channel: Given
    signing_secret: Annotated[str, msgspec.Meta(min_length=8)] | None = None
    incident_channels: bool = False
    api_url: Given = "https://slack.com/api"


class SlackWebhookChannel(Channel, frozen=True, kw_only=True, tag="slack_webhook"):
    """An incoming webhook of Slack; its `url` is a secret."""

    url: Given


class EmailChannel(Channel, frozen=True, kw_only=True, tag="email", rename={"from_": "from"}):
    """Mails by SMTP, to each recipient on its own."""

    host: Given
    from_: Address
    to: Annotated[tuple[Address, ...], msgspec.Meta(min_length=1, max_length=RECIPIENTS_MOST)]
    port: Port = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str | None = None
    password: str | None = None


class StatuspageChannel(Channel, frozen=True, kw_only=True, tag="statuspage"):
    """A public page of Statuspage; `components` says which of its components a service is."""

    api_key: Given
    page_id: Given
    components: dict[str, Given] = {}
    audiences: tuple[str, ...] = ("customers",)
    api_url: Given = "https://api.statuspage.io/v1"


class PagerDutyChannel(Channel, frozen=True, kw_only=True, tag="pagerduty_events"):
    """Pages by PagerDuty's Events API v2; `routing_key` is the integration key of a service."""

    routing_key: Given
    api_url: Given = "https://events.pagerduty.com"


class OpsgenieChannel(Channel, frozen=True, kw_only=True, tag="opsgenie_alerts"):
    """Pages by Opsgenie's Alert API; `api_key` is that of an API integration."""

    api_key: Given
    api_url: Given = "https://api.opsgenie.com"


AnyChannel = (
    ConsoleChannel
    | WebhookChannel
    | SlackChannel
    | SlackWebhookChannel
    | EmailChannel
    | StatuspageChannel
    | PagerDutyChannel
    | OpsgenieChannel
)
KINDS: dict[str, type[Channel]] = {
    str(kind.__struct_config__.tag): kind for kind in Channel.__subclasses__()
}
KEYS: dict[str, Any] = {
    field.encode_name: field.type
    for kind in KINDS.values()
    for field in msgspec.structs.fields(kind)
}
"""Each key of any kind with its type: what the environment may name."""
