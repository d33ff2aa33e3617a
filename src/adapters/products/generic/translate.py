"""The bodies of one generic source, and who may send them."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from adapters.products.generic import sns
from adapters.products.generic.bodies import document_of
from adapters.products.generic.presets import named, with_preset
from adapters.products.generic.settings import PRODUCT, GenericSource
from adapters.products.kit.mapping import DocumentMapping, Origin
from adapters.products.kit.shared_secret import as_bytes, is_one_of, shows_secret
from domain.incident.alerts.alert import Opens
from handlers.ingest.flaws import noting
from handlers.ingest.reading import of_each
from handlers.ingest.receive import InboundRequest
from handlers.ingest.reports import Translation, UnusableError, with_flaws


class GenericReader:
    """A generic source, as it is configured. Raises `SettingFault`."""

    def __init__(self, settings: GenericSource) -> None:
        preset = named(settings.preset) if settings.preset else None
        if preset:
            settings = with_preset(settings, preset)
        # All that a source of beats sends is one: what it says is not looked at.
        self._mapping = None if settings.heartbeat else DocumentMapping(settings)
        self._signature_header = (settings.signature_header or "").lower()
        enveloped = bool(preset and preset.envelope) or bool(settings.certificates)
        self._sns = sns.Envelope(settings.certificates) if enveloped else None

    def may_be_signed(self, head: InboundRequest) -> bool:
        """Whether a request brings a signature, by its head."""
        return bool(self._signature_header and head.headers.get(self._signature_header))

    def authentic(self, delivery: InboundRequest, secrets: Sequence[str]) -> bool:
        """By a secret or a signature, and where Amazon SNS sends it by nothing that is forged."""
        signed = self.may_be_signed(delivery) and self._signed(delivery, secrets)
        if not (shows_secret(delivery, secrets) or signed):
            return False
        return self._sns is None or not self._sns.forged(delivery.body)

    def _signed(self, delivery: InboundRequest, secrets: Sequence[str]) -> bool:
        """Sentry writes the code in hexadecimal digits, Splunk in base64."""
        shown = delivery.headers[self._signature_header].strip().removeprefix("sha256=")
        codes = [hmac.digest(as_bytes(each), delivery.sent, hashlib.sha256) for each in secrets]
        known = [said for code in codes for said in (code.hex(), base64.b64encode(code).decode())]
        return is_one_of([as_bytes(shown)], known)

    def translate(self, body: bytes, source: str, opens: Opens) -> Translation:
        """The alerts in a body. It never raises."""
        return of_each(lambda one: self._alone(one, source, opens), body)

    def _alone(self, body: bytes, source: str, opens: Opens) -> Translation:
        with noting() as flaws:
            found = self._read(body, source, opens)
        return tuple(with_flaws(each, *map(str, flaws)) for each in found)

    def _read(self, body: bytes, source: str, opens: Opens) -> Translation:
        try:
            document = document_of(body)
        except UnusableError as error:
            return (error.outcome,)
        if self._sns is not None and isinstance(document, dict):
            outcome = self._sns.outcome(document)
            if outcome is not None:
                return (outcome,)
        assert self._mapping is not None, "beats are not read"
        return self._mapping.read(document, Origin(PRODUCT, source, opens))
