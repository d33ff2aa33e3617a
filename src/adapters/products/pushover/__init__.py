"""Pushover: push messages to the phones of a user or a group."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.pushover.settings import PushoverSettings

if TYPE_CHECKING:
    from adapters.products.pushover.channel import Pushover


def _open(name: str, settings: PushoverSettings, _: TextIO, clock: Clock) -> "Opening[Pushover]":
    from adapters.products.pushover.channel import open_pushover  # noqa: PLC0415

    return open_pushover(name, settings, clock)


CHANNEL = ChannelKind(settings=PushoverSettings, open=_open)
