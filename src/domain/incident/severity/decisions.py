"""What responders decide on the severity, and up to when that settles what alerts claim."""

from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.severity.assessment import following
from domain.incident.severity.citing import redeclares, turns_after
from domain.incident.severity.course import (
    Assessment,
    Turn,
    decided_on,
    impact_at,
    just_after,
    turned,
)
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.raises import kept, severity_at
from domain.incident.severity.ruling import HIGHEST, Decision, Ruling
from domain.incident.severity.standing import latest_claim, with_course
from domain.incident.severity.turns import (
    decided,
    decided_then,
    open_again,
    redeclared,
    turn_at,
    without,
)
from domain.incident.state import Facts, Incident, KnownIncident, Undeclared
from domain.kernel.commit import EPOCH
from domain.kernel.decider import UNKNOWN, Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.text import behind_colon, clock_s
from domain.policy import Severity


def change_severity(
    command: c.ChangeSeverity, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """A responder's decision, never below a floor that holds then. Naming the present severity is
    one as well: it is kept with its reason, and made in view of what is known of the impact then.
    """
    known, policy = facts.assessment, context.policy
    if command.occurred_at is None:
        at = just_after(at, known.statements, known.turns)
    if _is_said_again(command, facts, at):
        return []
    check_alone(command.severity, facts, at)
    impact = impact_at(known.statements, at)
    held = floor(impact, policy)
    if held and held.severity.outranks(command.severity):
        raise Refused(
            "severity.below_floor",
            f"{facts.reference} may not be put below {held.severity}: {held.because}",
            field="severity",
            rule=f"{held.rule}: reassess the impact first, if this no longer holds",
        )
    matrix = classify(impact, policy)
    turn = turn_at(known.turns, at)
    is_last = not known.turns or turn is known.turns[-1]
    changed = e.SeverityChanged(
        occurred_at=at,
        severity=command.severity,
        previous=facts.severity if is_last else severity_at(facts, turn, at),
        reason=command.reason,
        matrix=matrix,
        held_by=holder(command.severity, matrix, context),
        decided_by=None if context.actor == UNKNOWN else context.actor,
    )
    after, since = _since(changed, facts, context)
    return [replace(changed, keeps=kept(after, known.statements, policy)), *since]


def check_alone(severity: Severity, facts: Facts, at: datetime) -> None:
    """Of two decisions of one instant the more severe counts, whichever was told first."""
    other = decided_then(facts.assessment.turns, at)
    if other is not None and other.severity.outranks(severity):
        raise Refused(
            "severity.decided_then",
            f"{facts.reference} was decided to be {other.severity} at {clock_s(at)} as well"
            f"{behind_colon(other.reason)}",
            field="occurred_at",
            rule="Of two decisions of one moment the more severe counts; say a later time, or none"
            " for now.",
        )


def _since(
    changed: e.SeverityChanged, facts: Facts, context: Context
) -> tuple[Assessment, list[IncidentEvent]]:
    """What follows from what has been so since then, as if the decision had been told then."""
    at, known = changed.occurred_at, facts.assessment
    turn = Turn(at, changed.severity, at, Decision(changed.severity, changed.reason))
    known = replace(known, turns=decided(known.turns, turn))
    events = following(replace(facts, assessment=known), known.statements, at, context)
    return replace(known, turns=turns_after(known.turns, events)), events


def _is_said_again(command: c.ChangeSeverity, facts: Facts, at: datetime) -> bool:
    """The same decision for the same reason, of the same time or of the same impact."""
    known, said = facts.assessment, (command.severity, command.reason)
    if command.occurred_at is not None:
        then = [turn.decision for turn in known.turns if turn.at == at and turn.decision]
        return any(said == (decision.severity, decision.reason) for decision in then)
    decision = facts.stated.decision
    return (
        command.severity is facts.severity is facts.stated.severity
        and decision is not None
        and said == (decision.severity, decision.reason)
        and decided_on(known.statements, known.turns[-1]) == known.impact
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
    known, decision = (
        incident.facts.assessment,
        Decision(event.severity, event.reason, event.decided_by or event.held_by),
    )
    at, settles = _placed(incident.facts, event.occurred_at, in_order=event.matrix is None)
    turn = Turn(at, event.severity, settles, decision)
    turns = (turned if event.matrix is None else decided)(known.turns, turn)
    is_last = turns[-1].decision is decision and at >= _last_statement(known)
    matrix = event.matrix if event.matrix and is_last else known.matrix
    found = replace(known, matrix=matrix, kept=event.keeps).following(turns=turns)
    return with_course(incident, found, floored=None)


def fold_upgraded(incident: KnownIncident, event: e.SeverityUpgraded) -> KnownIncident:
    """A rule has, in view of the impact as it was then; what people had decided is kept in mind."""
    known = incident.facts.assessment
    if redeclares(event):
        turns = redeclared(known.turns, event.occurred_at, event.severity)
        return with_course(incident, known.following(turns=turns))
    at, settles = _placed(incident.facts, event.occurred_at, in_order=known.in_order)
    before = [turn.settles for turn in known.turns if turn.at <= at]
    settles = max(settles, *before) if before else settles
    merged = event.automatic.rule == HIGHEST
    turn = Turn(
        at,
        event.severity,
        settles,
        automatic=True,
        taken_over=merged,
        undecided=event.undecided,
    )
    return with_course(incident, known.following(turns=turned(known.turns, turn)))


def fold_withdrawn(incident: KnownIncident, event: e.SeverityRaiseWithdrawn) -> KnownIncident:
    """It is as if that had not been; of two that were merged, the level of the other stays."""
    known = incident.facts.assessment
    turns = without(known.turns, event.occurred_at, event.withdrawn)
    if redeclares(event):
        turns = redeclared(known.turns, event.occurred_at, event.severity)
    if event.remains:
        turns = tuple(
            each if each in turns else replace(each, severity=event.severity)
            for each in known.turns
        )
    return with_course(incident, known.following(turns=open_again(known, turns)))


def _placed(facts: Facts, at: datetime, *, in_order: bool) -> tuple[datetime, datetime]:
    """From when on something was decided, and up to when that settles what alerts claimed. To
    earlier releases it was so from when it was recorded, and in view of all that was known.
    """
    if not in_order:
        return at, at
    known = facts.assessment
    latest_turn = known.turns[-1].at if known.turns else at
    return max(at, latest_turn, _last_statement(known)), latest_claim(facts, at)


def _last_statement(known: Assessment) -> datetime:
    return known.statements[-1].at if known.statements else EPOCH
