"""What an event in the shape of PagerDuty's Events API v2 says.

Source: developer.pagerduty.com/docs/send-alert-event. The routing key is the secret of the sender.
An event without a `dedup_key` that can be used is known by what it says, and gets a key for this
firing of it.
"""

import re

from adapters.products.events_v2.change_events import is_change, read_change
from adapters.products.kit.alert_words import link_name, links_of
from domain.incident.alerts.alert import Alert, AlertKind, Link, Opens
from handlers.ingest.details import readable
from handlers.ingest.flaws import note
from handlers.ingest.reading import of_one_report
from handlers.ingest.reports import (
    NAME_BYTES,
    GivenKey,
    Reading,
    Report,
    UnusableError,
    digest,
    items,
    line,
    moment,
    name,
    part,
)
from handlers.ingest.shapes import OBJECT, TEXT

PRODUCT = "events_v2"
KINDS = {
    "trigger": AlertKind.TRIGGERED,
    "acknowledge": AlertKind.ACKNOWLEDGED,
    "resolve": AlertKind.RESOLVED,
}


def _reading(body: dict[str, object], source: str, opens: Opens) -> Reading:
    if is_change(body):
        return read_change(body, PRODUCT, source)
    return _report(body, source, opens)


def _report(body: dict[str, object], source: str, opens: Opens) -> Report:
    action = body.get("event_action")
    if action is None or action == "":
        raise UnusableError("event_type.missing", "event_action is required")
    kind = KINDS.get(action.strip().lower()) if isinstance(action, str) else None
    if kind is None:
        reason = f"event_action: {line(action)!r} is not one of {', '.join(KINDS)}"
        raise UnusableError("event_type.unknown", reason)
    payload = part(body.get("payload"))
    summary = line(payload.get("summary"))
    key = _key(body, kind)
    keyless = key is None
    if kind is AlertKind.TRIGGERED and summary is None:
        summary = _untitled(line(payload.get("source")) or key)
    said = digest({each: value for each, value in body.items() if each != "routing_key"})
    at = moment(payload.get("timestamp"), "payload.timestamp")
    labels = {
        each: found
        for each in ("source", "component", "group", "class")
        if (found := line(payload.get(each)))
    }
    links = _links(body)
    alert = Alert(
        product=PRODUCT,
        source=source,
        alert_id=said if key is None else key,
        event_id=said,
        kind=kind,
        opens=opens,
        title=summary,
        service=labels.get("component") or labels.get("source"),
        priority=line(payload.get("severity")),
        by=line(body.get("client")),
        text=readable(payload.get("custom_details")),
        url=next((each.url for each in links), None),
        links=links,
    )
    return Report(
        alert,
        at,
        labels=labels,
        group=labels.get("group"),
        recurs=True,
        dated=False,
        keyless=keyless,
        given=None if key is None else given_key(key),
    )


def _key(body: dict[str, object], kind: AlertKind) -> str | None:
    """The key of an event; None: it is to be given one, which a trigger alone can be. Raises
    `UnusableError`.
    """
    given = body.get("dedup_key")
    try:
        return name(given, "alert_id")
    except UnusableError:
        if kind is not AlertKind.TRIGGERED:
            raise
        if given not in (None, ""):
            note(f"is no text of up to {NAME_BYTES:,} bytes; a key is given to it", "dedup_key")
        return None


def _untitled(known_as: str | None) -> str:
    """The title of an event that has none. Raises `UnusableError`."""
    if known_as is None:
        raise UnusableError("field.missing", "payload.summary is required to trigger")
    note("is missing or cannot be read; the title is made up", "payload", "summary")
    return line(f"Alert of {known_as}") or known_as


translate = of_one_report(
    _reading,
    {
        **dict.fromkeys(("client", "client_url"), TEXT),
        "links": [OBJECT],
        "images": [OBJECT],
        "payload": dict.fromkeys(
            ("summary", "severity", "source", "component", "group", "class"), TEXT
        ),
    },
)


def give_key(alert_id: str, signal: int) -> str:
    """The key of a firing of what has none: of these words, for the signal at this position."""
    return f"commandpost:{alert_id}:{signal}"


def given_key(key: str) -> GivenKey | None:
    """What a key stands for that we have given."""
    found = _GIVEN.fullmatch(key)
    return GivenKey(found[1], int(found[2])) if found else None


_GIVEN = re.compile(r"commandpost:([0-9a-f]{32}):([0-9]{1,18})")


def _links(body: dict[str, object]) -> tuple[Link, ...]:
    """Where the client shows it, the links of the event, and its images."""
    client = (line(body.get("client")) or "Client", body.get("client_url"))
    links, images = map(part, items(body.get("links"))), map(part, items(body.get("images")))
    given = (
        client,
        *((each.get("text"), each.get("href")) for each in links),
        *((each.get("alt") or "Image", each.get("href") or each.get("src")) for each in images),
    )
    return links_of({}, ((link_name(name), url) for name, url in given))
