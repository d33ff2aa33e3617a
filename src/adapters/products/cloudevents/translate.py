"""What a service signals: an alert of its own begins, is seen to, or is over.

The envelope is a CloudEvent; its data are in the spirit of PagerDuty's Events API v2, and flat.
These are our own fields, so what does not fit is named exactly.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

import msgspec

from adapters.products.cloudevents.cdevents import is_change, read_change
from adapters.products.cloudevents.envelope import CloudEvent, data_of, object_in
from adapters.products.kit.alert_words import links_of
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from domain.incident.impact import StatedImpact
from domain.kernel.commit import Instant
from domain.kernel.refusal import Refused
from handlers.ingest.details import readable
from handlers.ingest.flaws import note, noting
from handlers.ingest.forgiving import as_texts, forgiving, with_times
from handlers.ingest.reading import json_value, of_each, one_reading, placed
from handlers.ingest.reports import (
    LINE_CHARS,
    NAME_BYTES,
    TEXT_CHARS,
    Reading,
    Report,
    Translation,
    Unintelligible,
    UnusableError,
    Unwanted,
    digest,
    line,
    name,
    with_flaws,
)
from handlers.kernel.decoding import decode_body

PRODUCT = "cloudevents"
BATCH_MAX = 1_000

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=NAME_BYTES)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
Labels = Annotated[dict[Key, Line], msgspec.Meta(max_length=100)]
Structure = dict[str, Any] | list[Any]
"""Details may be structured: they are shown as indented lines."""
Link = Annotated[str, msgspec.Meta(max_length=2_000, pattern="^https?://")]


class SignalData(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """The data of a signal. Without an `action`, the last word of the event's type says it; without
    a `dedup_key`, the event's subject, or else its source, tells one alert from another.
    """

    action: Literal["trigger", "acknowledge", "resolve"] | None = None
    dedup_key: Key | None = None
    summary: Line | None = None
    severity: Line | None = None
    service: Line | None = None
    details: Annotated[str, msgspec.Meta(max_length=10_000)] | Structure | None = None
    impact: StatedImpact | None = None
    group: Key | None = None
    labels: Labels = {}
    began_at: Instant | None = None
    by: Line | None = None
    url: Link | None = None


class SignalEvent(CloudEvent, frozen=True, kw_only=True):
    """A signal: a CloudEvent whose data are those of a signal."""

    data: SignalData = SignalData()  # type: ignore[assignment] # decoded apart, to name what is wrong


NEEDED = frozenset({"id", "source", "specversion", "type", "data", "data_base64"})
"""Without these a CloudEvent is none."""
WHAT_IT_IS = frozenset({"action", "dedup_key"})
"""Without what these say of a signal, it would be another one."""
TEXT_FIELDS = {
    **dict.fromkeys(("summary", "severity", "service", "by"), LINE_CHARS),
    **dict.fromkeys(("dedup_key", "group"), NAME_BYTES),
    "details": TEXT_CHARS,
}

ACTIONS = {
    "trigger": AlertKind.TRIGGERED,
    "triggered": AlertKind.TRIGGERED,
    "firing": AlertKind.TRIGGERED,
    "acknowledge": AlertKind.ACKNOWLEDGED,
    "acknowledged": AlertKind.ACKNOWLEDGED,
    "resolve": AlertKind.RESOLVED,
    "resolved": AlertKind.RESOLVED,
}
"""By the action, or the last word of the type of the event."""


Read = Callable[[CloudEvent], Translation]
"""Makes sense of one event. Raises `UnusableError`, `Refused`."""


def translate(body: bytes, source: str, opens: Opens) -> Translation:
    """The reports in an event, or in a batch of events. It never raises."""
    return each_event(body, lambda event: (_reading(event, source, opens),))


def _reading(event: CloudEvent, source: str, opens: Opens) -> Reading:
    if is_change(event):
        return read_change(event, PRODUCT, source)
    return _report(event, _data(event), source, opens)


def each_event(body: bytes, read: Read) -> Translation:
    """What is read of an event, or of each event of a batch. It never raises."""
    return of_each(lambda one: _each_event(one, read), body)


def _each_event(body: bytes, read: Read) -> Translation:
    with noting() as flaws:
        try:
            found = json_value(body)
        except UnusableError as error:
            return (error.outcome,)
    events = found if isinstance(found, list) else [found]
    if not events:
        return (Unwanted("a batch without events"),)
    if len(events) > BATCH_MAX:
        return (Unintelligible("body.too_many", f"a batch holds at most {BATCH_MAX} events"),)
    batch = isinstance(found, list)
    return tuple(
        with_flaws(reading, *map(str, flaws))
        for place, event in enumerate(events, start=1)
        for reading in _readings(event, read, f"event {place} of {len(events)}" if batch else "")
    )


def _readings(value: object, read: Read, place: str) -> Translation:
    """What is read of one event, at least one thing."""
    others: list[Reading] = []

    def first() -> Reading:
        found, *more = _event(value, read)
        others.extend(more)
        return found

    return (one_reading(first, place), *(placed(each, place) for each in others))


def _event(value: object, read: Read) -> Translation:
    """One event, without those of its fields that do not fit. Raises `UnusableError`."""
    if not isinstance(value, dict):
        raise UnusableError(
            "field.invalid", f"body: Expected `object`, got `{type(value).__name__}`"
        )
    try:
        return read(forgiving(_with_texts(with_times(value, "time")), CloudEvent, NEEDED))
    except Refused as refused:
        raise UnusableError(refused.code, refused.detail) from refused


def _with_texts(members: dict[str, Any]) -> dict[str, Any]:
    """With numbers as texts where the envelope has texts, such as a `specversion` of 1.0."""
    found = dict(members)
    for field in ("id", "source", "specversion", "type", "subject"):
        value = found.get(field)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found[field] = str(value)
            note("is a number where a text is expected", field)
    return found


def _report(event: CloudEvent, data: SignalData, source: str, opens: Opens) -> Report:
    kind = ACTIONS.get(data.action or event.type.rpartition(".")[2].lower())
    if kind is None:
        raise UnusableError(
            "event_type.unknown",
            f"neither `data.action` nor the end of the type says what happened: {line(event.type)}",
        )
    key = name(data.dedup_key or event.subject or event.source, "alert_id")
    alert = Alert(
        product=PRODUCT,
        source=source,
        alert_id=key,
        event_id=_event_id(event),
        kind=kind,
        opens=opens,
        title=line(data.summary),
        service=line(data.service) or line(data.labels.get("service")),
        began_at=data.began_at,
        priority=line(data.severity),
        by=line(data.by),
        in_person=bool(line(data.by)) and kind is not AlertKind.TRIGGERED,
        text=readable(data.details),
        url=data.url and line(data.url, 2_000),
        links=links_of({}, (("Source", data.url),)),
        impact=data.impact,
    )
    severity = {"severity": data.severity} if data.severity else {}
    labels = severity | data.labels  # rules go by what is said, wherever that stands
    return Report(alert, event.time, labels=labels, group=data.group, recurs=True, named=True)


INNER_JSON = "is JSON in a text of JSON"


def _data(event: CloudEvent) -> SignalData:
    """What a signal says, without those of its fields that do not fit. Raises `UnusableError`,
    `Refused`.
    """
    raw = data_of(event) or b"{}"
    members = _members(raw, event.datacontenttype or "")
    if isinstance(members, str):
        inner = object_in(members)
        note("is a text, and no object with fields" if inner is None else INNER_JSON, "data")
        members = _in_words(members) if inner is None else inner
    if not isinstance(members, dict):
        return SignalData() if members is None else decode_body(raw, SignalData)
    members = as_texts(with_times(members, "began_at"), TEXT_FIELDS)
    if isinstance(labels := members.get("labels"), dict):
        texts = as_texts(labels, dict.fromkeys(labels, LINE_CHARS))
        members["labels"] = {name: said for name, said in texts.items() if said not in ("", None)}
    return forgiving(members, SignalData, WHAT_IT_IS)


def _members(raw: bytes, media_type: str) -> object:
    """The data of an event; a text where they are one by their type. Raises `UnusableError`."""
    if not media_type.strip().lower().startswith("text/"):
        return json_value(raw)
    try:
        return msgspec.json.decode(raw)  # as the JSON format carries a text
    except (msgspec.DecodeError, UnicodeDecodeError):
        return raw.decode(errors="replace")


def _in_words(said: str) -> dict[str, object]:
    """A text as the data of a signal: what is the matter in a line, and all of it."""
    first = next(filter(None, map(str.strip, said.splitlines())), "")
    return {"summary": first, "details": said} if said.strip() != first else {"summary": first}


def _event_id(event: CloudEvent) -> str:
    """Source and id together name an event."""
    return digest([event.source, event.id])
