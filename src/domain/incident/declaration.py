"""How an incident begins: it is declared, from nothing or out of triage."""

from datetime import datetime

from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.guards import past
from domain.incident.impact import UNKNOWN, Impact, merged
from domain.incident.severity import Classified, classify, decided_at, floor, raise_to
from domain.incident.state import Facts, Incident, Milestones, Open, Triage, Undeclared
from domain.incident.times import latest
from domain.kernel.decider import Context
from domain.policy import Policy


def declare(
    command: c.Declare, incident: Undeclared | Triage, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Declare, classified by the responder or else by the matrix, and raised to a floor at once.

    What triage has found stays: the impact, where the declaration does not state it anew, and a
    more severe level than that of the matrix, unless the responder names one.
    """
    policy, impact = context.policy, Impact(**asdict(command.impact))
    if isinstance(incident, Triage):
        stated = {name: value for name, value in asdict(impact).items() if value is not None}
        impact = merged(incident.facts.impact, stated)
    classified = _classified(impact, incident, policy)
    severity = command.severity or classified.severity
    declared = e.Declared(
        occurred_at=at,
        number=incident.facts.number if isinstance(incident, Triage) else context.number,
        title=command.title,
        severity=severity,
        policy_version=policy.version,
        because=None if command.severity else classified.because,
        summary=command.summary,
        services=tuple(dict.fromkeys(command.services)),
        impact=impact,
        impact_started_at=past(command.impact_started_at, "impact_started_at", context),
        detected_at=past(command.detected_at, "detected_at", context),
        kind=command.kind,
        origin=command.origin,
    )
    held = floor(impact, policy)
    if held is None or not held.severity.outranks(severity):
        return [declared]
    return [declared, raise_to(held, severity, at, context)]


def _classified(impact: Impact, incident: Undeclared | Triage, policy: Policy) -> Classified:
    by_matrix = classify(impact, policy)
    if isinstance(incident, Undeclared):
        return by_matrix
    facts = incident.facts
    named = facts.decided is not None or bool(facts.alerts.claims)
    if named and (impact == UNKNOWN or facts.severity.outranks(by_matrix.severity)):
        return Classified(facts.severity, "severity in triage")
    return by_matrix


def fold_declared(incident: Incident, event: e.Declared, _: str) -> Open:
    """Out of triage, or from nothing."""
    if isinstance(incident, Undeclared):
        return Open(_newly_declared(event))
    facts = settle(incident)
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
