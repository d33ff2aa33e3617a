"""What a PagerDuty V3 webhook says.

Source: developer.pagerduty.com/docs/webhooks-overview ("Event Types", "Event Data Types") and its
page on early-access events. One delivery holds one event. `agent`, `client`, `priority`, `summary`
and whole references may be null or absent; only the ids and the type are needed here.
"""

from collections.abc import Callable

from adapters.products.kit.alert_words import links_of
from adapters.products.pagerduty.wording import (
    MERGED,
    MERGED_INTO,
    RESTATING,
    WORDING,
    fields_of,
    reference,
)
from domain.alerting.identity import FIRES
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reading import of_one_report
from handlers.ingest.reports import (
    Reading,
    Report,
    UnusableError,
    Unwanted,
    identifier,
    incident_key,
    items,
    line,
    link,
    moment,
    name,
    part,
    text,
)
from handlers.ingest.shapes import ANY, TEXT

PRODUCT = "pagerduty"

KINDS: dict[str, AlertKind] = {
    "incident.triggered": AlertKind.TRIGGERED,
    "incident.acknowledged": AlertKind.ACKNOWLEDGED,
    "incident.unacknowledged": AlertKind.UNACKNOWLEDGED,
    "incident.escalated": AlertKind.ESCALATED,
    "incident.delegated": AlertKind.DELEGATED,
    "incident.reassigned": AlertKind.REASSIGNED,
    "incident.priority_updated": AlertKind.PRIORITY_UPDATED,
    "incident.annotated": AlertKind.ANNOTATED,
    "incident.resolved": AlertKind.RESOLVED,
    "incident.reopened": AlertKind.REOPENED,
    "incident.status_update_published": AlertKind.UPDATED,
    "incident.conference_bridge.updated": AlertKind.UPDATED,
    "incident.custom_field_values.updated": AlertKind.UPDATED,
    "incident.incident_type.changed": AlertKind.UPDATED,
    "incident.service_updated": AlertKind.UPDATED,
}
FAMILIES = (
    "incident.responder.",
    "incident.role.",
    "incident.workflow.",
    "incident.task.",
    "incident.action_invocation.",
)
"""Types that come and go (early access) and change nothing but the timeline."""

ELSEWHERE = ("service.", "pagey.")
"""What other resources report: no concern of any incident."""


def _report(body: dict[str, object], source: str, opens: Opens) -> Reading:
    if "messages" in body and "event" not in body:
        raise UnusableError("pagerduty.v2", "a V2 webhook; only V3 subscriptions are understood")
    event = body.get("event")
    if not isinstance(event, dict):
        raise UnusableError("body.wrong_shape", "the body has no `event` object")
    event_type = event.get("event_type")
    if not isinstance(event_type, str) or not event_type:
        raise UnusableError("event_type.missing", "the event has no `event_type`")
    if event_type.startswith(ELSEWHERE):
        return Unwanted(f"{line(event_type)} concerns no incident")
    kind = kind_of(event_type)
    if not isinstance(event.get("data"), dict):
        raise UnusableError("body.wrong_shape", "the event has no `data` object")
    alert = _alert(event, event_type, kind, source, opens)
    incident = find_incident(part(event["data"]), event_type)
    key = incident.get("incident_key")
    at = moment(event.get("occurred_at"), "occurred_at", always=True)
    aside = kind not in FIRES and not _is_on(incident, whole=incident is event["data"])
    return Report(alert, at, paged_for=incident_key(key), named=True, aside=aside)


def _is_on(incident: dict[str, object], *, whole: bool) -> bool:
    """Whether an event says that its incident goes on: a reference to it is silent on that, and the
    priority of one that is over may be changed as well.
    """
    status = line(incident.get("status"))
    return status.lower() != "resolved" if status else whole


_INCIDENT = dict.fromkeys(("id", "title", "summary", "html_url", "urgency"), TEXT)
translate = of_one_report(
    _report,
    {
        "event": {
            "event_type": TEXT,
            "data": {**_INCIDENT, "incident": _INCIDENT, "assignees": [ANY]},
        }
    },
)


def kind_of(event_type: str) -> AlertKind:
    """What an event type stands for. Raises `UnusableError` if the type is unknown."""
    if event_type.startswith(FAMILIES):
        return AlertKind.UPDATED
    if event_type not in KINDS:
        raise UnusableError("event_type.unknown", f"unknown event type: {line(event_type)}")
    return KINDS[event_type]


def _alert(
    event: dict[str, object], event_type: str, kind: AlertKind, source: str, opens: Opens
) -> Alert:
    data = part(event["data"])
    incident = find_incident(data, event_type)
    whole = incident is data
    number, service = line(incident.get("number")), reference(data.get("service"))
    labels = (("service", service), ("incident number", f"#{number}" if number else None))
    bridge = part(incident.get("conference_bridge")).get("conference_url")
    wording: Callable[[str, dict[str, object]], str | None] | None = _worded(event_type)
    return Alert(
        product=PRODUCT,
        source=source,
        alert_id=name(incident.get("id"), "alert_id"),
        event_id=identifier(event.get("id"), "event_id", event),
        kind=kind,
        opens=opens,
        title=line(incident.get("title")) or line(incident.get("summary")),
        service=service,
        began_at=moment(incident.get("created_at"), "created_at"),
        priority=reference(data.get("priority")) if whole else None,
        urgency=(line(data.get("urgency")) or "").lower() or None if whole else None,
        assignees=_assignees(data) if whole else (),
        by=reference(event.get("agent")),
        by_id=line(part(event.get("agent")).get("id")) if _in_person(event) else None,
        in_person=_in_person(event),
        text=text(wording(event_type, data)) if wording else None,
        fields=fields_of(event_type, data),
        restates=event_type.startswith(RESTATING),
        merged_into=_merged_into(data) if kind is AlertKind.RESOLVED else None,
        url=link(incident.get("html_url")),
        labels=tuple((name_, said) for name_, said in labels if said),
        links=links_of(
            {}, (("PagerDuty", incident.get("html_url")), ("Conference bridge", bridge))
        ),
    )


def _in_person(event: dict[str, object]) -> bool:
    """Whether a user has done it: agents are services, integrations and workflows as well."""
    return (line(part(event.get("agent")).get("type")) or "").startswith("user")


def find_incident(data: dict[str, object], event_type: str) -> dict[str, object]:
    """The part of the data that identifies the incident: itself, or a reference inside it.

    A note, a task or a workflow has an id of its own, which must not be mistaken for the
    incident's.
    """
    if isinstance(data.get("incident"), dict):
        return part(data["incident"])
    for assignment in items(data.get("incident_role_assignments")):
        if isinstance(part(assignment).get("incident"), dict):
            return part(part(assignment)["incident"])
    kind = data.get("type")
    if kind in ("incident", "incident_reference") or (kind is None and event_type in WHOLE):
        return data
    raise UnusableError("alert_id.missing", "the event does not say which incident it concerns")


WHOLE = frozenset(KINDS) - {
    "incident.annotated",
    "incident.status_update_published",
    "incident.conference_bridge.updated",
    "incident.custom_field_values.updated",
}
"""Types whose data is the incident itself."""


def _merged_into(data: dict[str, object]) -> str | None:
    """The incident that carries on for one that responders have merged into it. A text may name it
    by its id; a number alone says which one it is to people.
    """
    given = data.get("resolve_reason")
    reason = part(given)
    if reason.get("type") == MERGED:
        return line(part(reason.get("incident")).get("id"))
    found = MERGED_INTO.search(line(given) or reference(given) or "")
    return found[1] if found and not found[1].isdecimal() else None


def _worded(event_type: str) -> Callable[[str, dict[str, object]], str | None] | None:
    for prefix, wording in WORDING.items():
        if event_type.startswith(prefix):
            return wording
    return None


def _assignees(data: dict[str, object]) -> tuple[str, ...]:
    names = (reference(assignee) for assignee in items(data.get("assignees")))
    return tuple(assignee for assignee in names if assignee)
