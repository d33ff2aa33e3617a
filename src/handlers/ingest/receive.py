"""Taking deliveries in: who sent it, and keep it. Nothing is understood here."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from domain.incident.alerts.alert import Opens
from domain.policy import DEFAULT, Policy
from handlers.ingest.awaited import AwaitedOutcomes
from handlers.ingest.own_secrets import headers_without_secrets, without_secrets
from handlers.ingest.reports import Translation, Translator, weighed
from handlers.ingest.signal_outcome import SignalOutcome
from handlers.kernel.ports import Signal, SignalStore, Tally

BODY_BYTES_MAX = 16 * 1024 * 1024
"""Unless configured otherwise. In the largest outage one body tells of 10,000s of alerts, and who
sends it does not send it again (github.com/prometheus/alertmanager/pull/2274).
"""
LARGE_BYTES = 256 * 1024
"""A body of more than that is looked at by a thread, so that others need not wait."""
HEADER_CHARS_MAX = 1_000
KEPT_HEADERS = frozenset(
    {
        "content-type",
        "user-agent",
        "x-webhook-id",
        "x-correlation-id",
        "x-commandpost-form",
        "x-commandpost-damage",
    }
)
"""What helps to understand a delivery later, beside the headers that its product is known by. All
others are dropped, secrets among them.
"""

DELIVERY_ID = "x-webhook-id"
FORM = "x-commandpost-form"
"""Set by us: what a body is that came in at an address for one form alone, and does not say so."""
DAMAGE = "x-commandpost-damage"
"""Set by us: what is wrong with the coding of a body of which the rest could be expanded."""
CLOUDEVENT = "ce-"
"""What the headers begin with that are the attributes of a CloudEvent in binary mode."""

CLOUDEVENT_HEADERS_MAX = 30


class InboundRequest(msgspec.Struct, frozen=True):
    """One HTTP request of a product: header names in lower case, the query, the body, and as `raw`
    the bytes of it as they were sent, where those are others (None: they are not).
    """

    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    raw: bytes | None = None

    @property
    def sent(self) -> bytes:
        """What a signature of the sender is over."""
        return self.body if self.raw is None else self.raw


class Inbound(Protocol):
    """What one kind of source is like: how it shows who it is, and what its bodies say.
    `plausible`: whether a head without its body may be one of an authentic sender. `whole` makes
    one body of headers and body; `keepable` takes a secret out of a body, `kept_headers` are those
    of its own that are kept with it; `direct`: its signals may come past the receiver, from whoever
    may publish to NATS, so that their source is checked later. `for_source`: the same as one source
    of the kind has configured it.
    """

    @property
    def authentic(self) -> Callable[[InboundRequest, Sequence[str]], bool]: ...
    @property
    def plausible(self) -> Callable[[InboundRequest, Sequence[str]], bool]: ...
    @property
    def translate(self) -> Translator: ...
    @property
    def whole(self) -> Callable[[Mapping[str, str], bytes], bytes]: ...
    @property
    def keepable(self) -> Callable[[bytes], bytes]: ...
    @property
    def kept_headers(self) -> frozenset[str]: ...
    @property
    def direct(self) -> bool: ...
    def for_source(self, settings: "SourceSettings") -> "Inbound": ...


class SourceSettings(Protocol):
    """The configuration of one source: its product, its secrets, what its alerts open, whether each
    of them has an incident of its own, and which labels name their service (none: the product
    knows).
    """

    @property
    def kind(self) -> str: ...
    @property
    def secrets(self) -> Sequence[str]: ...
    @property
    def opens(self) -> str: ...
    @property
    def per(self) -> str: ...
    @property
    def service_labels(self) -> Sequence[str]: ...


def inbound_by_source(
    kinds: Mapping[str, Inbound], sources: Mapping[str, SourceSettings]
) -> dict[str, Inbound]:
    """What each configured source is like, by its name."""
    return {
        name: kinds[each.kind].for_source(each)
        for name, each in sources.items()
        if each.kind in kinds
    }


class UnknownSourceError(Exception):
    """No source of this product goes by this name."""


class UnauthenticError(Exception):
    """The sender has not shown that it is the source."""


class Receiver:
    """Takes in what the configured sources deliver, in bodies of at most `body_bytes_max`."""

    def __init__(
        self,
        signals: SignalStore,
        kinds: Mapping[str, Inbound],
        sources: Mapping[str, SourceSettings],
        tally: Tally,
        body_bytes_max: int = BODY_BYTES_MAX,
        policy: Policy = DEFAULT,
    ) -> None:
        self.body_bytes_max = body_bytes_max
        self._signals = signals
        self._kinds = kinds
        self._sources = sources
        self._inbound = inbound_by_source(kinds, sources)
        self._tally = tally
        self._policy = policy
        self.outcomes: AwaitedOutcomes | None = None
        """Set where signals are translated as well."""

    async def became(self, position: int) -> SignalOutcome | None:
        """What became of what was accepted, if that is known soon."""
        return await self.outcomes.of(position) if self.outcomes else None

    def source(self, product: str, name: str) -> SourceSettings:
        """The settings of a source. Raises `UnknownSourceError`."""
        settings = self._sources.get(name)
        if settings is None or settings.kind != product or product not in self._kinds:
            self.refused(product, "", "unknown_source")
            raise UnknownSourceError(name)
        return settings

    def check_head(self, product: str, name: str, head: InboundRequest) -> None:
        """Before a body is read. Raises `UnknownSourceError`, `UnauthenticError`."""
        settings = self.source(product, name)
        if not self._inbound[name].plausible(head, settings.secrets):
            self.refused(product, name, "unauthentic")
            raise UnauthenticError(name)

    def kind(self, name: str) -> str | None:
        """What a source sends; None: there is no such source."""
        settings = self._sources.get(name)
        return settings.kind if settings else None

    def sender(self, product: str, delivery: InboundRequest) -> str:
        """The source that a delivery shows to be its own, where its address does not say.

        Raises `UnauthenticError`.
        """
        sources = {name: each for name, each in self._sources.items() if each.kind == product}
        found = [
            name
            for name, each in sources.items()
            if self._inbound[name].authentic(delivery, each.secrets)
        ]
        if not found:
            self.refused(product, "", "unauthentic")
            raise UnauthenticError(product)
        return found[0]

    def understood(self, product: str, name: str, delivery: InboundRequest) -> Translation:
        """What a delivery will be taken to say, to tell its sender at once."""
        kind = self._inbound[name]
        body = kind.whole(delivery.headers, delivery.body)
        found = kind.translate(body, name, Opens(self.source(product, name).opens))
        return weighed(found, self._policy)

    def refused(self, product: str, source: str, reason: str) -> None:
        """Count a delivery that was not taken in."""
        self._tally("signals_refused", product=product, source=source, reason=reason)

    async def accept(self, product: str, name: str, delivery: InboundRequest) -> int:
        """Keep a delivery and return its position; only then may it be acknowledged.

        Raises `UnknownSourceError`, `UnauthenticError`, `Unavailable`; ValueError if too large.
        """
        settings = self.source(product, name)

        def checked() -> tuple[bytes, str | None] | None:
            if not self._inbound[name].authentic(delivery, settings.secrets):
                return None
            kept = self._inbound[name].keepable(delivery.body)
            return without_secrets(kept, settings.secrets), delivery_id(name, delivery)

        found = await asyncio.to_thread(checked) if is_large(delivery) else checked()
        if found is None:
            self.refused(product, name, "unauthentic")
            raise UnauthenticError(name)
        body, id_ = found
        position = await self._signals.put(product, name, body, self._kept(name, delivery), id_)
        self._tally("signals_accepted", product=product, source=name)
        return position

    def shown(self, signal: Signal) -> Signal:
        """A signal as people may read it: what was kept by an earlier release, or came past the
        receiver, may hold secrets of its source.
        """
        settings = self._sources.get(signal.source)
        if settings is None:
            return signal
        return msgspec.structs.replace(
            signal,
            headers=headers_without_secrets(signal.headers, settings.secrets),
            body=without_secrets(signal.body, settings.secrets),
        )

    def _kept(self, name: str, delivery: InboundRequest) -> dict[str, str]:
        kept = kept_headers(delivery.headers, self._inbound[name].kept_headers)
        return headers_without_secrets(kept, self._sources[name].secrets)


def is_large(given: InboundRequest | Signal) -> bool:
    """Whether a body is to be looked at beside the loop."""
    return len(given.body) > LARGE_BYTES or bool(isinstance(given, Signal) and given.parts)


def kept_headers(headers: Mapping[str, str], more: frozenset[str] = frozenset()) -> dict[str, str]:
    """The headers worth keeping, with `more` of a product, in plain ASCII and of limited length."""
    attributes = sorted(name for name in headers if name.startswith(CLOUDEVENT))
    return {
        name: headers[name].encode("ascii", "replace").decode()[:HEADER_CHARS_MAX]
        for name in (*headers.keys() & (KEPT_HEADERS | more), *attributes[:CLOUDEVENT_HEADERS_MAX])
    }


def delivery_id(source: str, delivery: InboundRequest) -> str | None:
    """The same for each attempt at one delivery, where its sender names it; None: it does not, so
    that the same bytes are another delivery. The body is part of it, so that a sender who uses a
    delivery id twice loses nothing.
    """
    digest = hashlib.sha256()
    attributes = "".join(
        f"{name}={value};"
        for name, value in sorted(delivery.headers.items())
        if name.startswith(CLOUDEVENT)
    )
    named = delivery.headers.get(DELIVERY_ID, "") + attributes
    if not named:
        return None
    for part in (source.encode(), named.encode(), delivery.body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
