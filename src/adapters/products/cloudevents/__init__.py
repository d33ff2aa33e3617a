"""Signals of services of one's own, as CloudEvents 1.0 over HTTP and NATS."""

from adapters.products.cloudevents.envelope import structured
from adapters.products.cloudevents.translate import translate

__all__ = ["structured", "translate"]
