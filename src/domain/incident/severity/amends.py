"""Statements about the impact that are put right, and what that does to the severity.

What was stated wrongly is as if the right had been stated then. Where that calls for a higher
severity, it is raised at once. It is never lowered: a raise that has lost its ground stays, as
somebody has acted on it, until a person decides (the matrix says what it says now).
"""

from datetime import datetime

from msgspec.structs import replace

from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes, Impact
from domain.incident.severity.assessment import upgraded
from domain.incident.severity.course import (
    Statements,
    Turn,
    amended,
    impact_at,
    known_of,
    stated,
)
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.raises import review
from domain.incident.severity.ruling import ImpactRuled, Raised
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.decider import Context
from domain.policy import Severity


def rule(
    facts: Facts, statements: Statements, at: datetime, context: Context
) -> tuple[ImpactRuled, list[IncidentEvent]]:
    """What the matrix makes of these statements, and the raises that follow from a time on."""
    policy, impact = context.policy, impact_at(statements)
    _, new, kept = review(facts, statements, at, policy)
    raised = [
        each
        for each in new
        if all(each.demand.severity.outranks(turn.severity) for turn in kept if turn.at <= each.at)
    ]
    held = floor(impact, policy)
    ruled = ImpactRuled(
        classify(impact, policy),
        held.severity if held else None,
        tuple(Raised(turn.at, turn.severity) for turn in kept),
    )
    return ruled, [upgraded(each, context) for each in raised]


def fold_ruled(
    incident: KnownIncident,
    ruled: ImpactRuled,
    at: datetime,
    was: Changes,
    now: Changes | None,
    now_at: datetime,
) -> KnownIncident:
    """The course of the impact as it was, as far as is known now."""
    known = incident.facts.assessment
    kept = {(each.at, each.severity) for each in ruled.kept}
    turns = tuple(_kept(turn, kept, was, now) for turn in known.turns)
    found = replace(known, matrix=ruled.matrix, floor=ruled.floor)
    statements = amended(known.statements, at, was, now, now_at)
    # The severity stays until the event that raises it, which comes with this one.
    return with_facts(incident, assessment=found.following(statements=statements, turns=turns))


def _kept(
    turn: Turn, kept: set[tuple[datetime, Severity]], was: Changes, now: Changes | None
) -> Turn:
    """A raise that is kept counts as a decision; what was declared, was so on the right figures."""
    if turn.automatic and (turn.at, turn.severity) in kept:
        turn = replace(turn, automatic=False)
    if turn.baseline is None or not stated(was):
        return turn
    known, said = stated(known_of(turn.baseline)), stated(was)
    if not said.items() <= known.items():
        return turn
    rest = {name: value for name, value in known.items() if name not in said}
    return replace(turn, baseline=Impact(**rest, **(stated(now) if now else {})))
