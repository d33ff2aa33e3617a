"""How an incident begins: it is declared, from nothing or out of triage."""

from datetime import datetime

from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.impact import UNKNOWN, Impact, merged
from domain.incident.severity.assessment import raise_to
from domain.incident.severity.decisions import holder, latest_claim
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.ruling import Assessment, Decision, Ruling
from domain.incident.state import (
    About,
    Facts,
    Incident,
    KnownIncident,
    Milestones,
    Open,
    Stated,
    Triage,
    Undeclared,
)
from domain.incident.times import latest, past
from domain.kernel.decider import Context


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
        impact = merged(incident.facts.assessment.impact, stated)
    matrix = classify(impact, policy)
    classified = _classified(matrix, impact, incident)
    severity = command.severity or classified.severity
    held = floor(impact, policy)
    raised = held if held and held.severity.outranks(severity) else None
    declared = e.Declared(
        occurred_at=at,
        number=incident.facts.about.number if isinstance(incident, Triage) else context.number,
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
        matrix=matrix,
        held_by=holder(raised.severity if raised else severity, matrix, context),
    )
    return [declared, raise_to(raised, severity, at, context)] if raised else [declared]


def _classified(matrix: Ruling, impact: Impact, incident: Undeclared | Triage) -> Ruling:
    """By the matrix, or as severe as triage has it."""
    if isinstance(incident, Undeclared):
        return matrix
    facts = incident.facts
    named = facts.stated.severity is not None or bool(facts.alerts.claims)
    if named and (impact == UNKNOWN or facts.severity.outranks(matrix.severity)):
        return Ruling(facts.severity, "severity in triage")
    return matrix


def fold_declared(incident: Incident, event: e.Declared, actor: str) -> Open:
    """Out of triage, or from nothing."""
    about = About(
        number=event.number,
        title=event.title,
        summary=event.summary,
        services=event.services,
        kind=event.kind,
        origin=event.origin,
        declared=True,
        declared_by=actor,
    )
    stated = Stated(
        milestones=Milestones(
            impact_started_at=event.impact_started_at,
            detected_at=event.detected_at,
            declared_at=event.occurred_at,
        ),
        severity=event.severity,
        severity_at=event.occurred_at,
        decision=None if event.because else Decision(event.severity, by=event.held_by),
        moved_at=event.occurred_at,
        # A stated detection is not changed by an alert that comes in later.
        corrected=(Milestone.DETECTED,) if event.detected_at else (),
    )
    facts = Facts(
        about=about,
        severity=event.severity,
        milestones=stated.milestones,
        assessment=Assessment(event.impact, baseline=event.impact, matrix=event.matrix),
        stated=stated,
    )
    return Open(facts) if isinstance(incident, Undeclared) else _out_of_triage(incident, facts)


def _out_of_triage(incident: KnownIncident, fresh: Facts) -> Open:
    """What the declaration says anew, with what triage has found."""
    facts = settle(incident)
    assert not facts.about.declared, "an incident is declared once"
    about, known, said = facts.about, facts.stated, fresh.stated
    milestones = replace(
        known.milestones,
        declared_at=said.milestones.declared_at,
        impact_started_at=said.milestones.impact_started_at or known.milestones.impact_started_at,
        detected_at=said.milestones.detected_at or known.milestones.detected_at,
    )
    stated = replace(
        known,
        milestones=milestones,
        severity=said.severity,
        severity_at=latest_claim(facts, said.severity_at),
        decision=said.decision or known.decision,
        moved_at=latest(known.moved_at, said.moved_at),
        closed=False,
        closed_by=None,
        corrected=tuple(dict.fromkeys((*known.corrected, *said.corrected))),
    )
    facts = replace(
        facts,
        about=replace(
            fresh.about,
            number=about.number,
            services=fresh.about.services or about.services,
            duplicates=about.duplicates,
        ),
        severity=fresh.severity,
        assessment=fresh.assessment,
        milestones=milestones,
        stated=stated,
    )
    return Open(facts, stated.stage)
