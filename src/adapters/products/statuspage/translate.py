"""What the status page of a provider says, to those who subscribe to it by webhook.

Source: help.statuspage.io, "Enable webhook notifications". A body tells of an `incident`, with its
updates and as it stands now, or of a `component` and the `component_update` that changed it. There
is no signature and no header of one's own: the secret stands in the URL.
"""

from datetime import datetime, timedelta

from adapters.products.kit.alert_words import links_of
from domain.incident.alerts.alert import Alert, AlertKind, Opens
from handlers.ingest.reading import of_one_report
from handlers.ingest.reports import (
    Reading,
    Report,
    UnusableError,
    Unwanted,
    items,
    line,
    link,
    moment,
    name,
    part,
    text,
)
from handlers.ingest.shapes import TEXT

PRODUCT = "statuspage"

INCIDENT_STATUSES = {
    "investigating": AlertKind.UPDATED,
    "identified": AlertKind.UPDATED,
    "monitoring": AlertKind.UPDATED,
    # What was learnt of it, once it is over.
    "postmortem": AlertKind.ANNOTATED,
    "resolved": AlertKind.RESOLVED,
}
"""Statuses of incidents; the first update of one triggers."""
MAINTENANCE = ("scheduled", "in_progress", "verifying", "completed")

COMPONENT_STATUSES = {
    "operational": AlertKind.RESOLVED,
    "degraded_performance": AlertKind.TRIGGERED,
    "partial_outage": AlertKind.TRIGGERED,
    "major_outage": AlertKind.TRIGGERED,
}
COMPONENT_PRIORITIES = {
    "degraded_performance": "minor",
    "partial_outage": "major",
    "major_outage": "critical",
}

FIRST_WITHIN = timedelta(minutes=1)
"""An incident is made with its first update; a hook may tell of the latest one alone."""

Object = dict[str, object]


def _report(body: Object, source: str, opens: Opens) -> Reading:
    if isinstance(body.get("incident"), dict):
        return _incident(part(body["incident"]), source, opens)
    if isinstance(body.get("component"), dict):
        change = part(body.get("component_update"))
        return _component(part(body["component"]), change, source, opens)
    raise UnusableError("body.wrong_shape", "the body has neither `incident` nor `component`")


_UPDATE = dict.fromkeys(("id", "body", "status", "new_status", "component_id"), TEXT)
translate = of_one_report(
    _report,
    {
        "incident": {
            **dict.fromkeys(("id", "impact", "name", "shortlink", "status"), TEXT),
            "components": [{"name": TEXT}],
            "incident_updates": [_UPDATE],
        },
        "component": dict.fromkeys(("id", "name", "status"), TEXT),
        "component_update": _UPDATE,
    },
)


def _incident(incident: Object, source: str, opens: Opens) -> Reading:
    status = (line(incident.get("status")) or "").lower()
    impact = (line(incident.get("impact")) or "").lower()
    if status in MAINTENANCE or impact == "maintenance":
        return Unwanted(f"a maintenance is {status.replace('_', ' ')}")
    if status not in INCIDENT_STATUSES:
        raise UnusableError("event_type.unknown", f"unknown status: {line(status)!r}")
    incident_id = name(incident.get("id"), "alert_id")
    updates = sorted(
        (part(each) for each in items(incident.get("incident_updates"))),
        key=lambda update: line(update.get("created_at")) or "",
    )
    latest = updates[-1] if updates else {}
    began, at = (
        moment(incident.get("created_at"), "created_at"),
        _said_at(latest) or _said_at(incident),
    )
    kind = INCIDENT_STATUSES[status]
    before = line(updates[-2].get("status")) if len(updates) > 1 else None
    if kind is AlertKind.UPDATED and len(updates) <= 1:
        kind = AlertKind.TRIGGERED
    elif kind is AlertKind.UPDATED and before in {"resolved", "postmortem"}:
        kind = AlertKind.REOPENED
    components = (line(part(each).get("name")) for each in items(incident.get("components")))
    affected = [each for each in components if each]
    alert = Alert(
        product=PRODUCT,
        source=source,
        alert_id=incident_id,
        event_id=line(latest.get("id")) or f"{incident_id}/{status}/{at}",
        kind=kind,
        opens=opens,
        title=line(incident.get("name")),
        service=next(iter(affected), None),
        began_at=began,
        priority=impact or None,
        text=text(latest.get("body")),
        url=link(incident.get("shortlink")),
        labels=(("components", ", ".join(affected)),) if len(affected) > 1 else (),
        links=links_of({}, (("Status page", incident.get("shortlink")),)),
    )
    fires = kind not in {AlertKind.RESOLVED, AlertKind.ANNOTATED}
    first = kind is AlertKind.TRIGGERED and (not at or not began or at - began <= FIRST_WITHIN)
    return Report(alert, began if first else at, fires=fires, named="id" in latest)


def _component(component: Object, change: Object, source: str, opens: Opens) -> Reading:
    """A component is an alert that comes again, under the same id, each time it degrades."""
    status = (line(change.get("new_status") or component.get("status")) or "").lower()
    called = line(component.get("name"))
    if status == "under_maintenance":
        return Unwanted(f"{called or 'a component'} is under maintenance")
    if status not in COMPONENT_STATUSES:
        raise UnusableError("event_type.unknown", f"unknown status: {line(status)!r}")
    component_id = name(component.get("id") or change.get("component_id"), "alert_id")
    at = moment(change.get("created_at"), "created_at") or moment(
        component.get("updated_at"), "updated_at"
    )
    alert = Alert(
        product=PRODUCT,
        source=source,
        alert_id=component_id,
        event_id=line(change.get("id")) or f"{component_id}/{status}/{at}",
        kind=COMPONENT_STATUSES[status],
        opens=opens,
        title=f"{called or component_id}: {status.replace('_', ' ')}",
        service=called,
        priority=COMPONENT_PRIORITIES.get(status),
    )
    return Report(alert, at, recurs=True, named="id" in change)


def _said_at(said: Object) -> datetime | None:
    """When something was said: as displayed, else as it was made."""
    fields = ("display_at", "created_at") if "display_at" in said else ("updated_at",)
    return next(filter(None, (moment(said.get(field), field) for field in fields)), None)
