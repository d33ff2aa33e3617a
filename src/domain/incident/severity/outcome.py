"""What all that people state of an impact and alerts claim comes to, while nobody has decided.

It follows from the set of all that is stated and claimed, never from the order of telling: each
word that is heard of late is weighed with all the others. Whoever decides ends that.
Brief, "Escalation Triggers": "Impact scope doubles → upgrade one level".
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from domain.incident.impact import UNKNOWN, Impact
from domain.incident.severity.course import (
    Statement,
    Statements,
    filled,
    impact_at,
    instants,
    rebased,
    stated,
    stated_of,
)
from domain.incident.severity.doubling import doubled
from domain.incident.severity.floors import MATRIX, floor
from domain.incident.severity.matrix import classify, demanded
from domain.incident.severity.ruling import Demand, Growth, Ruling
from domain.incident.state import Facts, in_triage
from domain.policy import Policy, Severity

LOWEST = max(Severity)


class Raise(NamedTuple):
    """That a rule raises the severity at a time. `undecided`: nobody has decided on it by then."""

    at: datetime
    previous: Severity
    demand: Demand
    undecided: bool = False

    @property
    def mark(self) -> tuple[datetime, Severity]:
        """By what it is found again among the turns."""
        return (self.at, self.demand.severity)


class Outcome(NamedTuple):
    """What floors and the matrix have `had` it at, what has `doubled`, the figures that later ones
    are compared with, and the raises: `of_people` are those at times of which people state
    something.
    """

    had: Severity | None
    doubled: Demand | None
    baseline: Impact
    raises: tuple[Raise, ...] = ()
    of_people: tuple[Raise, ...] = ()

    def kept(self, says: Iterable[Severity]) -> Severity | None:
        """What it was had at, where nothing that `says` as much holds any more."""
        return self.had if self.had and all(self.had.outranks(each) for each in says) else None

    def growth(self, policy: Policy) -> Growth:
        """As an event records it."""
        level = self.doubled.severity if self.doubled else None
        return Growth(policy.doubling_factor, doubled=level, baseline=self.baseline)


def outcome_of(facts: Facts, statements: Statements, policy: Policy) -> Outcome:
    """What all of it comes to, where nobody has decided."""
    sweep, claims = _Sweep(policy), _Claims(facts)
    for each in instants(statements):
        before = claims.until(each.at)
        sweep.step(each, before, claims.until(each.at, inclusive=True))
    return sweep.outcome()


def outcome_of_last(facts: Facts, heard: Facts, new: Statement, policy: Policy) -> Outcome | None:
    """What one more statement comes to beside `facts`, `heard` with what the same alert claims, if
    it is about a time after all that is known, as most are: what was so before stays. None: weigh
    all of them.
    """
    known, claims = facts.assessment, facts.alerts.claimed
    if new.taken_over or not (known.weighed and known.statements and claims):
        return None
    if new.at <= max(known.statements[-1].at, *(claim.at for claim in claims)):
        return None
    sweep = _Sweep(policy)
    sweep.had = min(filter(None, (known.kept, *known.says)), default=None)
    sweep.doubled = Demand(known.doubled, "", "") if known.doubled else None
    sweep.base, sweep.known = known.baseline, stated_of(known.impact)
    before = Severity(min(claim.value for claim in claims))
    sweep.step(new, before, Severity(min(claim.value for claim in heard.alerts.claimed)))
    return sweep.outcome()


def claimed_at(facts: Facts, at: datetime) -> Severity:
    """What alerts had claimed at a time."""
    return _Claims(facts).until(at, inclusive=True)


def declared_as(facts: Facts, statements: Statements, at: datetime, policy: Policy) -> Ruling:
    """How severe it is as somebody declares it at a time, and names no level: by the matrix, or as
    severe as it was by all that is known of the time before.
    """
    said = tuple(each for each in statements if each.at <= at)
    impact, found = impact_at(said), outcome_of(facts, said, policy)
    matrix = classify(impact, policy)
    levels = [found.had, found.doubled.severity if found.doubled else None]
    first = facts.alerts.first
    heard_by = max(at, first[0]) if first else at
    if any(claim.at <= heard_by for claim in claims_of(facts)):
        levels.append(claimed_at(facts, at))
    level = min(filter(None, levels), default=None)
    if level is None or not (impact == UNKNOWN or level.outranks(matrix.severity)):
        return matrix
    return Ruling(level, "severity in triage" if in_triage(facts) else "severity of its alerts")


class _Sweep:
    """What is stated, looked at in the order in which it was so."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.had: Severity | None = None
        self.doubled: Demand | None = None
        self.base, self.decided_on = UNKNOWN, UNKNOWN
        self.known: dict[str, Any] = {}
        self.raises: list[Raise] = []
        self.of_people: list[Raise] = []

    def step(self, each: Statement, before: Severity, then: Severity) -> None:
        """What is stated of one time, as alerts had claimed so much just `before`, and `then`."""
        self.known.update(stated(each.changes))
        if each.taken_over:  # the merge has weighed it
            self.base = rebased(self.base, each)
            self.decided_on = rebased(self.decided_on, each)
            return
        impact = Impact(**self.known)
        wanted = list(self._wanted(impact))
        before = self._reached(before)
        grown = doubled(before, self.base, impact, self.policy.doubling_factor)
        demand = min((*wanted, *([grown] if grown else [])), key=_level, default=None)
        raises = demand is not None and demand.severity.outranks(before)
        self.base = impact if raises else filled(self.base, self.known)
        if demand:
            self._note(each, demand, self._reached(then))
        if wanted:
            self.had = min(filter(None, (self.had, *map(_level, wanted))))
        if grown and (self.doubled is None or grown.severity.outranks(self.doubled.severity)):
            self.doubled = grown

    def _wanted(self, impact: Impact) -> Iterator[Demand]:
        held, ruling = floor(impact, self.policy), classify(impact, self.policy)
        if held:
            yield held
        if not ruling.doubt:
            yield Demand(ruling.severity, MATRIX, ruling.because)
        if more := demanded(LOWEST, self.decided_on, impact, self.policy):
            yield more

    def _reached(self, level: Severity) -> Severity:
        reached = self.doubled.severity if self.doubled else None
        return min(filter(None, (level, self.had, reached)))

    def _note(self, each: Statement, demand: Demand, so: Severity) -> None:
        if demand.severity.outranks(so):
            found = Raise(each.at, so, demand, undecided=True)
            self.raises.append(found)
            if not each.by_alert:
                self.of_people.append(found)

    def outcome(self) -> Outcome:
        """What it has come to."""
        raises = tuple(self.raises), tuple(self.of_people)
        return Outcome(self.had, self.doubled, self.base, *raises)


def _level(demand: Demand) -> Severity:
    return demand.severity


class _Claims:
    """What alerts had claimed at each of several times, which are asked for in their order. What is
    claimed as the first of them is heard of counts before that as well; where that claims nothing,
    what nobody has assessed counts until one does.
    """

    def __init__(self, facts: Facts) -> None:
        self._before_any = facts.assessment.initial or facts.severity
        self._found, self._next = sorted(claims_of(facts)), 0
        self._named: dict[int, Severity] = {}
        self._urgent: dict[int, Severity] = {}
        if facts.alerts.first:
            self.until(facts.alerts.first[0], inclusive=True)

    def until(self, at: datetime, *, inclusive: bool = False) -> Severity:
        """Just before a time, or then as well."""
        while self._next < len(self._found):
            claim = self._found[self._next]
            if claim.at > at or (claim.at == at and not inclusive):
                break
            by_member = self._named if claim.named else self._urgent
            by_member[claim.member] = Severity(claim.value)
            self._next += 1
        levels = {*self._named.values()}
        levels |= {self._urgent[it] for it in self._urgent.keys() - self._named.keys()}
        return min(levels, default=self._before_any)


class AlertClaim(NamedTuple):
    """What a member claims from a time on, by its priority (`named`) or its urgency."""

    at: datetime
    rank: int
    event_id: str
    value: str
    member: int
    named: bool


def claims_of(facts: Facts) -> Iterator[AlertClaim]:
    """All that alerts have ever claimed."""
    for place, member in enumerate(facts.alerts.members):
        for claims, named in ((member.priorities, True), (member.urgencies, False)):
            for it in claims:
                yield AlertClaim(it.at, it.rank, it.event_id, it.value, place, named)
