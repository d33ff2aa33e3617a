"""Webhooks of Grafana alerting, and of the dashboard alerts before version 9."""

from adapters.products.grafana.translate import PRODUCT, translate
from adapters.products.kit.source import SourceKind

SOURCE = SourceKind(
    kind=PRODUCT, translate=translate, delivers="a Grafana webhook", repeats_firing=True
)
