"""Webhooks of Prometheus Alertmanager."""

from adapters.products.alertmanager.translate import PRODUCT, translate
from adapters.products.kit.source import SourceKind

SOURCE = SourceKind(
    kind=PRODUCT, translate=translate, delivers="an Alertmanager webhook", repeats_firing=True
)
