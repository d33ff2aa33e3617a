"""Events that tools made for PagerDuty send: its Events API v2, received instead of called."""

from collections.abc import Sequence

from adapters.products.events_v2.answer import SIGNALS
from adapters.products.events_v2.change_events import with_form
from adapters.products.events_v2.routing_key import shows_key, without_key
from adapters.products.events_v2.translate import PRODUCT, translate
from adapters.products.kit.shared_secret import shows_secret
from adapters.products.kit.source import SourceKind
from handlers.ingest.receive import InboundRequest


def _keyed(delivery: InboundRequest, secrets: Sequence[str]) -> bool:
    return shows_secret(delivery, secrets) or shows_key(delivery.body, secrets)


def _may_be_keyed(_: InboundRequest, __: Sequence[str]) -> bool:
    """The key is in the body."""
    return True


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=translate,
    authentic=_keyed,
    plausible=_may_be_keyed,
    signals=SIGNALS,
    whole=with_form,
    keepable=without_key,
)
