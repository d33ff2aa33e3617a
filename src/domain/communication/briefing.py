"""What those may know who respond to an incident or answer for it: all there is to say of it.

Templates are written against these names, those of an operator as well: rename nothing.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from domain.communication.account import Account, Action
from domain.incident import IncidentEvent
from domain.incident import events as e
from domain.incident.impact import Impact
from domain.incident.state import (
    Duplicate,
    Facts,
    Hypothesis,
    HypothesisStatus,
    Open,
    Recorded,
    Triage,
    status,
)
from domain.notification import Audience
from domain.policy import Policy, Role, Severity

POSTMORTEM_FROM = Severity.SEV2
POSTMORTEM_WITHIN_S = 48 * 3600
"""Source: brief, "Post-Mortem": within 48 hours, for every SEV1 and SEV2."""


class Briefing(msgspec.Struct, frozen=True, kw_only=True):
    """An incident at an event, for engineering and executives. None is unknown, or not so.

    `status` is that of the incident, or the one that an update reports. `text` and `automatic` are
    those of an update, `reason` is that of whatever the event is, `by_alert` says that an alert and
    no responder changed it. `actions` (and `earlier` more) were taken since the last update.
    `next_update_s` and `respond_within_s` are those of the policy, in seconds, while it is open.
    `told` says that there has been an update before.
    """

    audience: Audience
    kind: str
    at: datetime
    reference: str
    title: str
    summary: str | None
    services: tuple[str, ...]
    severity: Severity
    severity_name: str
    previous_severity: Severity | None
    status: str
    open: bool
    acknowledged: bool
    impact: Impact
    started_at: datetime | None
    resolved_at: datetime | None
    commander: str | None
    communications_lead: str | None
    technical_lead: str | None
    scribe: str | None
    root_cause: str | None
    mitigation: str | None
    resolution: str | None
    by_alert: bool
    pursued: tuple[Hypothesis, ...]
    ruled_out: tuple[Hypothesis, ...]
    actions: tuple[Action, ...]
    earlier: int
    told: bool
    text: str | None
    automatic: bool
    reason: str | None
    merged_into: str | None
    next_update_s: int | None
    respond_within_s: int | None
    postmortem_due_at: datetime | None


def brief(
    audience: Audience,
    kind: str,
    incident: Recorded,
    event: IncidentEvent,
    account: Account,
    policy: Policy,
) -> Briefing:
    """The briefing on an event; `incident` is what its commit left, `account` what came before."""
    facts, roles = incident.facts, incident.facts.roles
    level, going_on = policy.levels[facts.severity], isinstance(incident, Triage | Open)
    told = _told(event)
    return Briefing(
        audience=audience,
        kind=kind,
        at=event.occurred_at,
        reference=facts.reference,
        title=facts.title,
        summary=facts.summary,
        services=facts.services,
        severity=facts.severity,
        severity_name=level.name,
        previous_severity=told.pop("previous_severity", None),
        status=told.pop("status", status(incident)),
        open=going_on,
        acknowledged=facts.acknowledged,
        impact=facts.impact,
        started_at=beginning(facts),
        resolved_at=facts.milestones.resolved_at,
        commander=roles.get(Role.INCIDENT_COMMANDER),
        communications_lead=roles.get(Role.COMMUNICATIONS_LEAD),
        technical_lead=roles.get(Role.TECHNICAL_LEAD),
        scribe=roles.get(Role.SCRIBE),
        root_cause=facts.root_cause,
        mitigation=facts.mitigation,
        resolution=event.resolution if isinstance(event, e.Resolved) else None,
        by_alert=isinstance(event, e.AlertReceived),
        pursued=_paths(facts, HypothesisStatus.OPEN),
        ruled_out=_paths(facts, HypothesisStatus.REJECTED),
        actions=account.actions,
        earlier=account.earlier,
        told=account.told,
        text=told.pop("text", None),
        automatic=told.pop("automatic", False),
        reason=told.pop("reason", None),
        merged_into=f"INC-{incident.into_number}" if isinstance(incident, Duplicate) else None,
        next_update_s=level.update_cadence_s if going_on else None,
        respond_within_s=level.response_s if going_on else None,
        postmortem_due_at=_postmortem_due(facts),
    )


def beginning(facts: Facts) -> datetime | None:
    """The earliest that is known of it."""
    times = facts.milestones
    return times.impact_started_at or times.detected_at or times.declared_at


def _told(event: IncidentEvent) -> dict[str, Any]:
    """What the event itself says."""
    match event:
        case e.SeverityChanged() | e.SeverityUpgraded():
            return {"previous_severity": event.previous, "reason": event.reason}
        case e.UpdatePosted(text=text, status=reported):
            return {"text": text, "status": reported.value}
        case e.Reopened(reason=reason) | e.Canceled(reason=reason) | e.Merged(reason=reason):
            return {"reason": reason}
        case _:
            return {}


def _paths(facts: Facts, wanted: HypothesisStatus) -> tuple[Hypothesis, ...]:
    return tuple(path for path in facts.hypotheses if path.status is wanted)


def _postmortem_due(facts: Facts) -> datetime | None:
    ended = facts.milestones.resolved_at
    if ended is None or POSTMORTEM_FROM.outranks(facts.severity):
        return None
    return ended + timedelta(seconds=POSTMORTEM_WITHIN_S)
