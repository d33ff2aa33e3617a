"""PagerDuty V3 webhooks: who sent them, and what they say."""

from adapters.pagerduty.signature import is_signed
from adapters.pagerduty.translate import translate

__all__ = ["is_signed", "translate"]
