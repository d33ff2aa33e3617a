"""Taking deliveries in: who sent it, and keep it. Nothing is understood here."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from handlers.ports import SignalStore
from handlers.translation import Translator

BODY_BYTES_MAX = 1024 * 1024
HEADER_CHARS_MAX = 1_000
KEPT_HEADERS = frozenset(
    {
        "content-type",
        "user-agent",
        "x-webhook-id",
        "x-webhook-subscription",
        "x-pagerduty-signature",
        "x-correlation-id",
    }
)
"""What helps to understand a delivery later. All others are dropped, secrets among them."""

DELIVERY_ID = "x-webhook-id"


class Delivery(msgspec.Struct, frozen=True):
    """One HTTP request of a product: header names in lower case, the query, the raw body."""

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes


class Product(msgspec.Struct, frozen=True):
    """How one product shows who it is, and what its bodies say."""

    authentic: Callable[[Delivery, Sequence[str]], bool]
    translate: Translator


class SourceSettings(Protocol):
    """The configuration of one source: its product, its secrets, and what its alerts open."""

    @property
    def kind(self) -> str: ...
    @property
    def secrets(self) -> Sequence[str]: ...
    @property
    def opens(self) -> str: ...


class Tally(Protocol):
    """Counts what happens; the names and labels are few and fixed."""

    def __call__(self, name: str, **labels: str) -> None: ...


class UnknownSourceError(Exception):
    """No source of this product goes by this name."""


class UnauthenticError(Exception):
    """The sender has not shown that it is the source."""


class Reception:
    """Takes in what the configured sources deliver."""

    def __init__(
        self,
        signals: SignalStore,
        products: Mapping[str, Product],
        sources: Mapping[str, SourceSettings],
        tally: Tally,
    ) -> None:
        self._signals = signals
        self._products = products
        self._sources = sources
        self._tally = tally

    def source(self, product: str, name: str) -> SourceSettings:
        """The settings of a source. Raises `UnknownSourceError`."""
        settings = self._sources.get(name)
        if settings is None or settings.kind != product or product not in self._products:
            self.refused(product, "", "unknown_source")
            raise UnknownSourceError(name)
        return settings

    def refused(self, product: str, source: str, reason: str) -> None:
        """Count a delivery that was not taken in."""
        self._tally("signals_refused", product=product, source=source, reason=reason)

    async def accept(self, product: str, name: str, delivery: Delivery) -> int:
        """Keep a delivery and return its position; only then may it be acknowledged.

        Raises `UnknownSourceError`, `UnauthenticError`, `Unavailable`; ValueError if too large.
        """
        settings = self.source(product, name)
        if not self._products[product].authentic(delivery, settings.secrets):
            self.refused(product, name, "unauthentic")
            raise UnauthenticError(name)
        position = await self._signals.put(
            product, name, delivery.body, kept_headers(delivery.headers), message_id(name, delivery)
        )
        self._tally("signals_accepted", product=product, source=name)
        return position


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers worth keeping, in plain ASCII and of limited length."""
    return {
        name: value.encode("ascii", "replace").decode()[:HEADER_CHARS_MAX]
        for name, value in headers.items()
        if name in KEPT_HEADERS
    }


def message_id(source: str, delivery: Delivery) -> str:
    """The same for each attempt at one delivery. The body is part of it, so that a sender who
    uses a delivery id twice loses nothing.
    """
    digest = hashlib.sha256()
    for part in (source.encode(), delivery.headers.get(DELIVERY_ID, "").encode(), delivery.body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
