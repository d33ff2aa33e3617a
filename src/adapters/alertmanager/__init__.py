"""Webhooks of Prometheus Alertmanager."""

from adapters.alertmanager.translate import translate

__all__ = ["translate"]
