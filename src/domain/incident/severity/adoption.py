"""How severe an incident is that alerts have opened, as somebody declares it.

Whoever says when that was has decided then: what was stated and claimed since is judged as if it
had been told afterwards, in whatever order it is. Whoever names no severity leaves it at what is
known of the time before.
"""

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes, Impact
from domain.incident.severity.assessment import following
from domain.incident.severity.citing import turns_after
from domain.incident.severity.course import (
    Assessment,
    Statement,
    Turn,
    add,
    impact_at,
    just_after,
)
from domain.incident.severity.decisions import check_alone
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.outcome import declared_as
from domain.incident.severity.raises import kept, severity_at
from domain.incident.severity.ruling import Adoption, Decision, Ruling
from domain.incident.severity.standing import latest_claim
from domain.incident.severity.turns import decided, turn_at
from domain.incident.state import Facts
from domain.kernel.decider import Context
from domain.policy import Severity


class Adopted(NamedTuple):
    """What the declaration says: the impact as it was then, what the matrix has it at, by what it
    is `classified`, its severity before, and the raises since.
    """

    adoption: Adoption
    impact: Impact
    matrix: Ruling
    classified: Ruling
    previous: Severity
    floor: Severity | None
    beside: list[IncidentEvent]


def adopt(
    severity: Severity | None,
    said: Changes,
    facts: Facts,
    at: datetime,
    context: Context,
    *,
    now: bool,
) -> Adopted:
    """A declaration of a `severity`, if it names one, at a time, or just after all that is known if
    it is so `now`.
    """
    known, policy = facts.assessment, context.policy
    if now:
        at = just_after(at, known.statements, known.turns)
    statements = add(known.statements, Statement(at, said))
    impact = impact_at(statements, at)
    matrix, held = classify(impact, policy), floor(impact, policy)
    previous = facts.severity if now else severity_at(facts, turn_at(known.turns, at), at)
    first = known.first_decision
    turn = None
    if severity is None and first is not None and first.at <= at:
        classified = Ruling(previous, "severity decided before")
    else:
        classified = declared_as(facts, statements, at, policy)
        decision = Decision(severity) if severity else None
        settles = latest_claim(facts, at) if now else at
        if severity:
            check_alone(severity, facts, at)
        turn = Turn(at, severity or classified.severity, settles, decision, declares=True)
    turns = decided(known.turns, turn) if turn else known.turns
    after = replace(known, statements=statements, turns=turns)
    beside = following(replace(facts, assessment=after), statements, at, context)
    so = impact_at(statements)
    holds = floor(so, policy)
    adoption = Adoption(
        at,
        said,
        classify(so, policy),
        turn.settles if turn else None,
        holds.severity if holds else None,
        kept(replace(after, turns=turns_after(turns, beside)), statements, policy),
    )
    level = held.severity if held else None
    return Adopted(adoption, impact, matrix, classified, previous, level, beside)


def fold_adoption(
    known: Assessment, event: e.Declared, adopted: Adoption, actor: str
) -> Assessment:
    """The course of its impact and severity, as declared then."""
    turns = known.turns
    if adopted.settles is not None:
        decision = None if event.because else Decision(event.severity, by=event.held_by or actor)
        turn = Turn(adopted.at, event.severity, adopted.settles, decision, declares=True)
        turns = decided(turns, turn)
    found = replace(known, matrix=adopted.matrix, floor=adopted.floor, kept=adopted.keeps)
    statements = add(known.statements, Statement(adopted.at, adopted.stated))
    return found.following(statements=statements, turns=turns)
