"""Statements about the impact that are put right, and what that does to the severity.

What was stated wrongly is as if the right had been stated then, or nothing. Where that calls for a
higher severity, it is raised at once; what had been raised by it alone, or declared by the matrix
alone, is taken back by an event of its own, which is told. What people have decided stands.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.impact import UNKNOWN, Changes, Impact
from domain.incident.severity.assessment import following, masking
from domain.incident.severity.citing import CORRECTED, taken_back, turns_after
from domain.incident.severity.course import (
    Assessment,
    Statements,
    Turn,
    impact_at,
    stated,
    stated_of,
)
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.outcome import declared_as
from domain.incident.severity.raises import kept, severity_at
from domain.incident.severity.ruling import ImpactRuled
from domain.incident.severity.standing import standing
from domain.incident.severity.statements import amended
from domain.incident.severity.undecided import falls, weigh_all, with_growth
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.incident.times import INSTANT
from domain.kernel.decider import Context
from domain.policy import Policy, Severity


class PutRight(NamedTuple):
    """What `was` stated of the impact from a time (`was_at`) on, and what is to stand instead: None
    is nothing. `declares`: it was stated with the declaration, whose baseline it is.
    """

    was: Changes
    was_at: datetime
    now: Changes | None
    now_at: datetime
    declares: bool = False

    def of(self, statements: Statements) -> Statements:
        """These statements, with the right one."""
        return amended(statements, self.was_at, self.was, self.now, self.now_at)

    def is_ground(self, turn: Turn) -> bool:
        """Whether it was declared so in view of these figures."""
        if not self.declares or not stated(self.was):
            return False
        if turn.baseline is None:  # in view of all that was so then
            return turn.declares
        return stated(self.was).items() <= stated_of(turn.baseline).items()

    def baseline(self, turn: Turn) -> Impact | None:
        """What was declared, was so on the right figures."""
        if turn.baseline is None:
            return None
        said, known = stated(self.was), stated_of(turn.baseline)
        rest = {name: value for name, value in known.items() if name not in said}
        return Impact(**{**rest, **(stated(self.now) if self.now else {})})

    def declared_as(self, turn: Turn, severity: Severity | None) -> Turn:
        """With the level that the matrix has it declared with, where nobody had named one."""
        if severity is None or turn.decision is not None or not self.is_ground(turn):
            return turn
        return replace(turn, severity=severity)


def rule(facts: Facts, said: PutRight, context: Context) -> tuple[ImpactRuled, list[IncidentEvent]]:
    """What the matrix makes of the impact once it is put right, and what becomes of the severity
    from the earlier of both times on.
    """
    policy, at, known = context.policy, min(said.was_at, said.now_at), facts.assessment
    statements = said.of(known.statements)
    impact = impact_at(statements)
    held, declared = floor(impact, policy), _declared_anew(facts, said, policy)
    ruled = ImpactRuled(
        classify(impact, policy), held.severity if held else None, declared=declared
    )
    if known.undecided:
        return _undecided(facts, said, ruled, context)
    # What people have named, they have named in view of what was said then.
    seen = replace(known, turns=tuple(said.declared_as(turn, declared) for turn in known.turns))
    events = following(replace(facts, assessment=seen), statements, at, context, by=CORRECTED)
    after = replace(_ruled(known, ruled, said), statements=statements)
    keeps = kept(replace(after, turns=turns_after(after.turns, events)), statements, policy)
    after = replace(after, kept=keeps)
    ruled = replace(ruled, stands=masking(ruled.floor, facts, events), keeps=keeps)
    return ruled, [*events, *fallen(facts, after, events, at, context)]


def _undecided(
    facts: Facts, said: PutRight, ruled: ImpactRuled, context: Context
) -> tuple[ImpactRuled, list[IncidentEvent]]:
    known = _ruled(facts.assessment, ruled, said)
    known = replace(known, statements=said.of(known.statements))
    found = weigh_all(facts, replace(facts, assessment=known), context, CORRECTED)
    ruled = replace(ruled, stands=found.stands, keeps=found.keeps, growth=found.growth)
    return ruled, [*found.events, *falls(found, facts, context, CORRECTED)]


def _declared_anew(facts: Facts, said: PutRight, policy: Policy) -> Severity | None:
    """The level that it would have been declared with, if nobody had named one; None: as it was."""
    turns = facts.assessment.turns
    for place, turn in enumerate(turns):
        if turn.decision is not None or not said.is_ground(turn):
            continue
        impact = said.baseline(turn)
        if impact is None:
            found = declared_as(
                facts, said.of(facts.assessment.statements), turn.at, policy
            ).severity
            return None if found is turn.severity else found
        found = classify(impact, policy).severity
        if place or facts.alerts.claims:
            before = severity_at(facts, turns[place - 1] if place else None, turn.at)
            found = before if impact == UNKNOWN else min(before, found)
        return None if found is turn.severity else found
    return None


def fallen(
    facts: Facts,
    known: Assessment,
    events: Iterable[IncidentEvent],
    at: datetime,
    context: Context,
) -> list[e.SeverityRaiseWithdrawn]:
    """That it is less severe now, where no raise is taken back that says so."""
    turns = turns_after(known.turns, events)
    now = standing(replace(facts, assessment=replace(known, turns=turns)))
    told = any(isinstance(each, e.SeverityRaiseWithdrawn) for each in events)
    if told or not facts.severity.outranks(now):
        return []
    while any(
        each.automatic and (each.at, each.severity) == (at, facts.severity) for each in turns
    ):
        at += INSTANT  # that raise has its ground; what falls is what a floor had on top of it
    return [taken_back(facts.severity, now, at, CORRECTED, context)]


def fold_ruled(incident: KnownIncident, ruled: ImpactRuled, said: PutRight) -> KnownIncident:
    """The course of the impact as it was, as far as is known now."""
    known = incident.facts.assessment
    found = _ruled(known, ruled, said)
    statements = said.of(known.statements)
    # The severity stays until the event that changes it, which comes with this one.
    told = with_facts(
        incident, assessment=found.following(statements=statements, turns=found.turns)
    )
    return with_facts(told, severity=standing(told.facts)) if ruled.stands else told


def _ruled(known: Assessment, ruled: ImpactRuled, said: PutRight) -> Assessment:
    decided = {(each.at, each.severity) for each in ruled.kept}
    turns: list[Turn] = []
    for turn in known.turns:
        if turn.automatic and (turn.at, turn.severity) in decided:
            turns.append(replace(turn, automatic=False))  # to them it counted as a decision
        elif said.is_ground(turn):
            declared = said.declared_as(turn, ruled.declared)
            turns.append(replace(declared, baseline=said.baseline(turn)))
        else:
            turns.append(turn)
    found = replace(
        known, matrix=ruled.matrix, floor=ruled.floor, kept=ruled.keeps, turns=tuple(turns)
    )
    return with_growth(found, ruled.growth) if ruled.growth else found
