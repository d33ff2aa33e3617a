"""Channels: which there are, and whether one works."""

import asyncio
import sys

from cyclopts import App

from adapters.channel_settings import EmailChannel, SettingFault
from adapters.channels import open_channel, subscription
from adapters.cli import tables
from adapters.cli.session import DEFAULTS, Format, Options, fail
from adapters.clock import new_id, utc_now
from adapters.config import Config
from adapters.rehearsal import rehearsal
from domain.notification import Audience
from handlers.channels import Channel, Permanent, Transient
from handlers.sending import SEND_TIMEOUT_S


def add_to(app: App) -> None:
    """Register the commands of this module."""
    channels = App(name="channels", help="The ways out for notifications.")
    channels.command(list_, name="list")
    channels.command(try_, name="test")
    app.command(channels)


async def list_(*, format: Format = "table", options: Options = DEFAULTS) -> None:  # noqa: A002
    """List the configured channels with whom they tell; for e-mail, one for each recipient."""
    config = options.load()
    rows = []
    for name, settings in config.channels.items():
        wanted = subscription(name, settings)
        tells = ", ".join(audience.value for audience in wanted.audiences)
        for channel, leads_to in await _ways(config, name):
            row = (channel.name, settings.kind, tells, wanted.min_severity.value, leads_to)
            rows.append(row)
    columns = ("channel", "kind", "audiences", "min_severity", "recipient")
    if format == "json":
        tables.as_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        tables.table(tables.count(len(rows), "channel"), columns, rows)


async def try_(name: str, *, options: Options = DEFAULTS) -> int:
    """Send a message that says it is a test through one channel, and print its receipt, or why
    there is none (exit status 1). Nothing is recorded. A pager is told of the end right away.
    """
    config = options.load()
    if name not in config.channels:
        fail(f"there is no channel {name}; configured are {', '.join(config.channels) or 'none'}")
    settings = config.channels[name]
    audience = subscription(name, settings).audiences[0]
    try:
        async with open_channel(name, settings, sys.stdout, utc_now) as channels:
            failures = [await _tried(channel, audience) for channel in channels]
    except SettingFault as fault:
        fail(f"channels.{name}: {fault}")
    return 1 if any(failures) else 0


async def _tried(channel: Channel, audience: Audience) -> bool:
    """Whether it failed."""
    for message in rehearsal(audience, utc_now(), new_id):
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                receipt = await channel.send(message)
        except (Transient, Permanent, TimeoutError) as failure:
            passing = "may pass" if isinstance(failure, Transient) else "will not pass"
            tables.say(f"{channel.name}: failed ({passing}): {failure or 'no end in time'}")
            return True
        tables.say(f"{channel.name}: {message.intent.kind}: {receipt}")
    return False


async def _ways(config: Config, name: str) -> list[tuple[Channel, str]]:
    settings = config.channels[name]
    try:
        async with open_channel(name, settings, sys.stdout, utc_now) as channels:
            to = list(settings.to) if isinstance(settings, EmailChannel) else [""] * len(channels)
            return list(zip(channels, dict.fromkeys(to) if len(to) > 1 else to, strict=True))
    except SettingFault as fault:
        fail(f"channels.{name}: {fault}")
