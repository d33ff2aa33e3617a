"""Ways out as the configuration has them, opened to be shown and tried."""

import asyncio
import sys
from collections.abc import Awaitable
from typing import NamedTuple

from adapters.cli import tables
from adapters.cli.session import fail
from adapters.clock import new_id, utc_now
from adapters.products.kit.settings import Channel as Settings
from adapters.products.kit.settings import EmailChannel, SettingFault
from adapters.products.kit.test_message import test_messages
from adapters.products.opening import open_channel, subscription
from adapters.products.statuspage.channel import Statuspage
from domain.notification import Audience
from handlers.notify.channels import Channel, Permanent, Transient
from handlers.notify.sender import SEND_TIMEOUT_S


class Way(NamedTuple):
    """A way out for people to read: its name in the ledger, and whom it tells."""

    channel: str
    kind: str
    audiences: str
    min_severity: str
    recipient: str


async def ways(name: str, settings: Settings) -> list[Way]:
    """What one configured channel stands for. Raises `ConfigFault`."""
    wanted = subscription(name, settings)
    tells = ", ".join(audience.value for audience in wanted.audiences)
    to = tuple(dict.fromkeys(settings.to)) if isinstance(settings, EmailChannel) else ("",)
    try:
        async with open_channel(name, settings, sys.stdout, utc_now) as channels:
            return [
                Way(channel.name, settings.kind, tells, wanted.min_severity.value, recipient)
                for channel, recipient in zip(channels, to, strict=True)
            ]
    except SettingFault as fault:
        fail(f"channels.{name}: {fault}")


async def tried(name: str, settings: Settings) -> bool:
    """Whether all that a configured channel stands for works. Raises `ConfigFault`."""
    audience = subscription(name, settings).audiences[0]
    try:
        async with open_channel(name, settings, sys.stdout, utc_now) as channels:
            return all([await _works(channel, audience) for channel in channels])
    except SettingFault as fault:
        fail(f"channels.{name}: {fault}")


async def _works(channel: Channel, audience: Audience) -> bool:
    """What is public is not tried out loud."""
    if isinstance(channel, Statuspage):
        return await _receipt(channel, "check", channel.check())
    for message in test_messages(audience, utc_now(), new_id):
        if not await _receipt(channel, message.intent.kind, channel.send(message)):
            return False
    return True


async def _receipt(channel: Channel, what: str, sending: Awaitable[str]) -> bool:
    try:
        async with asyncio.timeout(SEND_TIMEOUT_S):
            receipt = await sending
    except (Transient, Permanent, TimeoutError) as failure:
        passing = "will not pass" if isinstance(failure, Permanent) else "may pass"
        tables.say(f"{channel.name}: {what}: failed ({passing}): {failure or 'no end in time'}")
        return False
    tables.say(f"{channel.name}: {what}: {receipt}")
    return True
