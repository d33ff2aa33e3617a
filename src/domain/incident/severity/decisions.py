"""What responders decide on the severity, and up to when that settles what alerts claim."""

from datetime import datetime

from msgspec import structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.severity.floors import floor
from domain.incident.state import Assessment, Facts, KnownIncident, with_facts
from domain.incident.times import latest
from domain.kernel.refusal import Refused
from domain.policy import Policy


def change_severity(
    command: c.ChangeSeverity, facts: Facts, at: datetime, policy: Policy
) -> list[IncidentEvent]:
    """A responder's decision, never below a floor that still holds. Naming the severity that alerts
    have brought makes it one.
    """
    if command.severity is facts.severity is facts.stated.severity:
        return []
    held = floor(facts.assessment.impact, policy)
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


def fold_severity(
    incident: KnownIncident, event: e.SeverityChanged | e.SeverityUpgraded
) -> KnownIncident:
    """It was decided on, in view of the impact as it was then."""
    facts = incident.facts
    impact, decided_at = facts.assessment.impact, latest_claim(facts, event.occurred_at)
    return with_facts(
        incident,
        severity=event.severity,
        assessment=Assessment(impact, baseline=impact),
        stated=structs.replace(facts.stated, severity=event.severity, severity_at=decided_at),
    )


def latest_claim(facts: Facts, decided_at: datetime | None) -> datetime | None:
    """Up to when what alerts claim is settled by a decision on the severity at this time."""
    at = latest(facts.stated.severity_at, decided_at)
    claims = [member.claims[-1].at for member in facts.alerts.members if member.claims]
    return latest(at, max(claims)) if claims else at
