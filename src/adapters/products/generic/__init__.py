"""Any JSON or form, read by expressions of one's own or by those of a preset."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from adapters.products.generic.settings import PRODUCT, GenericSource
from adapters.products.kit.shared_secret import shows_secret
from adapters.products.kit.source import SourceKind
from domain.incident.alerts.alert import Opens
from handlers.ingest.receive import InboundRequest
from handlers.ingest.reports import Translation, Unintelligible


def _unconfigured(body: bytes, source: str, opens: Opens) -> Translation:
    """What a body says stands in the configuration of its source alone."""
    del body, opens
    reason = f"there is no {PRODUCT} source {source} any more, whose expressions would read this"
    return (Unintelligible("source.unknown", reason),)


def _configure(kind: SourceKind, settings: Any) -> SourceKind:
    from adapters.products.generic.translate import GenericReader  # noqa: PLC0415 - 30 ms, for those who have one

    reader = GenericReader(settings)

    def plausible(head: InboundRequest, secrets: Sequence[str]) -> bool:
        return shows_secret(head, secrets) or reader.may_be_signed(head)

    return replace(
        kind, translate=reader.translate, authentic=reader.authentic, plausible=plausible
    )


SOURCE = SourceKind(
    kind=PRODUCT,
    translate=_unconfigured,
    delivers="a body that the expressions of its source read",
    in_query=True,
    settings=GenericSource,
    configure=_configure,
)
