"""Impact and severity while the incident goes on.

Source: brief, "Escalation Triggers (auto-upgrade severity)".
"""

from datetime import datetime

from msgspec import UNSET, structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.impact import merged
from domain.incident.matrix import Floor, floor, upgrade
from domain.incident.state import Facts
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import Severity


def reassess_impact(
    command: c.ReassessImpact, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """The new assessment, and the upgrade that it triggers, if any."""
    stated = structs.asdict(command)
    del stated["occurred_at"]
    impact = merged(facts.impact, {k: v for k, v in stated.items() if v is not UNSET})
    if impact == facts.impact:
        return []
    events: list[IncidentEvent] = [e.ImpactReassessed(occurred_at=at, impact=impact)]
    demanded = upgrade(facts.severity, facts.baseline, impact)
    if demanded:
        events.append(upgraded(demanded, facts.severity, at, context))
    return events


def upgraded(
    demanded: Floor, previous: Severity, at: datetime, context: Context
) -> e.SeverityUpgraded:
    """The automatic upgrade that follows from the first event of the same command."""
    automatic = Automatic(
        rule=demanded.rule,
        policy_version=context.policy.version,
        caused_by=event_id(context.command_id, 0),
    )
    return e.SeverityUpgraded(
        occurred_at=at,
        severity=demanded.severity,
        previous=previous,
        reason=demanded.because,
        automatic=automatic,
    )


def change_severity(command: c.ChangeSeverity, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A responder's decision, never below a floor that still holds. Naming the severity that alerts
    have brought makes it one.
    """
    if command.severity is facts.severity is facts.decided:
        return []
    held = floor(facts.impact)
    if held and held.severity.outranks(command.severity):
        raise Refused(
            "severity.below_floor",
            f"{facts.reference} may not be put below {held.severity}: {held.because}",
            field="severity",
            rule=f"{held.rule}: reassess the impact first, if this no longer holds",
        )
    return [
        e.SeverityChanged(
            occurred_at=at,
            severity=command.severity,
            previous=facts.severity,
            reason=command.reason,
        )
    ]
