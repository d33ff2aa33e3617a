"""PagerDuty V3 webhooks: who sent them, and what they say."""

from adapters.products.pagerduty.signature import is_signed
from adapters.products.pagerduty.translate import translate

__all__ = ["is_signed", "translate"]
