"""PagerDuty, both ways: its V3 webhooks, and pages by its Events API v2."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from adapters.products.kit.channel import ChannelKind, Clock, Opening
from adapters.products.kit.source import SourceKind
from adapters.products.pagerduty.settings import PagerDutySettings
from adapters.products.pagerduty.signature import HEADER, SCHEME, is_signed
from adapters.products.pagerduty.translate import PRODUCT, translate
from handlers.ingest.receive import InboundRequest
from handlers.notify.channels import Pace

if TYPE_CHECKING:
    from adapters.products.kit.paging import Pager


def _signed(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    return is_signed(delivery.sent, delivery.headers.get(HEADER), secrets)


def _has_signature(head: InboundRequest, _: Sequence[str]) -> bool:
    return SCHEME in head.headers.get(HEADER, "")


def _open(name: str, settings: PagerDutySettings, _: TextIO, clock: Clock) -> "Opening[Pager]":
    from adapters.products.pagerduty.pager import open_pager  # noqa: PLC0415

    return open_pager(name, settings, clock)


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=translate,
    authentic=_signed,
    plausible=_has_signature,
    delivers="a PagerDuty V3 webhook",
    kept_headers=frozenset({HEADER, "x-webhook-subscription"}),
)
CHANNEL = ChannelKind(
    settings=PagerDutySettings, open=_open, pace=Pace(per_minute=100, burst=20, reserved=5)
)
