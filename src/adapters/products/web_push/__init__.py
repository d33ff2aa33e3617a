"""Web Push: messages to browsers and installed web applications, by the service of their maker."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.kit.personal import EACH_PERSON
from adapters.products.web_push.settings import WebPushSettings

if TYPE_CHECKING:
    from handlers.notify.channels import Channel


def _open(name: str, settings: WebPushSettings, _: TextIO, clock: Clock) -> "Opening[Channel]":
    from adapters.products.web_push.channel import open_web_push  # noqa: PLC0415

    return open_web_push(name, settings, clock)


CHANNEL = ChannelKind(
    settings=WebPushSettings,
    open=_open,
    recipients=lambda settings: [
        *(it.partition("#")[0] for it in settings.recipients),
        EACH_PERSON,
    ],
)
