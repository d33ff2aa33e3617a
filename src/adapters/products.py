"""The paging products that can send webhooks, by the `kind` of a source."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from adapters import opsgenie, pagerduty
from adapters.pagerduty.signature import HEADER
from handlers.reception import Delivery, Product


def _pagerduty(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return pagerduty.is_signed(delivery.body, delivery.headers.get(HEADER), secrets)


def _opsgenie(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return opsgenie.knows_secret(delivery.headers, delivery.query, secrets)


PRODUCTS: Mapping[str, Product] = MappingProxyType(
    {
        "pagerduty": Product(_pagerduty, pagerduty.translate),
        "opsgenie": Product(_opsgenie, opsgenie.translate),
    }
)
