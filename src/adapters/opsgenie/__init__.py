"""Opsgenie webhooks, as Jira Service Management Operations sends them too."""

from adapters.opsgenie.secret import knows_secret
from adapters.opsgenie.translate import translate

__all__ = ["knows_secret", "translate"]
