"""Signals of services of one's own, as CloudEvents 1.0 over HTTP and NATS."""

from adapters.products.cloudevents.answer import SIGNALS
from adapters.products.cloudevents.envelope import to_structured
from adapters.products.cloudevents.translate import PRODUCT, translate
from adapters.products.kit.source import SourceKind

SOURCE = SourceKind(
    kind=PRODUCT, translate=translate, signals=SIGNALS, whole=to_structured, direct=True
)
