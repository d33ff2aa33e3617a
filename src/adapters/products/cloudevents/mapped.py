"""Events of others, whose data are none of ours: read by the expressions of their source.

The members of the data stand at the top of what an expression is asked of, `data` is all of them,
and `event` the envelope: `event.type`, `event.source`, `event.subject`, `event.time`.
"""

from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.products.cloudevents.envelope import CloudEvent, data_of, object_in
from adapters.products.cloudevents.translate import PRODUCT, each_event
from adapters.products.kit.mapping import DocumentMapping, Origin
from adapters.products.kit.settings import MappedSource
from domain.incident.alerts.alert import Opens
from handlers.ingest.reports import Reading, Report, Translation, digest

USUAL = {"key": "event.subject || event.source", "title": "event.type", "at": "event.time"}
"""What is taken where a source has no expression of its own."""


class MappedEvents:
    """The events of one source, by its expressions. Raises `SettingFault`."""

    def __init__(self, settings: MappedSource) -> None:
        own = {field: getattr(settings, field) or usual for field, usual in USUAL.items()}
        self._mapping = DocumentMapping(replace(settings, **own))

    def translate(self, body: bytes, source: str, opens: Opens) -> Translation:
        """The alerts in an event, or in a batch of events. It never raises."""
        origin = Origin(PRODUCT, source, opens)

        def read(event: CloudEvent) -> Translation:
            found = self._mapping.read(_document(event), origin)
            return tuple(_named(each, event) for each in found)

        return each_event(body, read)


def _named(reading: Reading, event: CloudEvent) -> Reading:
    """A report by the name of its event, which is one however often it comes."""
    if not isinstance(reading, Report):
        return reading
    alert = reading.alert
    event_id = digest([event.source, event.id, alert.alert_id, alert.kind.value])
    return replace(reading, alert=replace(alert, event_id=event_id), named=True)


def _document(event: CloudEvent) -> dict[str, Any]:
    """What expressions are asked of. Raises `UnusableError`."""
    data = _parsed(data_of(event))
    if isinstance(data, str):
        data = object_in(data) or data
    envelope = msgspec.to_builtins(replace(event, data=msgspec.UNSET, data_base64=None))
    members = data if isinstance(data, dict) else {}
    return {"data": data, "event": envelope, **members}


def _parsed(raw: bytes | None) -> Any:
    try:
        return None if raw is None else msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None if raw is None else raw.decode(errors="replace")
