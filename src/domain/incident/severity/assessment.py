"""What an assessment of the impact does: it is kept, and may raise the severity at once.

The matrix is asked at every assessment, the floors hold, and what has doubled is one level more.
Nothing that becomes known lowers the severity: that is for people to decide.
"""

from datetime import datetime

from msgspec import UNSET, structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.impact import Impact, merged
from domain.incident.severity.doubling import doubled, filled
from domain.incident.severity.floors import floor, floor_of_old
from domain.incident.severity.matrix import classify, demanded
from domain.incident.severity.ruling import Assessment, Demand
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.policy import Policy, Severity


def reassess_impact(
    command: c.ReassessImpact, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """The new assessment, and the upgrade that it triggers, if any."""
    stated = structs.asdict(command)
    del stated["occurred_at"]
    impact = merged(facts.assessment.impact, {k: v for k, v in stated.items() if v is not UNSET})
    if impact == facts.assessment.impact:
        return []
    policy = context.policy
    held = floor(impact, policy)
    events: list[IncidentEvent] = [
        e.ImpactReassessed(
            occurred_at=at,
            impact=impact,
            floor=held.severity if held else None,
            matrix=classify(impact, policy),
        )
    ]
    wanted = upgrade(facts.severity, facts.assessment.baseline, impact, policy)
    if wanted:
        events.append(raise_to(wanted, facts.severity, at, context))
    return events


def upgrade(severity: Severity, baseline: Impact, impact: Impact, policy: Policy) -> Demand | None:
    """The level that the escalation triggers or the matrix demand now, when it is above the present
    one: the most severe; of alike ones that of the floor, then that of the matrix.
    """
    held = floor(impact, policy)
    demands = (
        held if held and held.severity.outranks(severity) else None,
        demanded(severity, baseline, impact, policy),
        doubled(severity, baseline, impact, policy.doubling_factor),
    )
    return min((each for each in demands if each), key=lambda each: each.severity, default=None)


def raise_to(
    wanted: Demand, previous: Severity, at: datetime, context: Context
) -> e.SeverityUpgraded:
    """The automatic upgrade that follows from the first event of the same command."""
    automatic = Automatic(
        rule=wanted.rule,
        policy_version=context.policy.version,
        caused_by=event_id(context.command_id, 0),
    )
    return e.SeverityUpgraded(
        occurred_at=at,
        severity=wanted.severity,
        previous=previous,
        reason=wanted.because,
        automatic=automatic,
    )


def fold_impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """A floor that holds is decided, so that no alert goes below what it has just met."""
    facts, known = incident.facts, incident.facts.stated.severity
    assessment = Assessment(
        impact=event.impact,
        baseline=filled(facts.assessment.baseline, event.impact),
        matrix=event.matrix,
    )
    least = event.floor or floor_of_old(event.impact)
    if least and (known is None or least.outranks(known)):
        stated = structs.replace(facts.stated, severity=least)
        return with_facts(incident, assessment=assessment, stated=stated)
    return with_facts(incident, assessment=assessment)
