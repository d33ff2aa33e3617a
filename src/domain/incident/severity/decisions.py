"""What responders decide on the severity, and up to when that settles what alerts claim."""

from datetime import datetime

from msgspec import structs

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.ruling import Assessment, Decision, Ruling
from domain.incident.state import Facts, Incident, KnownIncident, Undeclared, with_facts
from domain.incident.times import latest
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.policy import Severity


def change_severity(
    command: c.ChangeSeverity, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """A responder's decision, never below a floor that still holds. Naming the present severity is
    one as well: it is kept with its reason, and made in view of what is known of the impact now.
    """
    if _is_said_again(command, facts):
        return []
    impact, policy = facts.assessment.impact, context.policy
    held = floor(impact, policy)
    if held and held.severity.outranks(command.severity):
        raise Refused(
            "severity.below_floor",
            f"{facts.reference} may not be put below {held.severity}: {held.because}",
            field="severity",
            rule=f"{held.rule}: reassess the impact first, if this no longer holds",
        )
    matrix = classify(impact, policy)
    return [
        e.SeverityChanged(
            occurred_at=at,
            severity=command.severity,
            previous=facts.severity,
            reason=command.reason,
            matrix=matrix,
            held_by=holder(command.severity, matrix, context),
        )
    ]


def _is_said_again(command: c.ChangeSeverity, facts: Facts) -> bool:
    """The same decision for the same reason, of the same impact."""
    decision, assessment = facts.stated.decision, facts.assessment
    return (
        command.severity is facts.severity is facts.stated.severity
        and decision is not None
        and (decision.severity, decision.reason) == (command.severity, command.reason)
        and assessment.baseline == assessment.impact
    )


def holder(severity: Severity, matrix: Ruling, context: Context) -> str | None:
    """Who holds an incident below what the matrix says; None: nobody does."""
    return context.actor if matrix.severity.outranks(severity) else None


def remark_on_severity(_: object, incident: Incident) -> tuple[Remark, ...]:
    """What to reconsider about a command that leaves the incident below what the matrix says."""
    said = None if isinstance(incident, Undeclared) else incident.facts.held
    return (Remark(BELOW_MATRIX, said, BELOW_MATRIX_RULE),) if said else ()


BELOW_MATRIX = "severity.below_matrix"
BELOW_MATRIX_RULE = (
    "The severity follows from the impact by the matrix; a lower one is somebody's decision, with a"
    " reason."
)


def fold_changed(incident: KnownIncident, event: e.SeverityChanged) -> KnownIncident:
    """Somebody has decided, in view of the impact as it was then."""
    decision = Decision(event.severity, event.reason, event.held_by)
    decided = _fold_severity(incident, event, decision)
    assessment = decided.facts.assessment
    if event.matrix is None:
        return decided
    return with_facts(decided, assessment=structs.replace(assessment, matrix=event.matrix))


def fold_upgraded(incident: KnownIncident, event: e.SeverityUpgraded) -> KnownIncident:
    """A rule has, in view of the impact as it was then; what people had decided is kept in mind."""
    return _fold_severity(incident, event, incident.facts.stated.decision)


def _fold_severity(
    incident: KnownIncident,
    event: e.SeverityChanged | e.SeverityUpgraded,
    decision: Decision | None,
) -> KnownIncident:
    facts = incident.facts
    known, decided_at = facts.assessment, latest_claim(facts, event.occurred_at)
    stated = structs.replace(
        facts.stated, severity=event.severity, severity_at=decided_at, decision=decision
    )
    return with_facts(
        incident,
        severity=event.severity,
        assessment=Assessment(known.impact, baseline=known.impact, matrix=known.matrix),
        stated=stated,
    )


def latest_claim(facts: Facts, decided_at: datetime | None) -> datetime | None:
    """Up to when what alerts claim is settled by a decision on the severity at this time."""
    at = latest(facts.stated.severity_at, decided_at)
    claims = [member.claims[-1].at for member in facts.alerts.members if member.claims]
    return latest(at, max(claims)) if claims else at
