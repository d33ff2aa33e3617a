"""How each event changes an incident."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alert import AlertKind, Latest, register
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import (
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    Hypothesis,
    HypothesisStatus,
    Incident,
    Open,
    Recorded,
    Stage,
    Triage,
    Undeclared,
    first,
    noted,
    with_facts,
)
from domain.policy import Severity


def evolve(incident: Incident, event: IncidentEvent) -> Incident:
    """The incident after one more event."""
    match incident, event:
        case _, e.AlertReceived():
            return _alerted(incident, event)
        case Undeclared() | Triage(), e.Declared():
            return _declared(incident, event)
        case Undeclared(), _:
            raise AssertionError(f"{type(event).__name__} before anything was declared")
        case _:
            return _FOLDS[type(event)](incident, event)


def _declared(incident: Undeclared | Triage, event: e.Declared) -> Open:
    facts = (
        incident.facts
        if isinstance(incident, Triage)
        else Facts(number=event.number, title=event.title, severity=event.severity)
    )
    milestones = replace(
        facts.milestones,
        declared_at=event.occurred_at,
        impact_started_at=event.impact_started_at,
        detected_at=event.detected_at or facts.milestones.detected_at,
    )
    return Open(
        replace(
            facts,
            title=event.title,
            severity=event.severity,
            summary=event.summary,
            services=event.services or facts.services,
            impact=event.impact,
            baseline=event.impact,
            decided=event.severity,
            decided_at=event.occurred_at,
            declared=True,
            kind=event.kind,
            origin=event.origin,
            milestones=milestones,
            corrected=_pinned(facts, event),
        )
    )


def _pinned(facts: Facts, event: e.Declared) -> tuple[Milestone, ...]:
    """A stated detection time is not changed by alerts that come in later."""
    if event.detected_at is None or Milestone.DETECTED in facts.corrected:
        return facts.corrected
    return (*facts.corrected, Milestone.DETECTED)


def _alerted(incident: Incident, event: e.AlertReceived) -> Incident:
    """Apply an alert so that the result depends on the set of alerts, not on their order."""
    if isinstance(incident, Undeclared):
        incident = _begun_by_alert(event)
    facts = _informed(incident.facts, event)
    incident = replace(incident, facts=facts)
    if isinstance(incident, FalsePositive | Duplicate):
        return incident
    shut, again = facts.alerts.resolution, facts.alerts.reopening
    again = again if again and _moves(facts, again) else None
    if shut and _moves(facts, shut) and shut.beats(again):
        if facts.moved_shut and again is None:
            return incident  # a responder had resolved it before: that time counts
        return Closed(replace(facts, milestones=noted(facts, Milestone.RESOLVED, shut.at)))
    return _reopened_by_alert(incident, again.at) if again else incident


def _begun_by_alert(event: e.AlertReceived) -> Triage | Open:
    assert event.number is not None, "the alert that begins an incident gives it its number"
    assert event.unassessed is not None, "and the severity it has until one is named"
    facts = Facts(number=event.number, title="", severity=event.unassessed)
    return Triage(facts) if event.alert.opens == "triage" else Open(facts)


def _moves(facts: Facts, transition: Latest) -> bool:
    """Whether what an alert says came after what a responder last did."""
    return facts.moved_at is None or transition.at > facts.moved_at


def _reopened_by_alert(incident: Recorded, at: datetime) -> Recorded:
    facts = incident.facts
    mitigated = facts.milestones.mitigated_at
    milestones = replace(
        facts.milestones,
        resolved_at=None,
        mitigated_at=None if mitigated and mitigated < at else mitigated,
    )
    facts = replace(facts, milestones=milestones)
    if isinstance(incident, Closed):
        return Triage(facts) if _in_triage(facts) else Open(facts)
    return replace(incident, facts=facts)


def _in_triage(facts: Facts) -> bool:
    return facts.alerts.opened_triage and not facts.declared


def _informed(facts: Facts, event: e.AlertReceived) -> Facts:
    """The facts with what the alerts now say, where no person has said otherwise."""
    alert, at = event.alert, event.occurred_at
    alerts = register(facts.alerts, alert, at, event.severity)
    milestones = facts.milestones
    if Milestone.DETECTED not in facts.corrected:
        milestones = replace(milestones, detected_at=alerts.first_at)
    if (
        not facts.declared
        and not alerts.opened_triage
        and Milestone.DECLARED not in facts.corrected
    ):
        milestones = replace(milestones, declared_at=alerts.first_at)
    facts = replace(facts, alerts=alerts, milestones=milestones)
    if alert.kind is AlertKind.ACKNOWLEDGED:
        facts = replace(facts, milestones=first(facts, Milestone.ACKNOWLEDGED, at))
    if alert.kind is AlertKind.REOPENED:
        facts = replace(facts, reopenings=facts.reopenings + 1)
    return _believed(facts)


def _believed(facts: Facts) -> Facts:
    alerts = facts.alerts
    changes: dict[str, Any] = {}
    if not facts.declared:
        if alerts.title:
            changes["title"] = alerts.title.value
        if alerts.service:
            changes["services"] = (alerts.service.value,)
    if alerts.severity:
        changes["severity"] = _severity_with(facts, alerts.severity)
    ack = alerts.acknowledgement
    if ack and (facts.acknowledgement_at is None or ack.at > facts.acknowledgement_at):
        changes["acknowledged"] = ack.value
    return replace(facts, **changes)


def _severity_with(facts: Facts, claim: Latest) -> Severity:
    """An alert may raise what a responder or a rule has decided, if it is newer; never lower it."""
    claimed = Severity(claim.value)
    if facts.decided is None or facts.decided_at is None:
        return claimed
    newer = claim.at > facts.decided_at
    return claimed if newer and claimed.outranks(facts.decided) else facts.decided


def _acknowledged(incident: Recorded, event: e.Acknowledged) -> Recorded:
    facts = incident.facts
    return with_facts(
        incident,
        acknowledged=True,
        acknowledgement_at=max(facts.acknowledgement_at or event.occurred_at, event.occurred_at),
        milestones=first(facts, Milestone.ACKNOWLEDGED, event.occurred_at),
    )


def _role(incident: Recorded, event: e.RoleAssigned | e.RoleHandedOver) -> Recorded:
    return with_facts(incident, roles={**incident.facts.roles, event.role: event.assignee})


def _impact(incident: Recorded, event: e.ImpactReassessed) -> Recorded:
    return with_facts(incident, impact=event.impact)


def _severity(incident: Recorded, event: e.SeverityChanged | e.SeverityUpgraded) -> Recorded:
    return with_facts(
        incident,
        severity=event.severity,
        baseline=incident.facts.impact,
        decided=event.severity,
        decided_at=event.occurred_at,
    )


def _hypothesis_opened(incident: Recorded, event: e.HypothesisOpened) -> Recorded:
    path = Hypothesis(event.hypothesis, event.statement, event.occurred_at, owner=event.owner)
    return with_facts(incident, hypotheses=(*incident.facts.hypotheses, path))


def _closing(found: HypothesisStatus) -> Callable[[Recorded, Any], Recorded]:
    def fold(incident: Recorded, event: Any) -> Recorded:
        words = event.reason if found is HypothesisStatus.ABANDONED else event.finding
        return with_facts(
            incident,
            hypotheses=tuple(
                replace(path, status=found, finding=words, closed_at=event.occurred_at)
                if path.name == event.hypothesis
                else path
                for path in incident.facts.hypotheses
            ),
        )

    return fold


def _same(incident: Recorded, _: IncidentEvent) -> Recorded:
    return incident


def _updated(incident: Recorded, event: e.UpdatePosted) -> Recorded:
    known = incident.facts.last_update_at
    latest = max(known, event.occurred_at) if known else event.occurred_at
    return with_facts(incident, last_update_at=latest)


def _identified(incident: Recorded, event: e.RootCauseIdentified) -> Recorded:
    facts = incident.facts
    milestones = first(facts, Milestone.IDENTIFIED, event.occurred_at)
    facts = replace(facts, root_cause=event.cause, milestones=milestones)
    if isinstance(incident, Open) and incident.stage is Stage.INVESTIGATING:
        return Open(facts, Stage.IDENTIFIED)
    return replace(incident, facts=facts)


def _mitigated(incident: Recorded, event: e.Mitigated) -> Recorded:
    facts = incident.facts
    milestones = first(facts, Milestone.MITIGATED, event.occurred_at)
    facts = replace(facts, mitigation=event.mitigation, milestones=milestones)
    return Open(facts, Stage.MONITORING) if isinstance(incident, Open) else Closed(facts)


def _moved(facts: Facts, event: IncidentEvent) -> datetime:
    return max(facts.moved_at or event.occurred_at, event.occurred_at)


def _resolved(incident: Recorded, event: e.Resolved) -> Closed:
    facts = incident.facts
    return Closed(
        replace(
            facts,
            resolution=event.resolution,
            moved_at=_moved(facts, event),
            moved_shut=True,
            milestones=noted(facts, Milestone.RESOLVED, event.occurred_at),
        )
    )


def _reopened(incident: Recorded, event: e.Reopened) -> Open:
    """Reopening takes back that it was over: mitigation and resolution are to come again."""
    facts = incident.facts
    return Open(
        replace(
            facts,
            moved_at=_moved(facts, event),
            moved_shut=False,
            reopenings=facts.reopenings + 1,
            milestones=replace(
                facts.milestones, mitigated_at=None, resolved_at=None, canceled_at=None
            ),
            corrected=tuple(
                milestone
                for milestone in facts.corrected
                if milestone not in {Milestone.MITIGATED, Milestone.RESOLVED}
            ),
        )
    )


def _canceled(incident: Recorded, event: e.Canceled) -> FalsePositive:
    facts = incident.facts
    milestones = replace(facts.milestones, canceled_at=event.occurred_at)
    return FalsePositive(
        replace(facts, moved_at=_moved(facts, event), moved_shut=True, milestones=milestones)
    )


def _merged(incident: Recorded, event: e.Merged) -> Duplicate:
    return Duplicate(incident.facts, event.into, event.into_number)


def _attached(incident: Recorded, event: e.DuplicateAttached) -> Recorded:
    return with_facts(incident, duplicates=(*incident.facts.duplicates, event.duplicate))


def _corrected(incident: Recorded, event: e.TimeCorrected) -> Recorded:
    facts = incident.facts
    return with_facts(
        incident,
        milestones=replace(facts.milestones, **{event.milestone.value: event.value}),
        corrected=tuple(dict.fromkeys((*facts.corrected, event.milestone))),
    )


_FOLDS: dict[type[IncidentEvent], Callable[[Recorded, Any], Recorded]] = {
    e.Acknowledged: _acknowledged,
    e.RoleAssigned: _role,
    e.RoleHandedOver: _role,
    e.ImpactReassessed: _impact,
    e.SeverityChanged: _severity,
    e.SeverityUpgraded: _severity,
    e.HypothesisOpened: _hypothesis_opened,
    e.HypothesisConfirmed: _closing(HypothesisStatus.CONFIRMED),
    e.HypothesisRejected: _closing(HypothesisStatus.REJECTED),
    e.HypothesisAbandoned: _closing(HypothesisStatus.ABANDONED),
    e.ActionLogged: _same,
    e.NoteAdded: _same,
    e.UpdatePosted: _updated,
    e.RootCauseIdentified: _identified,
    e.Mitigated: _mitigated,
    e.Resolved: _resolved,
    e.Reopened: _reopened,
    e.Canceled: _canceled,
    e.Merged: _merged,
    e.DuplicateAttached: _attached,
    e.TimeCorrected: _corrected,
}
