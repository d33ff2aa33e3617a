"""An incident as others see it: the shape that the board, HTTP and the command line show."""

from datetime import datetime

import msgspec

from domain.incident.course.waivers import Waiver
from domain.incident.events import Kind, Origin
from domain.incident.hypothesis import Hypothesis
from domain.incident.impact import UNKNOWN, Impact
from domain.incident.milestones import Milestones
from domain.incident.others import OtherIncident
from domain.incident.relation import Attachment, Related
from domain.incident.state import (
    CATEGORIES,
    OPEN,
    Closed,
    Duplicate,
    FalsePositive,
    Incident,
    Undeclared,
    status,
)
from domain.kernel.decider import UNKNOWN as UNKNOWN_ACTOR
from domain.kernel.roster import Who
from domain.policy import Role, Severity
from domain.sight import Sight

ALERTS_SHOWN = 200
"""So many firings of each source are named: what has 10,000 alerts is shown again with each one."""


class IncidentView(msgspec.Struct, frozen=True, kw_only=True):
    """One incident at one `position` of the log. Times are UTC; null is unknown or not yet.

    `matrix_severity` is what the matrix says of the impact as it is known; where the incident
    stands below that, `severity_held` says by whose decision, and why. `roles` are as they were
    recorded, `holders` whom the directory knows these as, or that it does not. `waivers` are what
    was taken although rules stood against it. `alerts` are the first 200 of each source (product,
    source and alert id), `alerts_in_all` is how many there are. `private` says who alone may see
    it; null: everybody may.
    """

    id: str
    reference: str
    title: str
    status: str
    status_category: str
    severity: Severity
    matrix_severity: Severity | None
    severity_held: str | None
    kind: Kind
    acknowledged: bool
    summary: str | None
    services: tuple[str, ...]
    impact: Impact
    roles: dict[Role, str]
    holders: dict[Role, Who]
    hypotheses: tuple[Hypothesis, ...]
    milestones: Milestones
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    verification: str | None
    waivers: tuple[Waiver, ...]
    last_update_at: datetime | None
    reopenings: int
    alerts: tuple[tuple[str, str, str], ...]
    alerts_in_all: int
    duplicates: tuple[OtherIncident, ...]
    merged_into: OtherIncident | None
    origin: Origin | None
    links: tuple[Attachment, ...]
    related: tuple[Related, ...]
    declared_by: str | None
    acknowledged_by: str | None
    closed_by: str | None
    position: int
    private: Sight | None = None

    @property
    def is_going_on(self) -> bool:
        """Whether it is not over."""
        return self.status_category in OPEN


def view(incident_id: str, incident: Incident, position: int) -> IncidentView | None:
    """The public shape of an incident, None before anything is known of it."""
    if isinstance(incident, Undeclared):
        return None
    facts, now = incident.facts, status(incident)
    matrix = facts.assessment.matrix
    return IncidentView(
        id=incident_id,
        reference=facts.reference,
        title=facts.about.title,
        status=now,
        status_category=CATEGORIES[now],
        severity=facts.severity,
        matrix_severity=matrix.severity if matrix else None,
        severity_held=facts.held,
        kind=facts.about.kind,
        acknowledged=facts.acknowledged,
        summary=facts.about.summary,
        services=facts.about.services,
        impact=facts.assessment.impact,
        roles=facts.response.roles,
        holders=facts.response.holders,
        hypotheses=facts.response.hypotheses,
        milestones=facts.milestones,
        root_cause=facts.response.root_cause,
        mitigation=facts.response.mitigation,
        resolution=facts.response.resolution,
        verification=facts.response.verification,
        waivers=facts.response.waivers,
        last_update_at=facts.response.last_update_at,
        reopenings=facts.response.reopenings,
        alerts=facts.alerts.first_alerts(ALERTS_SHOWN) if facts.alerts.members else (),
        alerts_in_all=facts.alerts.alerts,
        duplicates=facts.about.duplicates,
        merged_into=incident.into if isinstance(incident, Duplicate) else None,
        origin=facts.about.origin,
        links=facts.links,
        related=facts.related,
        declared_by=_known(facts.about.declared_by),
        acknowledged_by=_known(facts.acknowledged_by),
        closed_by=_known(incident.by) if isinstance(incident, _CLOSED) else None,
        position=position,
        private=facts.about.private,
    )


def sight_of(incident: Incident) -> Sight | None:
    """Who alone may see it; None: everybody may."""
    return None if isinstance(incident, Undeclared) else incident.facts.about.private


def headline(shown: IncidentView) -> str:
    """It in a line."""
    return f"{shown.reference} {shown.severity.value} {shown.status}: {shown.title}"


_CLOSED = (Closed, FalsePositive, Duplicate)


def _known(actor: str | None) -> str | None:
    return None if actor == UNKNOWN_ACTOR else actor


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
        matrix_severity=None,
        severity_held=None,
        kind=shown.kind,
        acknowledged=shown.acknowledged,
        summary=None,
        services=shown.services,
        impact=UNKNOWN,
        roles={},
        holders={},
        hypotheses=(),
        milestones=Milestones(
            impact_started_at=times.impact_started_at,
            detected_at=times.detected_at,
            resolved_at=times.resolved_at,
        ),
        root_cause=None,
        mitigation=None,
        resolution=None,
        verification=None,
        waivers=(),
        last_update_at=shown.last_update_at,
        reopenings=shown.reopenings,
        alerts=(),
        alerts_in_all=0,
        duplicates=(),
        merged_into=None,
        origin=None,
        links=(),
        related=(),
        declared_by=None,
        acknowledged_by=None,
        closed_by=None,
        position=shown.position,
    )
