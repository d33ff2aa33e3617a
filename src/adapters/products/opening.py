"""Ways out for notifications, by the `kind` of the configuration."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TextIO

from adapters.config.settings import ConfigFault
from adapters.products.console.channel import Console
from adapters.products.kit import settings as kinds
from adapters.products.kit.settings import SettingFault
from adapters.products.kit.web import Web, checked, client
from adapters.products.opsgenie.pager import Opsgenie
from adapters.products.pagerduty.pager import PagerDuty
from adapters.products.statuspage.channel import Statuspage
from adapters.products.webhook.channel import Webhook
from domain.notification import Audience
from handlers.notify.channels import Channel, Subscription
from handlers.notify.pacing import Pace

__all__ = ["PACES", "Opened", "open_channel", "open_channels", "subscription"]

PACES: Mapping[type[kinds.Channel], Pace] = MappingProxyType(
    {
        # One message a second and channel; a message may take several calls of 20 to 50 a minute.
        kinds.SlackChannel: Pace(per_minute=40, burst=5, reserved=2),
        # For each recipient; a mail may wait for a second.
        kinds.EmailChannel: Pace(per_minute=30, burst=10, reserved=3, poll_s=1.0),
        # One request a second; a message may take three.
        kinds.StatuspageChannel: Pace(per_minute=20, burst=3, reserved=1),
        kinds.PagerDutyChannel: Pace(per_minute=100, burst=20, reserved=5),
        kinds.OpsgenieChannel: Pace(per_minute=100, burst=20, reserved=5),
        kinds.SlackWebhookChannel: Pace(per_minute=60, burst=5, reserved=2),
    }
)
"""What products allow, with some room; others go at the usual pace."""


class Opened(NamedTuple):
    """A way out, whom it tells, and how fast it may be used."""

    channel: Channel
    subscription: Subscription
    pace: Pace


@asynccontextmanager
async def open_channels(
    configured: Mapping[str, kinds.Channel], stream: TextIO, clock: Callable[[], datetime]
) -> AsyncIterator[list[Opened]]:
    """All configured channels; `stream` is where consoles print. Raises `ConfigFault`."""
    async with AsyncExitStack() as stack:
        opened: list[Opened] = []
        for name, settings in configured.items():
            wanted = subscription(name, settings)
            pace = PACES.get(type(settings), Pace())
            try:
                opening = open_channel(name, settings, stream, clock)
                channels = await stack.enter_async_context(opening)
            except SettingFault as fault:
                raise ConfigFault(f"channels.{name}: {fault}") from fault
            opened += [Opened(channel, wanted, pace) for channel in channels]
        yield opened


@asynccontextmanager
async def open_channel(
    name: str, settings: kinds.Channel, stream: TextIO, clock: Callable[[], datetime]
) -> AsyncIterator[list[Channel]]:
    """The ways out that one configured channel stands for. Raises `SettingFault`."""
    if isinstance(settings, kinds.ConsoleChannel):
        yield [Console(name, stream)]
        return
    if isinstance(settings, kinds.EmailChannel):
        from adapters.products.email.channel import mailboxes  # noqa: PLC0415 - for those who use it

        yield list(mailboxes(name, settings))
        return
    async with client() as opened:
        match settings:
            case kinds.WebhookChannel():
                web = Web(opened, clock, secrets=(settings.secret,))
                yield [Webhook(name, settings, web, clock)]
            case kinds.SlackChannel():
                from adapters.products.slack.api import Api  # noqa: PLC0415 - 0.1 s for those who use it
                from adapters.products.slack.channel import Slack  # noqa: PLC0415

                web = Web(opened, clock, secrets=(settings.token, settings.signing_secret or ""))
                yield [
                    Slack(
                        name,
                        settings,
                        Api(web, settings.token, checked(settings.api_url, "api_url")),
                    )
                ]
            case kinds.SlackWebhookChannel():
                from adapters.products.slack.incoming_webhook import SlackWebhook  # noqa: PLC0415

                yield [SlackWebhook(name, settings, opened, clock)]
            case kinds.PagerDutyChannel():
                yield [PagerDuty(name, settings, opened, clock)]
            case kinds.OpsgenieChannel():
                yield [Opsgenie(name, settings, opened, clock)]
            case kinds.StatuspageChannel():
                yield [Statuspage(name, settings, opened, clock)]
            case _:
                raise AssertionError(f"a kind of channel without an adapter: {settings.kind}")


def subscription(name: str, settings: kinds.Channel) -> Subscription:
    """Whom a channel tells. Raises `ConfigFault`."""
    try:
        audiences = tuple(dict.fromkeys(Audience(audience) for audience in settings.audiences))
    except ValueError as error:
        known = ", ".join(Audience)
        raise ConfigFault(f"channels.{name}: audiences: {error}; known are {known}") from error
    if not audiences:
        raise ConfigFault(f"channels.{name}: audiences: name at least one")
    return Subscription(audiences, settings.min_severity, tuple(dict.fromkeys(settings.services)))
