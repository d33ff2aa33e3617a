"""The products there are: a line for what each of them exports.

A folder beside this file exports `SOURCE` (what a product sends us), `CHANNEL` (what is sent to
it), or both. From its line here follow its kind and keys in configuration and environment, its
webhook and other routes with their description, its pace, `commandpost channels list|test`, and
which rows docs/channels.md, docs/alerts.md and README.md must have. `registry` is imported by every
command of the command line, so what is heavy in a product is imported when it is used.
"""

from adapters.products import (
    alertmanager,
    cloudevents,
    console,
    email,
    events_v2,
    generic,
    github,
    gotify,
    grafana,
    jira,
    linear,
    ntfy,
    opsgenie,
    pagerduty,
    pushover,
    slack,
    statuspage,
    telegram,
    twilio,
    web_push,
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
    generic.SOURCE,
)
CHANNELS: tuple[AnyChannelKind, ...] = (
    console.CHANNEL,
    webhook.CHANNEL,
    slack.CHANNEL,
    slack.WEBHOOK_CHANNEL,
    email.CHANNEL,
    twilio.CHANNEL,
    telegram.CHANNEL,
    web_push.CHANNEL,
    ntfy.CHANNEL,
    gotify.CHANNEL,
    pushover.CHANNEL,
    statuspage.CHANNEL,
    pagerduty.CHANNEL,
    opsgenie.CHANNEL,
    github.CHANNEL,
    jira.CHANNEL,
    linear.CHANNEL,
)
PRODUCTS = Products(SOURCES, CHANNELS)
