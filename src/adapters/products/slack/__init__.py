"""Slack: an app with messages, buttons and a slash command, or an incoming webhook.

The app may have a channel for each incident; who has no app configures the webhook.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Host, Opening
from adapters.products.kit.route import Route
from adapters.products.slack.settings import SlackSettings, SlackWebhookSettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.slack.channel import Slack
    from adapters.products.slack.incoming_webhook import SlackWebhook


def _open(name: str, settings: SlackSettings, _: TextIO, clock: Clock) -> "Opening[Slack]":
    from adapters.products.slack.channel import open_slack  # noqa: PLC0415

    return open_slack(name, settings, clock)


def _open_webhook(
    name: str, settings: SlackWebhookSettings, _: TextIO, clock: Clock
) -> "Opening[SlackWebhook]":
    from adapters.products.slack.incoming_webhook import open_webhook  # noqa: PLC0415

    return open_webhook(name, settings, clock)


def _routes(configured: Sequence[SlackSettings], host: Host) -> Sequence[Route]:
    from adapters.products.slack.routes import slack_routes  # noqa: PLC0415

    return slack_routes(configured, host)


CHANNEL = ChannelKind(
    settings=SlackSettings,
    open=_open,
    # One message a second and channel; a message may take several calls of 20 to 50 a minute.
    pace=Pace(per_minute=40, burst=5, reserved=2),
    routes=_routes,
)
WEBHOOK_CHANNEL = ChannelKind(
    settings=SlackWebhookSettings,
    open=_open_webhook,
    pace=Pace(per_minute=60, burst=5, reserved=2),
)
