"""Signals of services of one's own, as CloudEvents 1.0 over HTTP and NATS; and events of others."""

from typing import Any

from msgspec.structs import replace

from adapters.products.cloudevents.answer import SIGNALS
from adapters.products.cloudevents.envelope import to_structured
from adapters.products.cloudevents.translate import PRODUCT, translate
from adapters.products.kit.settings import EXPRESSIONS, MappedSource
from adapters.products.kit.source import SourceKind


def _configure(kind: SourceKind, settings: Any) -> SourceKind:
    if not any(getattr(settings, field, None) for field in EXPRESSIONS):
        return kind
    from adapters.products.cloudevents.mapped import MappedEvents  # noqa: PLC0415 - 30 ms, for those who have one

    return replace(kind, translate=MappedEvents(settings).translate)


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=translate,
    signals=SIGNALS,
    whole=to_structured,
    direct=True,
    settings=MappedSource,
    configure=_configure,
)
