"""What alerts' figures that have doubled make of an incident on whose severity nobody has decided.

It follows from the set of what is stated and claimed, never from the order of telling: as long as
nobody has decided, no event says so, and each alert that is heard of late is weighed with all.
Brief, "Escalation Triggers": "Impact scope doubles → upgrade one level".
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from domain.incident.impact import UNKNOWN, Impact
from domain.incident.severity.course import (
    Statements,
    Turns,
    filled,
    instants,
    rebased,
    stated,
)
from domain.incident.severity.doubling import doubled, multiplied
from domain.incident.severity.ruling import Demand
from domain.incident.state import Facts
from domain.policy import Severity


class Step(NamedTuple):
    """What was stated at a time, `by_alert` or by people alone, and the figures that later ones are
    compared with; `demand`: what it wants as it has doubled and alerts state it.
    """

    at: datetime
    baseline: Impact
    demand: Demand | None
    by_alert: bool


def is_decided(turns: Turns) -> bool:
    """Whether a person has said how severe it is, with the declaration or since."""
    return any(not turn.automatic for turn in turns)


def compares(facts: Facts, statements: Statements | None = None) -> bool:
    """Whether figures of alerts are compared, for nobody has decided."""
    known = facts.assessment
    said = known.statements if statements is None else statements
    return any(each.factor for each in said) and not is_decided(known.turns)


def grown(facts: Facts, statements: Statements) -> list[Step]:
    """What is stated at each time, where nobody has decided, with what has doubled. Figures of
    people are compared as well; what they raise, events say.
    """
    if not compares(facts, statements):
        return []
    factor = next(each.factor for each in statements if each.factor)
    return list(_steps(facts, statements, factor))


def level(facts: Facts) -> Severity | None:
    """How severe what has doubled has it."""
    steps = grown(facts, facts.assessment.statements)
    return min((each.demand.severity for each in steps if each.demand), default=None)


def demand_of_level(facts: Facts) -> Demand:
    """By what figures it is as severe as what has doubled has it: the first that make it so.

    Raises:
        ValueError: nothing has doubled
    """
    steps = grown(facts, facts.assessment.statements)
    return min((each.demand for each in steps if each.demand), key=lambda demand: demand.severity)


def _steps(facts: Facts, statements: Statements, factor: float) -> Iterator[Step]:
    base, had = UNKNOWN, dict[str, Any]()
    reached: Severity | None = None
    for each in instants(statements):
        had.update(stated(each.changes))
        if each.taken_over:
            base = rebased(base, each)
            continue
        impact, factor, demand = Impact(**had), each.factor or factor, None
        if multiplied(base, impact, factor):
            before = _before(facts, each.at)
            demand = doubled(min(before, reached or before), base, impact, factor)
        if demand:
            reached, base = demand.severity, impact
        else:
            base = filled(base, had)
        yield Step(each.at, base, demand if each.factor else None, by_alert=bool(each.factor))


def _before(facts: Facts, at: datetime) -> Severity:
    """What alerts had claimed just before a time; before any did, what the first one claimed."""
    known = facts.assessment
    before = min(_claimed_before(facts, at), default=None)
    if before is None and facts.alerts.claimed:
        before = Severity(min(facts.alerts.claims).value)
    return before or known.initial or facts.severity


def _claimed_before(facts: Facts, at: datetime) -> Iterator[Severity]:
    for member in facts.alerts.members:
        if member.first_at >= at:
            continue
        for claims in (member.priorities, member.urgencies):
            last = next((claim for claim in reversed(claims) if claim.at < at), None)
            if last is not None:
                yield Severity(last.value)
                break
