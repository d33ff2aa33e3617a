"""What a change event says: a deployment, say, which is no problem by itself.

Source: github.com/PagerDuty/developer-docs, docs/events-API-v2/03-Change-Events.md. It comes in at
an address of its own and has no `event_action`; so that address puts down what it is.
"""

from collections.abc import Mapping

import msgspec

from adapters.products.kit.alert_words import link_name, links_of
from domain.incident.system_change import SystemChange
from handlers.ingest.details import readable
from handlers.ingest.json_body import documents
from handlers.ingest.reading import json_object
from handlers.ingest.receive import FORM
from handlers.ingest.reports import (
    LONG_AGO,
    ChangeReport,
    UnusableError,
    digest,
    items,
    line,
    moment,
    part,
)

CHANGE = "change"
MARK = "commandpost_form"
"""The member of a body that names its form."""
SUMMARY_CHARS = 1_024
SERVICES = ("service", "service_name", "serviceName", "app", "application", "component")
"""What CI calls the service in custom details. PagerDuty knows it by the routing key alone."""
PEOPLE = (
    "by",
    "user",
    "author",
    "actor",
    "deployed_by",
    "deployer",
    "triggered_by",
    "build_developer",
)
_NOT_SAID = frozenset({"routing_key", MARK})


def with_form(headers: Mapping[str, str], body: bytes) -> bytes:
    """A body that names its form, where the address has one. Flaws stay, so that they are named."""
    if headers.get(FORM) != CHANGE:
        return body
    head, brace, rest = body.partition(b"{")
    if brace and b"\0" not in body[:8] and len(head) <= 8 and not rest.lstrip().startswith(b"}"):
        return b'%b{"%b":"%b",%b' % (head, MARK.encode(), CHANGE.encode(), rest)
    try:
        members = json_object(body)
    except UnusableError:
        several = documents(body)
        return b"\n".join(with_form(headers, each) for each in several) if several[1:] else body
    return msgspec.json.encode({**members, MARK: CHANGE})


def is_change(body: Mapping[str, object]) -> bool:
    """Whether a body is a change event, by its address or by its own account."""
    return CHANGE in (body.get(MARK), body.get("event_action"))


def read_change(body: Mapping[str, object], product: str, source: str) -> ChangeReport:
    """What a change event says. Raises `UnusableError`."""
    payload = part(body.get("payload"))
    summary = line(payload.get("summary"), SUMMARY_CHARS)
    if summary is None:
        raise UnusableError("field.missing", "payload.summary is required of a change")
    details = part(payload.get("custom_details"))
    links = map(part, items(body.get("links")))
    change = SystemChange(
        id=digest({each: value for each, value in body.items() if each not in _NOT_SAID}),
        product=product,
        source=source,
        heard_at=LONG_AGO,
        summary=summary,
        origin=line(payload.get("source")),
        service=line(payload.get("component")) or _first(details, SERVICES),
        by=_first(details, PEOPLE),
        text=readable(payload.get("custom_details")),
        links=links_of({}, ((link_name(it.get("text")), it.get("href")) for it in links)),
    )
    return ChangeReport(change, moment(payload.get("timestamp"), "payload.timestamp"))


def _first(details: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    said = (line(details.get(each)) for each in names)
    return next(filter(None, said), None)
