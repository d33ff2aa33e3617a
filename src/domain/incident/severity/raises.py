"""Which raises follow from what is known of an incident's impact, from a time on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import asdict, replace

from domain.incident.impact import UNKNOWN, Impact
from domain.incident.severity.course import (
    Assessment,
    Statements,
    Turn,
    baseline_at,
    decided_on,
    filled,
    impact_at,
    instants,
    rebased,
    stated,
)
from domain.incident.severity.doubling import doubled
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify, demanded
from domain.incident.severity.outcome import LOWEST, Raise, declared_as, outcome_of
from domain.incident.severity.ruling import Demand, Ruling
from domain.incident.severity.statements import impacts
from domain.incident.state import Facts
from domain.policy import Policy, Severity


class Review(NamedTuple):
    """The raises that there are (`found`), those of them that are not recorded yet, and the
    recorded ones that there would not have been. `declared`: that it was declared without a level,
    and how severe it was then, where that was not known.
    """

    found: Sequence[Raise]
    new: list[Raise]
    unfounded: list[Turn]
    declared: tuple[Turn, Ruling] | None = None

    def level_at(self, at: datetime) -> Severity | None:
        """To what the last raise up to a time has come."""
        levels = [each.demand.severity for each in self.found if each.at <= at]
        return levels[-1] if levels else None


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
    turn, last = known.deciding, known.last_of(statements)
    now = impact_at(statements) if last is None else replace(known.impact, **stated(last.changes))
    had = _had_before(known, turn) if last and not last.taken_over else None
    if had is None or turn is None:
        had = _had_at(turn, statements, policy)
    else:
        had = min((had, *_wanted(turn, decided_on(statements, turn), now, policy)))
    held, ruling = floor(now, policy), classify(now, policy)
    says = [turn.severity] if turn else [] if ruling.doubt else [ruling.severity]
    says += [held.severity] if held else []
    return had if had and all(had.outranks(level) for level in says) else None


def _had_before(known: Assessment, turn: Turn | None) -> Severity | None:
    """Likewise, before one more was stated: what it was at, if that is not more severe. None: it is
    to be worked out, as little is known since the turn.
    """
    if turn is None or not known.statements or known.statements[-1].at <= turn.at:
        return None
    if any(each.taken_over for each in known.statements):
        return None
    return min(filter(None, (known.kept, known.floor, turn.severity)))


def _had_at(turn: Turn | None, statements: Statements, policy: Policy) -> Severity | None:
    """The most severe that floors and the matrix have wanted since a turn, whatever alerts say."""
    base, found = decided_on(statements, turn), list[Severity]()
    for each, impact in impacts(statements):
        if turn and each.at <= turn.at:
            continue
        if each.taken_over:
            base = rebased(base, each)
        else:
            found += _wanted(turn, base, impact, policy)
    return min(found, default=None)


def _wanted(turn: Turn | None, base: Impact, impact: Impact, policy: Policy) -> Iterator[Severity]:
    """What floors and the matrix want of an impact, since a turn that was decided on a `base`."""
    held, ruling = floor(impact, policy), classify(impact, policy)
    if held:
        yield held.severity
    if turn is None and not ruling.doubt:  # it counts as long as nobody has decided
        yield ruling.severity
    if wanted := demanded(turn.severity if turn else LOWEST, base, impact, policy):
        yield wanted.severity


def review(facts: Facts, statements: Statements, at: datetime, policy: Policy) -> Review:
    """What is recorded from a time on, beside what follows from these statements."""
    before, of_people = _before_decision(facts, statements, at, policy)
    later = _raises_from(facts, statements, at, policy)
    recorded = _recorded_from(facts.assessment, at)
    found = compare(recorded, [*before, *later], [*of_people, *later])
    return found._replace(declared=_declared_now(facts, statements, at, policy))


def compare(
    recorded: Sequence[Turn],
    found: Sequence[Raise],
    noted: Iterable[Raise],
    told: Iterable[Raise] = (),
) -> Review:
    """The raises that are `found` beside those that are `recorded`. An event of its own is due to
    those that are `noted`, unless the line of an alert has `told` of them.
    """
    known = {(turn.at, turn.severity) for turn in recorded} | {each.mark for each in told}
    grounds = {each.mark for each in found}
    return Review(
        found,
        new=[each for each in noted if each.mark not in known],
        unfounded=[turn for turn in recorded if (turn.at, turn.severity) not in grounds],
    )


def _before_decision(
    facts: Facts, statements: Statements, at: datetime, policy: Policy
) -> tuple[list[Raise], list[Raise]]:
    """The raises from a time on before anybody had decided, and those that people brought."""
    first = facts.assessment.first_decision
    if first is None or first.at <= at:
        return [], []
    said = tuple(each for each in statements if each.at < first.at)
    outcome = outcome_of(facts, said, policy)
    return (
        [each for each in outcome.raises if each.at >= at],
        [each for each in outcome.of_people if each.at >= at],
    )


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
    first = known.first_decision
    if first is not None:
        start = max(start, first.at)
    standing = [
        turn for turn in known.turns if turn.at < start or (turn.at == start and not turn.follows)
    ]
    turn = standing[-1] if standing else None
    severity = turn.severity if turn else severity_at(facts, None, start)
    last = known.last_of(statements)
    if last and turn and turn.at < start == last.at and turn is known.deciding:
        baseline = known.baseline
    else:
        baseline = baseline_at(statements, turn, before=start)
    decisions = [turn for turn in known.turns if not turn.follows and turn.at > start]
    stated_at = {each.at: each for each in instants(statements)}
    taken_over = {at: each for at, each in stated_at.items() if each.taken_over}
    if turn and turn.names_none and turn.at == start:
        severity = declared_as(facts, statements, start, policy).severity
        baseline = decided_on(statements, turn)
    decided_then = first is not None and start == first.at
    asked = (start,) if start in stated_at or start > at or decided_then else ()
    for place in (*asked, *(each for each in stated_at if each > start)):
        while decisions and decisions[0].at <= place:  # made in view of what was so then
            turn = decisions.pop(0)
            severity, baseline = turn.severity, decided_on(statements, turn)
        weighed = baseline
        if turn is None and not found:
            severity, weighed = severity_at(facts, None, place), UNKNOWN
        before = tuple(each for each in statements if each.at < place)
        had = None if found else _had(known, turn, before, policy)
        now = min((severity, *_claimed(facts, turn, place), *filter(None, (had,))))
        impact = impact_at(statements, place)
        if place in taken_over:  # the merge has weighed it
            baseline = rebased(baseline, taken_over[place])
            continue
        if wanted := upgrade(now, weighed, baseline, impact, policy):
            found.append(Raise(place, now, wanted))
            severity, baseline = wanted.severity, impact
        else:
            baseline = filled(baseline, asdict(impact))
    return found


def _declared_now(
    facts: Facts, statements: Statements, at: datetime, policy: Policy
) -> tuple[Turn, Ruling] | None:
    """What is known now of the time before it was declared, where that named no level."""
    turn = facts.assessment.first_decision
    if turn is None or not turn.names_none or turn.at < at:
        return None
    wanted = declared_as(facts, statements, turn.at, policy)
    return None if wanted.severity is turn.severity else (turn, wanted)


def _had(
    known: Assessment, turn: Turn | None, before: Statements, policy: Policy
) -> Severity | None:
    found = _had_before(known, turn) if before == known.statements else None
    return found or _had_at(turn, before, policy)


def severity_at(facts: Facts, turn: Turn | None, at: datetime) -> Severity:
    """How severe it was at a time, decided by a turn before that, if any, and by alerts since. Of
    the time before any alert claimed something, nothing is known but what the first one claimed.
    """
    decided = turn.severity if turn else None
    claimed = [*_claimed(facts, turn, at), *([decided] if decided else [])]
    return min(claimed) if claimed else facts.began_as


def _claimed(facts: Facts, turn: Turn | None, at: datetime) -> Iterator[Severity]:
    """What alerts have claimed since a turn, up to a time."""
    for claim in facts.alerts.named_at(at) if turn else facts.alerts.claims:
        if claim.at <= at and (turn is None or claim.at > turn.settles):
            yield Severity(claim.value)
