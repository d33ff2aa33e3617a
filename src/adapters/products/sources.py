"""What can send signals, by the `kind` of a source."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from adapters.products import (
    alertmanager,
    cloudevents,
    events_v2,
    grafana,
    opsgenie,
    pagerduty,
    statuspage,
)
from adapters.products.kit.shared_secret import knows_secret
from adapters.products.pagerduty.signature import HEADER
from handlers.ingest.receive import InboundRequest, Product


def _signed(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    return pagerduty.is_signed(delivery.body, delivery.headers.get(HEADER), secrets)


def _trusted(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    return knows_secret(delivery.headers, delivery.query, secrets)


def _keyed(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    return _trusted(delivery, secrets) or events_v2.shows_key(delivery.body, secrets)


PRODUCTS: Mapping[str, Product] = MappingProxyType(
    {
        "pagerduty": Product(_signed, pagerduty.translate),
        "opsgenie": Product(_trusted, opsgenie.translate),
        "alertmanager": Product(_trusted, alertmanager.translate),
        "grafana": Product(_trusted, grafana.translate),
        "statuspage": Product(_trusted, statuspage.translate),
        "cloudevents": Product(
            _trusted, cloudevents.translate, whole=cloudevents.structured, direct=True
        ),
        "events_v2": Product(_keyed, events_v2.translate, keepable=events_v2.without_key),
    }
)
