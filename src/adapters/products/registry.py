"""The products there are: a line for what each of them exports."""

from adapters.products import (
    alertmanager,
    cloudevents,
    console,
    email,
    events_v2,
    grafana,
    opsgenie,
    pagerduty,
    slack,
    statuspage,
    webhook,
)
from adapters.products.kit.channel import AnyChannelKind
from adapters.products.kit.products import Products
from adapters.products.kit.source import SourceKind

SOURCES: tuple[SourceKind, ...] = (
    pagerduty.SOURCE,
    opsgenie.SOURCE,
    alertmanager.SOURCE,
    grafana.SOURCE,
    statuspage.SOURCE,
    cloudevents.SOURCE,
    events_v2.SOURCE,
)
CHANNELS: tuple[AnyChannelKind, ...] = (
    console.CHANNEL,
    webhook.CHANNEL,
    slack.CHANNEL,
    slack.WEBHOOK_CHANNEL,
    email.CHANNEL,
    statuspage.CHANNEL,
    pagerduty.CHANNEL,
    opsgenie.CHANNEL,
)
PRODUCTS = Products(SOURCES, CHANNELS)
