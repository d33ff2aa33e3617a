"""What the status page of a provider says, to those who subscribe to it by webhook.

Source: help.statuspage.io, "Enable webhook notifications". A body tells of an `incident`, with its
updates and as it stands now, or of a `component` and the `component_update` that changed it. There
is no signature and no header of one's own: the secret stands in the URL. What is affected stands
in the `components` of the incident, with ids and names, and in the `affected_components` of its
updates, with a `code`, which is the id, and a name that has that of the group before it.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from adapters.products.kit.alert_words import links_of
from adapters.products.kit.html_text import as_text
from domain.alerting.affected import Affected, AffectedComponent
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
    page = line(part(body.get("page")).get("id")) or ""
    if isinstance(body.get("incident"), dict):
        return _incident(part(body["incident"]), source, opens, page)
    if isinstance(body.get("component"), dict):
        change = part(body.get("component_update"))
        return _component(part(body["component"]), change, source, opens, page)
    if isinstance(body.get("page"), dict):
        return Unwanted("it tells of no incident and no component: somebody tries the webhook")
    raise UnusableError("body.wrong_shape", "the body has neither `incident` nor `component`")


_UPDATE = {
    **dict.fromkeys(("id", "body", "status", "new_status", "component_id"), TEXT),
    "affected_components": [dict.fromkeys(("code", "name"), TEXT)],
}
translate = of_one_report(
    _report,
    {
        "incident": {
            **dict.fromkeys(("id", "impact", "name", "shortlink", "status"), TEXT),
            "components": [dict.fromkeys(("id", "name"), TEXT)],
            "incident_updates": [_UPDATE],
        },
        "page": {"id": TEXT},
        "component": dict.fromkeys(("id", "name", "status"), TEXT),
        "component_update": _UPDATE,
    },
)


def _incident(incident: Object, source: str, opens: Opens, page: str) -> Reading:
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
    components = _components(incident, updates)
    affected = [each.name for each in components if each.name]
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
        text=text(as_text(text(latest.get("body")) or "")),
        url=link(incident.get("shortlink")),
        labels=(("components", ", ".join(affected)),) if len(affected) > 1 else (),
        links=links_of({}, (("Status page", incident.get("shortlink")),)),
    )
    fires = kind not in {AlertKind.RESOLVED, AlertKind.ANNOTATED}
    first = kind is AlertKind.TRIGGERED and (not at or not began or at - began <= FIRST_WITHIN)
    return Report(
        alert,
        began if first else at,
        fires=fires,
        named="id" in latest,
        affected=Affected(components, whole=True, page=page),
    )


def _components(incident: Object, updates: list[Object]) -> tuple[AffectedComponent, ...]:
    """All components that an incident names, each once."""
    named = [(part(each), "id") for each in items(incident.get("components"))]
    for update in updates:
        named += [(part(each), "code") for each in items(update.get("affected_components"))]
    known = Affected()
    for said, key in named:
        each = AffectedComponent(line(said.get(key)), line(said.get("name")))
        if each.id or each.name:
            known = replace(known, components=known.components + known.lacks(Affected((each,))))
    return known.components


def _component(component: Object, change: Object, source: str, opens: Opens, page: str) -> Reading:
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
        part=True,
    )
    affected = Affected((AffectedComponent(component_id, called),), page=page)
    return Report(alert, at, recurs=True, named="id" in change, affected=affected)


def _said_at(said: Object) -> datetime | None:
    """When something was said: as displayed, else as it was made."""
    fields = ("display_at", "created_at") if "display_at" in said else ("updated_at",)
    return next(filter(None, (moment(said.get(field), field) for field in fields)), None)
