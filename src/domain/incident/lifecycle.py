"""The events that change what alerts speak of as well: milestones, acknowledgement, the phase.

After each of them the alerts are heard again; see `domain.incident.alerts.effects`.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.alerts.effects import decided_at, latest, settled
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.state import (
    Closed,
    Duplicate,
    Facts,
    FalsePositive,
    Incident,
    KnownIncident,
    Milestones,
    Open,
    Stage,
    Triage,
    Undeclared,
    in_triage,
    stating,
    stating_first,
    unreached,
)


def declared(incident: Incident, event: e.Declared) -> Open:
    """Out of triage, or from nothing."""
    if isinstance(incident, Undeclared):
        return Open(_newly_declared(event))
    facts = settled(incident)
    assert not facts.declared, "an incident is declared once"
    fresh = _newly_declared(event)
    known, stated = facts.stated, fresh.stated
    stated = replace(
        known,
        declared_at=stated.declared_at,
        impact_started_at=stated.impact_started_at or known.impact_started_at,
        detected_at=stated.detected_at or known.detected_at,
    )
    facts = replace(
        facts,
        title=fresh.title,
        severity=fresh.severity,
        summary=fresh.summary,
        services=fresh.services or facts.services,
        impact=fresh.impact,
        baseline=fresh.baseline,
        decided=fresh.decided,
        decided_at=decided_at(facts, event),
        moved_at=latest(facts.moved_at, event.occurred_at),
        moved_shut=False,
        declared=True,
        kind=fresh.kind,
        origin=fresh.origin,
        milestones=stated,
        stated=stated,
        corrected=tuple(dict.fromkeys((*facts.corrected, *fresh.corrected))),
    )
    return Open(facts, facts.stage)


def _newly_declared(event: e.Declared) -> Facts:
    stated = Milestones(
        impact_started_at=event.impact_started_at,
        detected_at=event.detected_at,
        declared_at=event.occurred_at,
    )
    return Facts(
        number=event.number,
        title=event.title,
        severity=event.severity,
        summary=event.summary,
        services=event.services,
        impact=event.impact,
        baseline=event.impact,
        decided=event.severity,
        decided_at=event.occurred_at,
        moved_at=event.occurred_at,
        declared=True,
        kind=event.kind,
        origin=event.origin,
        milestones=stated,
        stated=stated,
        # A stated detection is not changed by an alert that comes in later.
        corrected=(Milestone.DETECTED,) if event.detected_at else (),
    )


def _acknowledged(incident: KnownIncident, event: e.Acknowledged) -> KnownIncident:
    facts, at = incident.facts, event.occurred_at
    said, taken_at = facts.alerts.acknowledgement, latest(facts.acknowledgement_at, at)
    facts = stating_first(
        facts,
        Milestone.ACKNOWLEDGED,
        at,
        acknowledged=True,
        acknowledgement_at=latest(taken_at, said.at) if said else taken_at,
    )
    return replace(incident, facts=facts)


def _identified(incident: KnownIncident, event: e.RootCauseIdentified) -> KnownIncident:
    facts, at = incident.facts, event.occurred_at
    stage = Stage.IDENTIFIED if facts.stage is Stage.INVESTIGATING else facts.stage
    facts = stating_first(facts, Milestone.IDENTIFIED, at, root_cause=event.cause, stage=stage)
    return Open(facts, stage) if isinstance(incident, Open) else replace(incident, facts=facts)


def _mitigated(incident: KnownIncident, event: e.Mitigated) -> KnownIncident:
    facts = stating_first(
        settled(incident),
        Milestone.MITIGATED,
        event.occurred_at,
        mitigation=event.mitigation,
        stage=Stage.MONITORING,
        monitoring_since=event.occurred_at,
    )
    return Open(facts, facts.stage) if isinstance(incident, Open) else Closed(facts)


def _resolved(incident: KnownIncident, event: e.Resolved) -> Closed:
    facts, at = settled(incident), event.occurred_at
    return Closed(
        stating(
            facts,
            {"resolved_at": at},
            resolution=event.resolution,
            moved_at=latest(facts.moved_at, at),
            moved_shut=True,
        )
    )


def _reopened(incident: KnownIncident, event: e.Reopened) -> Triage | Open:
    """Back to where it was before it was over."""
    facts = settled(incident)
    facts = unreached(
        facts,
        reopenings=facts.reopenings + 1,
        moved_at=latest(facts.moved_at, event.occurred_at),
        moved_shut=False,
        discipline=replace(facts.discipline, all_clear_at=None),
    )
    return Triage(facts) if in_triage(facts) else Open(facts, facts.stage)


def _canceled(incident: KnownIncident, event: e.Canceled) -> FalsePositive:
    facts, at = settled(incident), event.occurred_at
    moved_at = latest(facts.moved_at, at)
    return FalsePositive(stating(facts, {"canceled_at": at}, moved_at=moved_at, moved_shut=True))


def _merged(incident: KnownIncident, event: e.Merged) -> Duplicate:
    return Duplicate(settled(incident), event.into, event.into_number, event.occurred_at)


def _corrected(incident: KnownIncident, event: e.TimeCorrected) -> KnownIncident:
    ends = event.milestone in {Milestone.MITIGATED, Milestone.RESOLVED}
    facts = settled(incident) if ends else incident.facts
    stated = replace(facts.stated, **{event.milestone.value: event.value})
    corrected = tuple(dict.fromkeys((*facts.corrected, event.milestone)))
    facts = replace(facts, stated=stated, milestones=stated, corrected=corrected)
    if event.milestone is Milestone.MITIGATED:
        facts = replace(facts, monitoring_since=event.value)
    return replace(incident, facts=facts)


MOVES: dict[type[IncidentEvent], Callable[[KnownIncident, Any], KnownIncident]] = {
    e.Declared: declared,
    e.Acknowledged: _acknowledged,
    e.RootCauseIdentified: _identified,
    e.Mitigated: _mitigated,
    e.Resolved: _resolved,
    e.Reopened: _reopened,
    e.Canceled: _canceled,
    e.Merged: _merged,
    e.TimeCorrected: _corrected,
}
