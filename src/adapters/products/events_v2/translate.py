"""What an event in the shape of PagerDuty's Events API v2 says.

Source: developer.pagerduty.com/docs/send-alert-event. The routing key is the secret of the sender.
An event without a `dedup_key` gets one that follows from what it says, and is told.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from adapters.products.kit.shared_secret import is_one_of
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.translation import (
    Report,
    Translation,
    Unintelligible,
    UnusableError,
    items,
    json_object,
    line,
    name,
    part,
    text,
    utc,
)

PRODUCT = "events_v2"
KINDS = {
    "trigger": AlertKind.TRIGGERED,
    "acknowledge": AlertKind.ACKNOWLEDGED,
    "resolve": AlertKind.RESOLVED,
}
HIDDEN = "…"


def shows_key(body: bytes, secrets: Sequence[str]) -> bool:
    """Whether the routing key of a body is one of ours, in constant time."""
    try:
        key = json_object(body).get("routing_key")
    except UnusableError:
        return False
    return isinstance(key, str) and is_one_of([key.encode("utf-8", "surrogatepass")], secrets)


def without_key(body: bytes) -> bytes:
    """The body as it may be kept: with its key hidden, since the key is a secret."""
    try:
        members = json_object(body)
    except UnusableError:
        return body
    return msgspec.json.encode({**members, "routing_key": HIDDEN}) if members else body


def translate(body: bytes, source: str, opens: Opens) -> Translation:
    """The report in an event. It never raises."""
    try:
        return (_report(json_object(body), source, opens),)
    except UnusableError as error:
        return (error.outcome,)


def answer(body: bytes) -> tuple[int, dict[str, object]]:
    """What the sender hears, as from PagerDuty: 202, or 400 for an event that says nothing."""
    (outcome,) = translate(body, PRODUCT, Opens.INCIDENT)
    if isinstance(outcome, Unintelligible):
        errors = [outcome.reason]
        return 400, {
            "status": "invalid event",
            "message": "Event object is invalid",
            "errors": errors,
        }
    assert isinstance(outcome, Report)
    key = outcome.alert.alert_id
    return 202, {"status": "success", "message": "Event processed", "dedup_key": key}


def _report(body: dict[str, object], source: str, opens: Opens) -> Report:
    action = body.get("event_action")
    if action is None or action == "":
        raise UnusableError("event_type.missing", "event_action is required")
    if not isinstance(action, str) or action not in KINDS:
        reason = f"event_action: {line(action)!r} is not one of {', '.join(KINDS)}"
        raise UnusableError("event_type.unknown", reason)
    kind, payload = KINDS[action], part(body.get("payload"))
    summary = line(payload.get("summary"))
    if kind is AlertKind.TRIGGERED and summary is None:
        raise UnusableError("field.missing", "payload.summary is required to trigger")
    key = body.get("dedup_key")
    if key in (None, "") and kind is not AlertKind.TRIGGERED:
        raise UnusableError("alert_id.missing", f"dedup_key is required to {action}")
    said = digest({each: value for each, value in body.items() if each != "routing_key"})
    at = _moment(payload.get("timestamp"))
    labels = {
        each: found
        for each in ("source", "component", "group", "class")
        if (found := line(payload.get(each)))
    }
    alert = Alert(
        product=PRODUCT,
        source=source,
        alert_id=said if key in (None, "") else name(key, "alert_id"),
        event_id=said,
        kind=kind,
        opens=opens,
        title=summary,
        service=labels.get("component") or labels.get("source"),
        priority=line(payload.get("severity")),
        by=line(body.get("client")),
        text=_details(payload.get("custom_details")),
        url=_url(body),
    )
    return Report(alert, at, labels=labels, group=labels.get("group"), recurs=True)


def digest(said: object) -> str:
    """A short name for all that an event says."""
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:32]


def _moment(value: object) -> datetime | None:
    """When it happened; what is no time is passed over, as a decoration."""
    if not isinstance(value, str):
        return None
    try:
        return utc(datetime.fromisoformat(value.strip()))
    except (ValueError, UnusableError):
        return None


def _details(value: object) -> str | None:
    if isinstance(value, dict):
        said = (f"{line(key)}: {line(each)}" for key, each in list(value.items())[:50])
        return text("\n".join(each for each in said if not each.endswith(": None")))
    return text(value)


def _url(body: dict[str, object]) -> str | None:
    links = [body.get("client_url"), *(part(each).get("href") for each in items(body.get("links")))]
    urls = (line(each, 2_000) or "" for each in links)
    return next((url for url in urls if url.startswith(("https://", "http://"))), None)
