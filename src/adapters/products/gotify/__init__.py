"""Gotify: push messages by a server of one's own."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.gotify.settings import GotifySettings
from adapters.products.kit.channel import ChannelKind, Clock, Opening

if TYPE_CHECKING:
    from adapters.products.gotify.channel import Gotify


def _open(name: str, settings: GotifySettings, _: TextIO, clock: Clock) -> "Opening[Gotify]":
    from adapters.products.gotify.channel import open_gotify  # noqa: PLC0415

    return open_gotify(name, settings, clock)


CHANNEL = ChannelKind(settings=GotifySettings, open=_open)
