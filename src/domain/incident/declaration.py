"""How an incident begins, and how it turns out to be another one."""

from datetime import datetime

from msgspec.structs import asdict

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.alert import severity_of
from domain.incident.events import IncidentEvent
from domain.incident.guards import past
from domain.incident.impact import UNKNOWN, Impact, merged
from domain.incident.matrix import Classified, classify, floor
from domain.incident.severity import upgraded
from domain.incident.state import Incident, Triage, Undeclared
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
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
    held = floor(impact)
    if held is None or not held.severity.outranks(severity):
        return [declared]
    return [declared, upgraded(held, severity, at, context)]


def _classified(impact: Impact, incident: Undeclared | Triage, policy: Policy) -> Classified:
    by_matrix = classify(impact, policy)
    if isinstance(incident, Undeclared):
        return by_matrix
    facts = incident.facts
    named = facts.decided is not None or bool(facts.alerts.claims)
    if named and (impact == UNKNOWN or facts.severity.outranks(by_matrix.severity)):
        return Classified(facts.severity, "severity in triage")
    return by_matrix


def receive_alert(
    command: c.ReceiveAlert, incident: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Take note of an alert. It is one fact, whatever it changes: see `alerts`."""
    number = context.number if isinstance(incident, Undeclared) else incident.facts.number
    return [
        e.AlertReceived(
            occurred_at=at,
            alert=command.alert,
            policy_version=context.policy.version,
            severity=severity_of(command.alert, context.policy),
            number=number,
            unassessed=context.policy.unassessed,
        )
    ]


def merge(command: c.Merge, context: Context, at: datetime) -> list[IncidentEvent]:
    """End here; the executor has replaced a reference by the id, and gives its number along."""
    if not context.number:
        raise Refused("incident.unknown", "there is no incident to merge into", field="into")
    return [
        e.Merged(
            occurred_at=at, into=command.into, into_number=context.number, reason=command.reason
        )
    ]
