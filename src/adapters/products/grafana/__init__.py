"""Webhooks of Grafana alerting, and of the dashboard alerts before version 9."""

from adapters.products.grafana.translate import translate

__all__ = ["translate"]
