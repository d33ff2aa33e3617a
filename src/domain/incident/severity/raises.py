"""Which raises follow from what is known of an incident's impact, from a time on."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from domain.incident.impact import UNKNOWN, Impact
from domain.incident.severity.course import (
    Assessment,
    Statements,
    Turn,
    baseline_at,
    decided_on,
    filled,
    impact_at,
    impacts,
    instants,
    rebased,
)
from domain.incident.severity.doubling import doubled
from domain.incident.severity.floors import floor
from domain.incident.severity.growth import Step, grown
from domain.incident.severity.matrix import classify, demanded
from domain.incident.severity.ruling import Demand
from domain.incident.state import Facts
from domain.policy import Policy, Severity

LOWEST = max(Severity)


class Raise(NamedTuple):
    """That a rule raises the severity at a time."""

    at: datetime
    previous: Severity
    demand: Demand


class Review(NamedTuple):
    """The raises that there are from a time on (`found`), those of them that are not recorded yet,
    and the recorded ones that there would not have been.
    """

    found: list[Raise]
    new: list[Raise]
    unfounded: list[Turn]


def upgrade(
    severity: Severity, weighed: Impact, baseline: Impact, impact: Impact, policy: Policy
) -> Demand | None:
    """The level that the escalation triggers or the matrix demand now, when it is above the present
    one: the most severe; of alike ones that of the floor, then that of the matrix. What was
    `weighed` as somebody decided is not asked about again.
    """
    held = floor(impact, policy)
    demands = (
        held if held and held.severity.outranks(severity) else None,
        demanded(severity, weighed, impact, policy),
        doubled(severity, baseline, impact, policy.doubling_factor),
    )
    return min((each for each in demands if each), key=lambda each: each.severity, default=None)


def kept(known: Assessment, statements: Statements, policy: Policy) -> Severity | None:
    """What floors and the matrix have had it at since the last decision or raise, where neither it
    nor they say so any more: alerts claimed as much, so that there was nothing to raise. What
    becomes known lowers nothing, so it holds until somebody decides.
    """
    turn = known.turns[-1] if known.turns else None
    had = _had_at(turn, statements, policy)
    now = impact_at(statements)
    held, ruling = floor(now, policy), classify(now, policy)
    says = [turn.severity] if turn else [] if ruling.doubt else [ruling.severity]
    says += [held.severity] if held else []
    return had if had and all(had.outranks(level) for level in says) else None


def _had_at(turn: Turn | None, statements: Statements, policy: Policy) -> Severity | None:
    """The most severe that floors and the matrix have wanted since a turn, whatever alerts say."""
    base, found = decided_on(statements, turn), list[Severity]()
    for each, impact in impacts(statements):
        if turn and each.at <= turn.at:
            continue
        if each.taken_over:
            base = rebased(base, each)
            continue
        held, ruling = floor(impact, policy), classify(impact, policy)
        found += [held.severity] if held else []
        if turn is None and not ruling.doubt:  # it counts as long as nobody has decided
            found.append(ruling.severity)
        if wanted := demanded(turn.severity if turn else LOWEST, base, impact, policy):
            found.append(wanted.severity)
    return min(found, default=None)


def review(facts: Facts, statements: Statements, at: datetime, policy: Policy) -> Review:
    """What is recorded from a time on, beside what follows from these statements."""
    found = _raises_from(facts, statements, at, policy)
    recorded = _recorded_from(facts.assessment, at)
    grounds = {(each.at, each.demand.severity) for each in found}
    known = {(turn.at, turn.severity) for turn in recorded}
    known |= _doublings(facts)
    return Review(
        found,
        new=[each for each in found if (each.at, each.demand.severity) not in known],
        unfounded=[turn for turn in recorded if (turn.at, turn.severity) not in grounds],
    )


def _doublings(facts: Facts) -> set[tuple[datetime, Severity]]:
    """The raises that no event says: what alerts state has doubled."""
    steps = grown(facts, facts.assessment.statements)
    return {(each.at, each.demand.severity) for each in steps if each.demand}


def _recorded_from(known: Assessment, at: datetime) -> list[Turn]:
    """The automatic raises from a time on."""
    start = _start(known, at)
    return [turn for turn in known.turns if turn.follows and turn.at >= start]


def _start(known: Assessment, at: datetime) -> datetime:
    """Where it was declared from nothing, what is told of the time before counts from there."""
    return max(at, known.turns[0].at) if known.turns and known.initial is None else at


def _raises_from(facts: Facts, statements: Statements, at: datetime, policy: Policy) -> list[Raise]:
    """The raises from a time on, given these statements, as if all had been told when it was so."""
    known, found = facts.assessment, list[Raise]()
    start = _start(known, at)
    standing = [
        turn for turn in known.turns if turn.at < start or (turn.at == start and not turn.follows)
    ]
    turn = standing[-1] if standing else None
    severity = severity_at(facts, turn, start)
    steps = {each.at: each for each in grown(facts, statements)}
    baseline = baseline_at(statements, turn, before=start)
    reached, baseline = _grown_before(start, steps.values(), turn, baseline)
    decisions = [turn for turn in known.turns if not turn.follows and turn.at > start]
    stated_at = {each.at: each for each in instants(statements)}
    taken_over = {at: each for at, each in stated_at.items() if each.taken_over}
    asked = (start,) if start in stated_at or start > at else ()
    for place in (*asked, *(each for each in stated_at if each > start)):
        while decisions and decisions[0].at <= place:  # made in view of what was so then
            turn = decisions.pop(0)
            severity, baseline = turn.severity, decided_on(statements, turn)
        weighed = baseline
        if turn is None and not found:
            severity, weighed = severity_at(facts, None, place), UNKNOWN
        before = tuple(each for each in statements if each.at < place)
        had = None if found else _had_at(turn, before, policy)
        severity = min((severity, reached, *_claimed(facts, turn, place), *filter(None, (had,))))
        impact = impact_at(statements, place)
        if place in taken_over:  # the merge has weighed it
            baseline = rebased(baseline, taken_over[place])
            continue
        step = steps.get(place)
        if step and step.by_alert:
            wanted = _beside(step.demand, severity, weighed, impact, policy)
            reached = min(reached, step.demand.severity) if step.demand else reached
        else:
            wanted = upgrade(severity, weighed, baseline, impact, policy)
        if wanted:
            found.append(Raise(place, severity, wanted))
            severity, baseline = wanted.severity, impact
        else:
            grew = step is not None and step.demand is not None
            baseline = impact if grew else filled(baseline, _figures(impact))
    return found


def _grown_before(
    start: datetime, steps: Iterable[Step], turn: Turn | None, baseline: Impact
) -> tuple[Severity, Impact]:
    """How severe what alerts state had it before a time, as it had doubled, and what later figures
    are compared with.
    """
    reached = LOWEST
    for step in steps:
        if step.at >= start:
            break
        reached = min(reached, step.demand.severity) if step.demand else reached
        if reached is not LOWEST and (turn is None or turn.at < step.at):
            baseline = step.baseline
    return reached, baseline


def _beside(
    doubled_: Demand | None, severity: Severity, weighed: Impact, impact: Impact, policy: Policy
) -> Demand | None:
    """What is wanted as an alert states it: whether it has doubled, the set of alerts says."""
    wanted = upgrade(severity, weighed, UNKNOWN, impact, policy)
    if doubled_ is None or not doubled_.severity.outranks(severity):
        return wanted
    return min((doubled_, wanted or doubled_), key=lambda each: each.severity)


def _figures(impact: Impact) -> dict[str, object]:
    return {name: getattr(impact, name) for name in impact.__struct_fields__}


def severity_at(facts: Facts, turn: Turn | None, at: datetime) -> Severity:
    """How severe it was at a time, decided by a turn before that, if any, and by alerts since. Of
    the time before any alert claimed something, nothing is known but what the first one claimed.
    """
    decided = turn.severity if turn else None
    claimed = [*_claimed(facts, turn, at), *([decided] if decided else [])]
    if claimed:
        return min(claimed)
    if facts.alerts.claims:
        return Severity(min(facts.alerts.claims, key=lambda claim: claim.at).value)
    return facts.assessment.initial or facts.severity


def _claimed(facts: Facts, turn: Turn | None, at: datetime) -> Iterator[Severity]:
    """What alerts have claimed since a turn, up to a time."""
    for claim in facts.alerts.claims:
        if claim.at <= at and (turn is None or claim.at > turn.settles):
            yield Severity(claim.value)
