"""Opsgenie, both ways, as Jira Service Management Operations offers it too."""

from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.kit.source import SourceKind
from adapters.products.opsgenie.settings import OpsgenieSettings
from adapters.products.opsgenie.translate import PRODUCT, translate
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.paging import Pager


def _open(name: str, settings: OpsgenieSettings, _: TextIO, clock: Clock) -> "Opening[Pager]":
    from adapters.products.opsgenie.pager import open_pager  # noqa: PLC0415

    return open_pager(name, settings, clock)


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=translate,
    delivers="an Opsgenie webhook",
)
CHANNEL = ChannelKind(
    settings=OpsgenieSettings, open=_open, pace=Pace(per_minute=100, burst=20, reserved=5)
)
