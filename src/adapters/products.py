"""The products that can send webhooks, by the `kind` of a source."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from adapters import alertmanager, grafana, opsgenie, pagerduty
from adapters.pagerduty.signature import HEADER
from adapters.shared_secret import knows_secret
from handlers.reception import Delivery, Product


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return pagerduty.is_signed(delivery.body, delivery.headers.get(HEADER), secrets)


def _trusted(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return knows_secret(delivery.headers, delivery.query, secrets)


PRODUCTS: Mapping[str, Product] = MappingProxyType(
    {
        "pagerduty": Product(_signed, pagerduty.translate),
        "opsgenie": Product(_trusted, opsgenie.translate),
        "alertmanager": Product(_trusted, alertmanager.translate),
        "grafana": Product(_trusted, grafana.translate),
    }
)
