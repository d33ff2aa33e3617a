"""An incident as others see it: the shape that the board, HTTP and the command line show."""

from datetime import datetime

import msgspec

from domain.incident.events import Kind, Origin
from domain.incident.impact import UNKNOWN, Impact
from domain.incident.state import (
    CATEGORIES,
    Duplicate,
    Hypothesis,
    Incident,
    Milestones,
    Undeclared,
    status,
)
from domain.policy import Role, Severity


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """One incident at one `position` of the log. Times are UTC; null is unknown or not yet."""

    id: str
    reference: str
    title: str
    status: str
    status_category: str
    severity: Severity
    kind: Kind
    acknowledged: bool
    summary: str | None
    services: tuple[str, ...]
    impact: Impact
    roles: dict[Role, str]
    hypotheses: tuple[Hypothesis, ...]
    milestones: Milestones
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    last_update_at: datetime | None
    reopenings: int
    alerts: tuple[tuple[str, str, str], ...]
    duplicates: tuple[str, ...]
    merged_into: str | None
    origin: Origin | None
    position: int


def view(incident_id: str, incident: Incident, position: int) -> IncidentView | None:
    """The public shape of an incident, None before anything is known of it."""
    if isinstance(incident, Undeclared):
        return None
    facts, now = incident.facts, status(incident)
    return IncidentView(
        id=incident_id,
        reference=facts.reference,
        title=facts.title,
        status=now,
        status_category=CATEGORIES[now],
        severity=facts.severity,
        kind=facts.kind,
        acknowledged=facts.acknowledged,
        summary=facts.summary,
        services=facts.services,
        impact=facts.impact,
        roles=facts.roles,
        hypotheses=facts.hypotheses,
        milestones=facts.milestones,
        root_cause=facts.root_cause,
        mitigation=facts.mitigation,
        resolution=facts.resolution,
        last_update_at=facts.last_update_at,
        reopenings=facts.reopenings,
        alerts=facts.alerts.refs,
        duplicates=facts.duplicates,
        merged_into=incident.into if isinstance(incident, Duplicate) else None,
        origin=facts.origin,
        position=position,
    )


def public_view(shown: IncidentView, title: str) -> IncidentView:
    """What of an incident the public may see, under its public title: its state, its services and
    its times. Every field is named here, so that one that is added stays private until it is, too.
    """
    times = shown.milestones
    return IncidentView(
        id=shown.id,
        reference=shown.reference,
        title=title,
        status=shown.status,
        status_category=shown.status_category,
        severity=shown.severity,
        kind=shown.kind,
        acknowledged=shown.acknowledged,
        summary=None,
        services=shown.services,
        impact=UNKNOWN,
        roles={},
        hypotheses=(),
        milestones=Milestones(
            impact_started_at=times.impact_started_at,
            detected_at=times.detected_at,
            resolved_at=times.resolved_at,
        ),
        root_cause=None,
        mitigation=None,
        resolution=None,
        last_update_at=shown.last_update_at,
        reopenings=shown.reopenings,
        alerts=(),
        duplicates=(),
        merged_into=None,
        origin=None,
        position=shown.position,
    )
