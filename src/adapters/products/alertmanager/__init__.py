"""Webhooks of Prometheus Alertmanager."""

from adapters.products.alertmanager.translate import translate

__all__ = ["translate"]
