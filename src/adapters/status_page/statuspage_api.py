"""The status in the shapes of Statuspage's API v2, for the programs that know them.

Field names and values are Statuspage's. What Commandpost does not know, such as how a component was
before each update, is null.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from adapters.status_page.markdown import readable
from adapters.status_page.snapshot import StatusSnapshot
from domain.kernel.totality import total
from domain.status_page.components import Component, Condition
from domain.status_page.public_incident import (
    IN_PROGRESS,
    MAINTENANCE_STATUSES,
    POSTMORTEM,
    RESOLVED,
    SCHEDULED,
    STATUSES,
    PublicEntry,
    PublicIncident,
)
from domain.status_page.public_timeline import public_id

LIMIT = 50  # incidents in a list, as there

INDICATORS = total(
    "indicators of the status page",
    Condition,
    {
        Condition.OPERATIONAL: ("none", "All Systems Operational"),
        Condition.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
        Condition.DEGRADED_PERFORMANCE: ("minor", "Partially Degraded Service"),
        Condition.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
        Condition.MAJOR_OUTAGE: ("critical", "Major Service Outage"),
    },
)

_STATUSES = total(
    "statuses of incidents in the API",
    STATUSES,
    {
        "investigating": "investigating",
        "identified": "identified",
        "mitigating": "identified",
        "monitoring": "monitoring",
        RESOLVED: RESOLVED,
        "canceled": RESOLVED,
        "merged": RESOLVED,
        POSTMORTEM: POSTMORTEM,
    },
)
"""Ours to theirs."""

_MAINTENANCE_STATUSES = total(
    "statuses of maintenances in the API",
    MAINTENANCE_STATUSES,
    {
        SCHEDULED: SCHEDULED,
        IN_PROGRESS: IN_PROGRESS,
        "investigating": IN_PROGRESS,
        "identified": IN_PROGRESS,
        "mitigating": IN_PROGRESS,
        "monitoring": "verifying",
        RESOLVED: "completed",
        "canceled": "completed",
        "merged": "completed",
        POSTMORTEM: "completed",
    },
)
"""Ours to theirs. They know none that was canceled: they delete it."""

Json = dict[str, Any]


def summary(snapshot: StatusSnapshot) -> Json:
    """Everything that is of interest now."""
    return {
        "page": _page(snapshot),
        "components": _components(snapshot),
        "incidents": _incidents(snapshot, _unresolved(snapshot, maintenance=False)),
        "scheduled_maintenances": _incidents(
            snapshot, (*_unresolved(snapshot, maintenance=True), *snapshot.upcoming)
        ),
        "status": _status(snapshot),
    }


def status(snapshot: StatusSnapshot) -> Json:
    """The page as a whole."""
    return {"page": _page(snapshot), "status": _status(snapshot)}


def components(snapshot: StatusSnapshot) -> Json:
    """All components, and the groups that hold some of them."""
    return {"page": _page(snapshot), "components": _components(snapshot)}


def incidents(snapshot: StatusSnapshot) -> Json:
    """The newest incidents, open or not."""
    found = [incident for incident in snapshot.incidents if not incident.maintenance]
    return {"page": _page(snapshot), "incidents": _incidents(snapshot, found[:LIMIT])}


def unresolved(snapshot: StatusSnapshot) -> Json:
    """The open incidents."""
    found = _unresolved(snapshot, maintenance=False)
    return {"page": _page(snapshot), "incidents": _incidents(snapshot, found)}


def scheduled_maintenances(snapshot: StatusSnapshot) -> Json:
    """The newest maintenances: upcoming, under way or completed. One that was canceled before it
    began is gone, as there.
    """
    found = [
        each
        for each in snapshot.incidents
        if each.maintenance and (each.upcoming or each.took_place)
    ]
    return _maintenances(snapshot, found[:LIMIT])


def upcoming_maintenances(snapshot: StatusSnapshot) -> Json:
    """Those that have not begun, the first first."""
    return _maintenances(snapshot, snapshot.upcoming)


def active_maintenances(snapshot: StatusSnapshot) -> Json:
    """Those that are under way."""
    return _maintenances(snapshot, _unresolved(snapshot, maintenance=True))


def _maintenances(snapshot: StatusSnapshot, found: Iterable[PublicIncident]) -> Json:
    return {"page": _page(snapshot), "scheduled_maintenances": _incidents(snapshot, found)}


DOCUMENTS: dict[str, Callable[[StatusSnapshot], Json]] = {
    "summary": summary,
    "status": status,
    "components": components,
    "incidents": incidents,
    "incidents/unresolved": unresolved,
    "scheduled-maintenances": scheduled_maintenances,
    "scheduled-maintenances/upcoming": upcoming_maintenances,
    "scheduled-maintenances/active": active_maintenances,
}
"""By their path below `/status/api/v2/`, without `.json`."""


def _unresolved(snapshot: StatusSnapshot, *, maintenance: bool) -> list[PublicIncident]:
    return [incident for incident in snapshot.open if incident.maintenance is maintenance]


def _page(snapshot: StatusSnapshot) -> Json:
    changes = [incident.changed_at for incident in snapshot.incidents]
    return {
        "id": _page_id(snapshot),
        "name": snapshot.site.title,
        "url": snapshot.site.address(),
        "time_zone": "Etc/UTC",
        "updated_at": _time(max(changes, default=snapshot.beginning)),
    }


def _page_id(snapshot: StatusSnapshot) -> str:
    return public_id(f"page {snapshot.site.url}")


def _status(snapshot: StatusSnapshot) -> Json:
    indicator, description = INDICATORS[snapshot.condition]
    return {"indicator": indicator, "description": description}


def _components(snapshot: StatusSnapshot) -> list[Json]:
    """Groups come as components that name their members, as there."""
    found = [_component(snapshot, each, place) for place, each in enumerate(snapshot.components, 1)]
    names = dict.fromkeys(each.group for each in snapshot.components if each.group)
    for place, name in enumerate(names, len(found) + 1):
        members = [each for each in snapshot.components if each.group == name]
        worst = max(snapshot.status_of(each) for each in members)
        group = _component(snapshot, Component(name=name, services=()), place, worst)
        ids = [_component_id(each) for each in members]
        found.append(group | {"id": _group_id(name), "group": True, "components": ids})
    return found


def _component(
    snapshot: StatusSnapshot,
    component: Component,
    position: int,
    condition: Condition | None = None,
) -> Json:
    changes = [each.changed_at for each in snapshot.incidents if component.concerned_by(each)]
    began = snapshot.beginning
    return {
        "id": _component_id(component),
        "name": component.name,
        "status": (snapshot.status_of(component) if condition is None else condition).code,
        "created_at": _time(began),
        "updated_at": _time(max(changes, default=began)),
        "position": position,
        "description": component.description,
        "showcase": True,
        "start_date": began.date().isoformat(),
        "group_id": _group_id(component.group) if component.group else None,
        "page_id": _page_id(snapshot),
        "group": False,
        "only_show_if_degraded": False,
    }


def _component_id(component: Component) -> str:
    return public_id(f"component {component.name}")


def _group_id(name: str) -> str:
    return public_id(f"group {name}")


def _incidents(snapshot: StatusSnapshot, found: Iterable[PublicIncident]) -> list[Json]:
    return [_incident(snapshot, incident) for incident in found]


def _incident(snapshot: StatusSnapshot, incident: PublicIncident) -> Json:
    watched = [entry.at for entry in incident.entries if entry.status == "monitoring"]
    concerned = enumerate(snapshot.components, 1)
    document = {
        "id": incident.id,
        "name": readable(snapshot.name(incident)),
        "status": _status_of(incident, incident.status),
        "created_at": _time(incident.entries[0].at),
        "updated_at": _time(incident.changed_at),
        "monitoring_at": _time(watched[-1]) if watched else None,
        "resolved_at": _time(incident.ended_at) if incident.ended_at else None,
        "impact": "maintenance" if incident.maintenance else incident.affected,
        "shortlink": snapshot.site.address(f"/incidents/{incident.reference}"),
        "started_at": _time(incident.started_at),
        "page_id": _page_id(snapshot),
        "incident_updates": [_update(incident, entry) for entry in reversed(incident.entries)],
        "components": [
            _component(snapshot, component, place)
            for place, component in concerned
            if component.concerned_by(incident)
        ],
        "reminder_intervals": None,
    }
    if incident.maintenance:
        begins, ends = incident.planned or (incident.started_at, incident.ended_at)
        until = _time(ends) if ends else None
        document |= {"scheduled_for": _time(begins), "scheduled_until": until}
    return document


def _status_of(incident: PublicIncident, status: str) -> str:
    return (_MAINTENANCE_STATUSES if incident.maintenance else _STATUSES)[status]


def _update(incident: PublicIncident, entry: PublicEntry) -> Json:
    return {
        "id": entry.id,
        "status": _status_of(incident, entry.status),
        "body": readable(entry.words),
        "incident_id": incident.id,
        "created_at": _time(entry.at),
        "updated_at": _time(entry.corrected_at or entry.recorded_at),
        "display_at": _time(entry.at),
        "affected_components": None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _time(at: datetime) -> str:
    """To the millisecond, as there."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
