"""Opsgenie webhooks, as Jira Service Management Operations sends them too."""

from adapters.products.opsgenie.translate import translate

__all__ = ["translate"]
