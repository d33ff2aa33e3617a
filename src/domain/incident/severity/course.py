"""The course of an incident's impact and severity, in the order in which things happened.

Whatever order they are told in, statements about the impact stand by when they were so, and so do
decisions on the severity: what holds is the latest by occurrence, and what is told of an earlier
time changes what is known of then.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.incident.impact import UNKNOWN, Changes, Impact
from domain.incident.severity.doubling import Measure
from domain.incident.severity.ruling import Decision, Ruling
from domain.incident.times import INSTANT
from domain.policy import Functionality, Severity


class Statement(msgspec.Struct, frozen=True):
    """What was so from then on. What was `taken_over` from another incident is no growth: it has
    been weighed there, and what comes later is compared with it. `by_alert`: an alert states it
    while nobody has decided.
    """

    at: datetime
    changes: Changes
    taken_over: bool = False
    by_alert: bool = False


class Turn(msgspec.Struct, frozen=True):
    """The severity from then on: by somebody's `decision`, or by a rule. It settles what alerts had
    claimed up to `settles`. `baseline` is what of the impact it was decided on; None: what is known
    of then. `taken_over`: that of another incident, which was merged into this one. `undecided`: a
    rule made it as nobody had decided; it settles nothing as long as nobody does. `declares`: it
    was declared so.
    """

    at: datetime
    severity: Severity
    settles: datetime
    decision: Decision | None = None
    automatic: bool = False
    baseline: Impact | None = None
    taken_over: bool = False
    undecided: bool = False
    declares: bool = False

    @property
    def follows(self) -> bool:
        """Whether it follows from what is known of the impact alone."""
        return self.automatic and not self.taken_over

    @property
    def names_none(self) -> bool:
        """Whether alerts had opened it, and whoever declared it left open how severe it is."""
        return self.declares and self.decision is None and self.baseline is None


Statements = tuple[Statement, ...]
Turns = tuple[Turn, ...]


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the impact, and what was known (`baseline`) as the severity was decided,
    with the first figures since. `matrix` is what the matrix said of it (None: no event says so),
    `floor` the level below which nobody may put it, `kept` what floors and the matrix have had it
    at since, `initial` the severity before anybody had named one. As long as nobody has decided,
    `doubled` is how severe what has doubled has it, and it was `weighed`, so that events say all
    that. `in_order`: it was told by an earlier release, to which what was told last was so last.
    """

    impact: Impact = UNKNOWN
    baseline: Impact = UNKNOWN
    matrix: Ruling | None = None
    floor: Severity | None = None
    kept: Severity | None = None
    initial: Severity | None = None
    doubled: Severity | None = None
    weighed: bool = False
    in_order: bool = False
    statements: Statements = ()
    turns: Turns = ()

    @property
    def undecided(self) -> bool:
        """Whether alerts opened it, and no person and no merge has decided how severe it is."""
        return self.initial is not None and all(turn.undecided for turn in self.turns)

    @property
    def declared(self) -> Turn | None:
        """As it was declared."""
        return next((turn for turn in self.turns if turn.declares), None)

    def known_at(self, turn: Turn | None, at: datetime) -> Impact:
        """What of the impact it was declared on, or what was so at a time."""
        return decided_on(self.statements, turn) if turn else impact_at(self.statements, at)

    @property
    def deciding(self) -> Turn | None:
        """The turn by which it is as severe as it is, whatever alerts claimed before; None: nobody
        has decided.
        """
        return None if self.undecided or not self.turns else self.turns[-1]

    @property
    def says(self) -> tuple[Severity, ...]:
        """What the matrix and floors have it at now."""
        by_matrix = self.matrix.severity if self.matrix and not self.matrix.doubt else None
        return tuple(filter(None, (by_matrix, self.floor)))

    def peak(self, now: Severity) -> Severity:
        """The highest severity that it has had up to the one of `now`, also before anybody had
        named one.
        """
        had = (self.initial, *(turn.severity for turn in self.turns), now)
        return min(filter(None, had))

    def following(self, **changes: Any) -> "Assessment":
        """With other statements or turns, and what follows from them."""
        found = replace(self, **changes)
        if "turns" in changes:
            found = _since_decided(found)
        if found.undecided and found.weighed and found.statements:
            return replace(found, impact=self._impact(found.statements))
        baseline = self._baseline(found.statements) if found.turns is self.turns else None
        return replace(
            found,
            impact=self._impact(found.statements),
            baseline=baseline or baseline_at(found.statements, found.deciding),
            doubled=None,
            weighed=False,
        )

    @property
    def first_decision(self) -> Turn | None:
        """That ends that alerts alone say how severe it is, if alerts opened it."""
        if self.initial is None:
            return None
        return next((turn for turn in self.turns if not turn.undecided), None)

    def is_open_at(self, at: datetime) -> bool:
        """Whether alerts had opened it, and nobody had decided on the severity by then."""
        first = self.first_decision
        return self.initial is not None and (first is None or at < first.at)

    def last_of(self, statements: "Statements") -> Statement | None:
        """The one that these have more, if it is of a time after all the others, as most are: what
        was so before stays.
        """
        known = self.statements
        if not known or len(statements) != len(known) + 1 or statements[-2] is not known[-1]:
            return None
        return statements[-1] if statements[-1].at > known[-1].at else None

    def _impact(self, statements: "Statements") -> Impact:
        last = self.last_of(statements)
        if last is None:
            return self.impact if statements is self.statements else impact_at(statements)
        return replace(self.impact, **stated(last.changes))

    def _baseline(self, statements: "Statements") -> Impact | None:
        """With the first figures of one more; None: look at all of them."""
        last, turn = self.last_of(statements), self.deciding
        if last is None or (turn and last.at <= turn.at):
            return None
        base = rebased(self.baseline, last)
        return filled(base, {**asdict(self.impact), **stated(last.changes)})


def _since_decided(known: Assessment) -> Assessment:
    """From the first decision on, it is all one whether an alert states it or a person."""
    first = known.first_decision
    if first is None:
        return known
    turns = tuple(
        replace(it, undecided=False) if it.undecided and it.at >= first.at else it
        for it in known.turns
    )
    statements = tuple(
        replace(it, by_alert=False) if it.by_alert and it.at >= first.at else it
        for it in known.statements
    )
    return replace(known, turns=turns, statements=tuple(sorted(statements, key=_place)))


def stated(changes: Changes) -> dict[str, Any]:
    """The fields that somebody has stated."""
    return {name: value for name, value in asdict(changes).items() if value is not UNSET}


def stated_of(impact: Impact) -> dict[str, Any]:
    """The fields of which anything is known."""
    return {name: value for name, value in asdict(impact).items() if value is not None}


def known_of(impact: Impact) -> Changes:
    """All that is known of an impact, as a statement."""
    return Changes(**stated_of(impact))


def add(statements: Statements, new: Statement) -> Statements:
    """With one more, in an order that is the same whatever was told first. What is stated of one
    instant stays apart, for any of it may be taken back.
    """
    if statements and new.at > statements[-1].at:
        return (*statements, new)
    return statements if new in statements else inserted(statements, new)


def inserted(statements: Statements, new: Statement) -> Statements:
    """With one more, wherever it belongs."""
    place = bisect_right(statements, _place(new), key=_place)
    return (*statements[:place], new, *statements[place:])


def _place(statement: Statement) -> tuple[datetime, str, bool, str]:
    said = sorted((name, repr(value)) for name, value in stated(statement.changes).items())
    return (statement.at, repr(said), statement.taken_over, repr(statement.by_alert))


def instants(statements: Iterable[Statement]) -> Iterator[Statement]:
    """What is stated of each instant, all in all: of several figures, the worse counts."""
    for at, of_one in groupby(statements, key=lambda each: each.at):
        first, *others = of_one
        if not others:
            yield first
            continue
        changes, taken_over, by_alert = first.changes, first.taken_over, first.by_alert
        for each in others:
            changes = _worse(changes, each.changes)
            taken_over = taken_over or each.taken_over
            by_alert = by_alert and each.by_alert
        yield Statement(at, changes, taken_over, by_alert)


_BROKEN = {kind: place for place, kind in enumerate(reversed(Functionality))}


def _worse(one: Changes, other: Changes) -> Changes:
    both, more = stated(one), stated(other)
    for name, value in more.items():
        if name not in both or badness(value) > badness(both[name]):
            both[name] = value
    return Changes(**both)


def badness(value: Any) -> tuple[bool, Any]:
    if value is None:
        return (False, 0)
    return (True, _BROKEN[value] if isinstance(value, Functionality) else value)


def turned(turns: Turns, new: Turn) -> Turns:
    """With one more; of several of one instant, that which was recorded last."""
    before = tuple(each for each in turns if each.at <= new.at)
    return (*before, new, *turns[len(before) :])


def impact_at(statements: Iterable[Statement], at: datetime | None = None) -> Impact:
    """What was so at a time, in the end if none is given, as far as is known now."""
    known: dict[str, Any] = {}
    for each in instants(statements):
        if at is not None and each.at > at:
            break
        known.update(stated(each.changes))
    return Impact(**known)


def baseline_at(
    statements: Statements, turn: Turn | None, before: datetime | None = None
) -> Impact:
    """What the severity was decided on at a turn, with the first figures since, up to `before`."""
    base, known = decided_on(statements, turn), dict[str, Any]()
    for each in instants(statements):
        if before is not None and each.at >= before:
            break
        known.update(stated(each.changes))
        if turn is None or each.at >= turn.at:
            base = filled(rebased(base, each), known)
    return base


def rebased(baseline: Impact, statement: Statement) -> Impact:
    """The baseline with the figures that were taken over from another incident."""
    return replace(baseline, **stated(statement.changes)) if statement.taken_over else baseline


def filled(baseline: Impact, known: Mapping[str, Any]) -> Impact:
    """The baseline with the figures that it has none of: the first one known since the severity was
    decided is that which counts.
    """
    missing = {
        measure.value: figure
        for measure in Measure
        if (figure := known.get(measure)) and not getattr(baseline, measure)
    }
    return replace(baseline, **missing) if missing else baseline


def decided_on(statements: Statements, turn: Turn | None) -> Impact:
    """What of the impact the severity was decided on."""
    if turn is None:
        return UNKNOWN
    return turn.baseline if turn.baseline is not None else impact_at(statements, turn.at)


def just_after(at: datetime, statements: Statements, turns: Turns) -> datetime:
    """That time, or just after all that is known: whoever says nothing of the time means now, also
    when their clock is behind.
    """
    latest = max((each[-1].at for each in (statements, turns) if each), default=None)
    return at if latest is None or at > latest else latest + INSTANT
