"""How each event changes an incident."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alert import AlertKind, register
from domain.incident.alerted import heard, latest, settled
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.severity import floor
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
    in_triage,
    stating,
    stating_first,
    unreached,
    with_facts,
)


def evolve(incident: Incident, event: IncidentEvent) -> Incident:
    """The incident after one more event."""
    match incident, event:
        case _, e.AlertReceived():
            return heard(_alerted(incident, event))
        case _, e.Declared():
            folded: Recorded = _declared(incident, event)
        case Undeclared(), _:
            raise AssertionError(f"{type(event).__name__} before anything was declared")
        case _:
            folded = _FOLDS[type(event)](incident, event)
    if folded is incident or folded.facts.alerts.first_at is None:
        return folded
    return heard(folded)


def _alerted(incident: Incident, event: e.AlertReceived) -> Recorded:
    if isinstance(incident, Undeclared):
        assert event.number is not None, "the alert that begins an incident gives it its number"
        assert event.unassessed is not None, "and the severity it has until one is named"
        incident = Triage(Facts(number=event.number, title="", severity=event.unassessed))
    facts = incident.facts
    return with_facts(
        incident,
        alerts=register(facts.alerts, event.alert, event.occurred_at, event.severity),
        reopenings=facts.reopenings + (event.alert.kind is AlertKind.REOPENED),
    )


def _declared(incident: Incident, event: e.Declared) -> Open:
    facts = (
        Facts(number=event.number, title=event.title, severity=event.severity)
        if isinstance(incident, Undeclared)
        else settled(incident)
    )
    assert not facts.declared, "an incident is declared once"
    known, corrected = facts.stated, facts.corrected
    if event.detected_at is not None and Milestone.DETECTED not in corrected:
        corrected = (*corrected, Milestone.DETECTED)  # no alert that comes in later changes it
    stated = replace(
        known,
        declared_at=event.occurred_at,
        impact_started_at=event.impact_started_at or known.impact_started_at,
        detected_at=event.detected_at or known.detected_at,
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
            decided_at=_decided_at(facts, event),
            moved_at=latest(facts.moved_at, event.occurred_at),
            moved_shut=False,
            declared=True,
            kind=event.kind,
            origin=event.origin,
            milestones=stated,
            stated=stated,
            corrected=corrected,
        ),
        facts.stage,
    )


def _decided_at(facts: Facts, event: IncidentEvent) -> Any:
    claim = facts.alerts.severity
    return latest(facts.decided_at, event.occurred_at, claim.at if claim else None)


def _acknowledged(incident: Recorded, event: e.Acknowledged) -> Recorded:
    facts, at = incident.facts, event.occurred_at
    said = facts.alerts.acknowledgement
    facts = replace(
        stating_first(facts, Milestone.ACKNOWLEDGED, at),
        acknowledged=True,
        acknowledgement_at=latest(facts.acknowledgement_at, at, said.at if said else None),
    )
    return replace(incident, facts=facts)


def _role(incident: Recorded, event: e.RoleAssigned | e.RoleHandedOver) -> Recorded:
    return with_facts(incident, roles={**incident.facts.roles, event.role: event.assignee})


def _impact(incident: Recorded, event: e.ImpactReassessed) -> Recorded:
    """A floor that holds is decided, so that no alert goes below what it has just met."""
    facts, held = incident.facts, floor(event.impact)
    if held and (facts.decided is None or held.severity.outranks(facts.decided)):
        return with_facts(incident, impact=event.impact, decided=held.severity)
    return with_facts(incident, impact=event.impact)


def _severity(incident: Recorded, event: e.SeverityChanged | e.SeverityUpgraded) -> Recorded:
    return with_facts(
        incident,
        severity=event.severity,
        baseline=incident.facts.impact,
        decided=event.severity,
        decided_at=_decided_at(incident.facts, event),
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
    return with_facts(
        incident, last_update_at=latest(incident.facts.last_update_at, event.occurred_at)
    )


def _identified(incident: Recorded, event: e.RootCauseIdentified) -> Recorded:
    facts = stating_first(incident.facts, Milestone.IDENTIFIED, event.occurred_at)
    stage = Stage.IDENTIFIED if facts.stage is Stage.INVESTIGATING else facts.stage
    facts = replace(facts, root_cause=event.cause, stage=stage)
    return Open(facts, stage) if isinstance(incident, Open) else replace(incident, facts=facts)


def _mitigated(incident: Recorded, event: e.Mitigated) -> Recorded:
    facts = stating_first(settled(incident), Milestone.MITIGATED, event.occurred_at)
    facts = replace(facts, mitigation=event.mitigation, stage=Stage.MONITORING)
    return Open(facts, facts.stage) if isinstance(incident, Open) else Closed(facts)


def _moved(facts: Facts, event: IncidentEvent, *, shut: bool) -> Facts:
    return replace(facts, moved_at=latest(facts.moved_at, event.occurred_at), moved_shut=shut)


def _resolved(incident: Recorded, event: e.Resolved) -> Closed:
    facts = stating(settled(incident), resolved_at=event.occurred_at)
    return Closed(_moved(replace(facts, resolution=event.resolution), event, shut=True))


def _reopened(incident: Recorded, event: e.Reopened) -> Triage | Open:
    """Back to where it was before it was over."""
    facts = unreached(settled(incident))
    facts = _moved(replace(facts, reopenings=facts.reopenings + 1), event, shut=False)
    return Triage(facts) if in_triage(facts) else Open(facts, facts.stage)


def _canceled(incident: Recorded, event: e.Canceled) -> FalsePositive:
    facts = stating(settled(incident), canceled_at=event.occurred_at)
    return FalsePositive(_moved(facts, event, shut=True))


def _merged(incident: Recorded, event: e.Merged) -> Duplicate:
    return Duplicate(settled(incident), event.into, event.into_number)


def _attached(incident: Recorded, event: e.DuplicateAttached) -> Recorded:
    return with_facts(incident, duplicates=(*incident.facts.duplicates, event.duplicate))


def _corrected(incident: Recorded, event: e.TimeCorrected) -> Recorded:
    ends = event.milestone in {Milestone.MITIGATED, Milestone.RESOLVED}
    facts = settled(incident) if ends else incident.facts
    stated = replace(facts.stated, **{event.milestone.value: event.value})
    corrected = tuple(dict.fromkeys((*facts.corrected, event.milestone)))
    facts = replace(facts, stated=stated, milestones=stated, corrected=corrected)
    return replace(incident, facts=facts)


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
