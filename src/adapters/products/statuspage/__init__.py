"""Statuspage, both ways: we tell customers on a hosted page; providers' pages tell us."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.kit.source import SourceKind
from adapters.products.statuspage.settings import StatuspageSettings
from adapters.products.statuspage.translate import PRODUCT, translate
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.statuspage.channel import Statuspage


def _open(
    name: str, settings: StatuspageSettings, _: TextIO, clock: Clock
) -> "Opening[Statuspage]":
    from adapters.products.statuspage.channel import open_statuspage  # noqa: PLC0415

    return open_statuspage(name, settings, clock)


async def _check(page: "Statuspage") -> str:
    return await page.check()


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=translate,
    delivers="what a provider's Statuspage tells its subscribers",
)
CHANNEL = ChannelKind(
    settings=StatuspageSettings,
    open=_open,
    # One request a second; a message may take three.
    pace=Pace(per_minute=20, burst=3, reserved=1),
    check=_check,
)
