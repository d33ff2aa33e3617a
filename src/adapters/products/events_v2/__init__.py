"""Events that tools made for PagerDuty send: its Events API v2, received instead of called."""

from adapters.products.events_v2.translate import answer, shows_key, translate, without_key

__all__ = ["answer", "shows_key", "translate", "without_key"]
