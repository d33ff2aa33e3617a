"""ntfy: push messages to the phones that follow a topic, by ntfy.sh or a server of one's own."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.ntfy.settings import NtfySettings
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.ntfy.channel import Ntfy


def _open(name: str, settings: NtfySettings, _: TextIO, clock: Clock) -> "Opening[Ntfy]":
    from adapters.products.ntfy.channel import open_ntfy  # noqa: PLC0415

    return open_ntfy(name, settings, clock)


CHANNEL = ChannelKind(
    settings=NtfySettings,
    open=_open,
    # docs.ntfy.sh/publish: 60 at once, then one every 5 s.
    pace=Pace(per_minute=12, burst=40, reserved=10),
)
