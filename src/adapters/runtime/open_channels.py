"""Channels as they are configured: opened, with whom each of them tells, and their own routes."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import NamedTuple, TextIO

from msgspec.structs import replace

from adapters.config.settings import ConfigFault
from adapters.products.kit.channel import Host
from adapters.products.kit.outgoing import reaching
from adapters.products.kit.personal import Personal
from adapters.products.kit.products import Products
from adapters.products.kit.route import Route
from adapters.products.kit.settings import ChannelSettings, SettingFault
from adapters.products.kit.tracker import TrackerSettings
from adapters.products.registry import PRODUCTS
from domain.notification import Audience
from domain.policy.reach import Reach, Subscription
from domain.sight import Sight
from handlers.entrance.contact_checks import Carriers, carriers_among
from handlers.notify.channels import Channel, Pace


class Opened(NamedTuple):
    """A way out, whom it tells, and how fast it may be used."""

    channel: Channel
    subscription: Subscription
    pace: Pace


@asynccontextmanager
async def open_channels(
    configured: Mapping[str, ChannelSettings],
    stream: TextIO,
    clock: Callable[[], datetime],
    products: Products = PRODUCTS,
    networks: Sequence[str] = (),
) -> AsyncIterator[list[Opened]]:
    """All configured channels; `stream` is where consoles print, and `networks` are those within
    to which a channel may connect. Raises `ConfigFault`.
    """
    kinds = products.channel_kinds
    async with AsyncExitStack() as stack:
        opened: list[Opened] = []
        for name, settings in configured.items():
            wanted, kind = subscription(name, settings), kinds[settings.kind]
            try:
                opening = kind.open(name, settings, stream, clock)
                with reaching(networks):
                    channels = await stack.enter_async_context(opening)
            except SettingFault as fault:
                raise ConfigFault(f"channels.{name}: {fault}") from fault
            pace = pace_of(settings, kind.pace)
            opened += [Opened(each, _carried_by(each, name, wanted), pace) for each in channels]
        yield opened


def _carried_by(channel: Channel, configured: str, wanted: Subscription) -> Subscription:
    """Where each recipient has a channel, the one of the configured name reaches persons."""
    if isinstance(channel, Personal):
        return replace(wanted, audiences=(), admins=False, private=None)
    return wanted if channel.name == configured else replace(wanted, carries=())


def pace_of(settings: ChannelSettings, usual: Pace) -> Pace:
    """How fast a channel may be used. Of a burst, a quarter is kept for SEV1, as far as its
    product keeps any, and never all of it.
    """
    pace = usual
    if settings.rate_per_minute is not None:
        pace = pace._replace(per_minute=settings.rate_per_minute)
    if settings.burst is not None:
        reserved = min(-(-settings.burst // 4), settings.burst - 1) if usual.reserved else 0
        pace = pace._replace(burst=settings.burst, reserved=reserved)
    return pace


def subscription(name: str, settings: ChannelSettings) -> Subscription:
    """Whom a channel tells. Raises `ConfigFault`."""
    try:
        audiences = tuple(dict.fromkeys(Audience(audience) for audience in settings.audiences))
    except ValueError as error:
        known = ", ".join(Audience)
        raise ConfigFault(f"channels.{name}: audiences: {error}; known are {known}") from error
    if not audiences and not settings.admins and not settings.carries:
        raise ConfigFault(f"channels.{name}: audiences: name at least one")
    if settings.admins and Audience.CUSTOMERS in audiences:
        raise ConfigFault(
            f"channels.{name}: admins: customers read it, so it is not for them alone"
        )
    services = tuple(dict.fromkeys(settings.services))
    readers = settings.private
    private = Sight(readers.people, readers.teams) if readers else None
    if private is not None and not (private.people or private.teams):
        raise ConfigFault(f"channels.{name}: private: name those who read it, people or teams")
    if private is not None and Audience.CUSTOMERS in audiences:
        raise ConfigFault(f"channels.{name}: private: customers read it, so it is for everybody")
    addressed = name if isinstance(settings, TrackerSettings) else ""
    if addressed and (audiences, settings.admins) != ((Audience.ENGINEERING,), False):
        reason = "a tracker is told of the issues that are opened or linked by it, and nothing else"
        raise ConfigFault(f"channels.{name}: audiences and admins: {reason}")
    return Subscription(
        audiences=audiences,
        min_severity=settings.min_severity,
        services=services,
        drills=settings.drills,
        private=private,
        addressed=addressed,
        admins=settings.admins,
        carries=settings.carries,
        channel=name,
    )


def reach_of(configured: Mapping[str, ChannelSettings]) -> Reach:
    """Whom these channels tell. Raises `ConfigFault`."""
    return Reach(tuple(subscription(name, settings) for name, settings in configured.items()))


def carriers_of(channels: Iterable[Opened]) -> Carriers:
    """Those that reach single persons, by method."""
    return carriers_among((it.channel, it.subscription.carries) for it in channels)


def channel_routes(
    products: Products, configured: Mapping[str, ChannelSettings], host: Host
) -> list[Route]:
    """What products ask of us, also where no channel of theirs is configured: they hear so."""
    return [
        route
        for kind in products.channels
        for route in kind.routes(
            [settings for settings in configured.values() if settings.kind == kind.kind], host
        )
    ]
