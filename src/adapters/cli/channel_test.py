"""Channels as the configuration has them, opened to be listed and tested."""

import asyncio
import sys
from collections.abc import Awaitable, Sequence
from typing import NamedTuple

from adapters.cli import tables
from adapters.clock import new_id, utc_now
from adapters.products.kit.channel import AnyChannelKind
from adapters.products.kit.products import Products
from adapters.products.kit.settings import ChannelSettings
from adapters.products.kit.test_message import test_messages
from adapters.runtime.open_channels import Opened, open_channels
from domain.kernel.text import enumerated
from domain.notification import Audience
from handlers.notify.channels import Channel, Permanent, Transient
from handlers.notify.sender import SEND_TIMEOUT_S

_PERSONAL = "it reaches persons: `commandpost person test_page` tries it"


class ListedChannel(NamedTuple):
    """A channel for people to read: its name in the ledger, and whom it tells."""

    channel: str
    kind: str
    audiences: str
    min_severity: str
    recipient: str


async def list_channel(
    name: str, settings: ChannelSettings, products: Products
) -> list[ListedChannel]:
    """What one configured channel stands for. Raises `ConfigFault`."""
    recipients = products.channel_kinds[settings.kind].recipients(settings)
    async with open_channels({name: settings}, sys.stdout, utc_now, products) as opened:
        return [
            _listed(each, settings.kind, recipient)
            for each, recipient in zip(opened, recipients, strict=True)
        ]


def _listed(opened: Opened, kind: str, recipient: str) -> ListedChannel:
    wanted = opened.subscription
    audiences = ", ".join(audience.value for audience in wanted.audiences)
    if wanted.admins:
        audiences = ", ".join(filter(None, (audiences, "administrators")))
    if wanted.addressed:
        audiences = "nobody: a tracker of issues"
    if not audiences:
        audiences = f"persons, by {enumerated(wanted.carries)}"
    least = wanted.min_severity.value
    return ListedChannel(opened.channel.name, kind, audiences, least, recipient)


async def try_channel(
    name: str, settings: ChannelSettings, products: Products, networks: Sequence[str] = ()
) -> tuple[bool, list[str]]:
    """Whether all that a configured channel stands for works, and what of it does, by its name in
    the ledger; `networks` are those within to which it may connect. Raises `ConfigFault`.
    """
    kind = products.channel_kinds[settings.kind]
    opening = open_channels({name: settings}, sys.stdout, utc_now, products, networks)
    async with opening as opened:
        told = [it for it in opened if it.subscription.audiences]
        for it in opened:
            if it not in told:
                tables.say(f"{it.channel.name}: {_PERSONAL}")
        works = [
            it.channel.name
            for it in told
            if await _works(kind, it.channel, it.subscription.audiences[0])
        ]
        return len(works) == len(told), works


async def _works(kind: AnyChannelKind, channel: Channel, audience: Audience) -> bool:
    """What is public is not tried out loud."""
    if kind.check:
        return await _receipt(channel, "check", kind.check(channel))
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
