"""How severe an incident is by what is known of it alone, in whatever order that was told.

Brief and policy.md once more, naively: all that was said, as it was put right, is lined up by when
it was so, and gone through from the beginning.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.incident import events as e
from domain.incident import state as s
from domain.incident.impact import Impact
from simulation.matrix import floor, level, weighed
from simulation.record import Point
from simulation.rulebook import BROKEN, IN_DOUBT

FIGURES = ("users_affected", "percent_affected", "scope", "regions", "tenants")
MERGES_AND_PAGES = e.AlertReceived | e.DuplicateAttached | e.DuplicateDetached
PUT_RIGHT = e.EntryCorrected | e.EntryRetracted


def wanted(severity: str, baseline: Any, impact: Any) -> str:
    """The level that growth since a decision asks for, or the present one."""
    levels = [severity, floor(impact), by_matrix(severity, baseline, impact)]
    if has_doubled(baseline, impact):
        levels.append(f"SEV{max(1, int(severity[3:]) - 1)}")
    return min(levels)


def has_doubled(baseline: Any, impact: Any) -> bool:
    """Whether any figure is twice what it was, or more."""
    if baseline is None:
        return False
    figures = ((getattr(baseline, name), getattr(impact, name)) for name in FIGURES)
    return any(old and new and new >= 2 * old for old, new in figures)


def by_matrix(severity: str, decided_on: Any, impact: Any) -> str:
    """The level that the matrix wants of what is worse than what the severity was decided on."""
    before = weighed(decided_on) if decided_on is not None else {}
    before = before or {"doubt": (IN_DOUBT, 0)}  # nothing was known: in doubt all the same
    worst = min((level for what, (level, _) in before.items() if what != "doubt"), default="SEV4")
    new = [
        level
        for what, (level, badness) in weighed(impact).items()
        if level <= worst and not (what in before and before[what][1] >= badness)
    ]
    return min([severity, *new])


def with_firsts(baseline: Any, impact: Any) -> Any:
    """The first figure that is known since the decision is what the next ones are compared to."""
    if baseline is None:
        baseline = Impact()
    firsts = {name: getattr(baseline, name) or getattr(impact, name) for name in FIGURES}
    kept = {name: value for name, value in firsts.items() if value}
    return replace(baseline, **kept)


def same_facts(history: list[Point]) -> Iterable[tuple[int, str]]:
    """At the end of each commit it is as severe as what is known of it makes it."""
    told = _Told()
    for place, point in enumerate(history):
        if isinstance(point.event, MERGES_AND_PAGES):
            return
        told.hear(point)
        last = place + 1 == len(history) or history[place + 1].commit is not point.commit
        if not last or isinstance(point.after, s.Duplicate):
            continue
        facts = point.after.facts
        if (now := told.impact()) != facts.assessment.impact:
            yield place, f"known is {facts.assessment.impact} instead of {now}: {point}"
        if (due := told.severity()) != facts.severity.value:
            yield place, f"{facts.severity.value} instead of {due} by the facts: {point}"


MERGES = e.DuplicateAttached | e.DuplicateDetached
DECIDED = e.Declared | e.SeverityChanged


def states_impact(event: Any) -> bool:
    """Whether somebody says what is so: a person, or a monitor."""
    if isinstance(event, e.AlertReceived):
        return event.alert.impact is not None
    return isinstance(event, e.ImpactReassessed)


def kept_whatever_pages_claim(history: list[Point]) -> Iterable[tuple[int, str]]:
    """What floors and the matrix have wanted holds until somebody decides, also where a page
    claimed as much then, so that nothing was raised, and claims less now.
    """
    due, decided, baseline = "SEV4", None, None
    for place, point in enumerate(told_in_order(history)):
        event, facts = point.event, point.after.facts
        if isinstance(event, MERGES):
            return
        if isinstance(event, DECIDED):
            due, decided, baseline = "SEV4", event.severity.value, facts.assessment.impact
        elif isinstance(event, e.SeverityUpgraded):
            decided, baseline = event.severity.value, facts.assessment.impact
        elif states_impact(event):
            impact = facts.assessment.impact
            levels = [due, floor(impact), by_matrix(decided or "SEV4", baseline, impact)]
            levels += [found for found in [level(impact)] if found and decided is None]
            due = min(levels)
        last = place + 1 == len(history) or history[place + 1].commit is not point.commit
        if last and not isinstance(point.after, s.Duplicate) and facts.severity.value > due:
            yield place, f"{facts.severity.value} where {due} was wanted before: {point}"


class _Told:
    def __init__(self) -> None:
        self.declared: Any = None
        self.stated: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self.decided: list[tuple[datetime, str]] = []

    def hear(self, point: Point) -> None:
        match point.event:
            case e.Declared() as event:
                self.declared = event
            case e.ImpactReassessed() as event:
                self.stated[point.id] = (event.occurred_at, _said(event.stated))
            case e.SeverityChanged() as event:
                self.decided.append((event.occurred_at, event.severity.value))
            case e.EntryRetracted(kind="impact_reassessed") as event:
                del self.stated[event.entry]
            case e.EntryCorrected(kind="impact_reassessed") as event:
                self.stated[event.entry] = (event.at, _said(event.impact))

    def _by_time(self) -> dict[datetime, dict[str, Any]]:
        """What is stated of each time; of what two say of one, the worse."""
        found: dict[datetime, dict[str, Any]] = {}
        begun = self.declared.occurred_at, _known(self.declared.impact)
        for at, said in (begun, *self.stated.values()):
            then = found.setdefault(at, {})
            for name, value in said.items():
                if name not in then or _badness(value) > _badness(then[name]):
                    then[name] = value
        return dict(sorted(found.items()))

    def impact(self, until: datetime | None = None) -> Impact:
        known: dict[str, Any] = {}
        for at, said in self._by_time().items():
            if until is None or at <= until:
                known |= said
        return Impact(**known)

    def severity(self) -> str:
        begun_at, severity = self.declared.occurred_at, self.declared.severity.value
        baseline, decisions = self.declared.impact, dict[datetime, str]()
        for at, named in self.decided:
            decisions[at] = min(named, decisions.get(at, named))
        times = {max(at, begun_at) for at in self._by_time()} | decisions.keys()
        for at in sorted(times):
            if at < begun_at:
                continue  # it was not decided on what nobody had declared
            impact = self.impact(at)
            if at in decisions:
                severity, baseline = decisions[at], impact
                continue
            raised = wanted(severity, baseline, impact)
            baseline = impact if raised < severity else with_firsts(baseline, impact)
            severity = raised
        return min(severity, floor(self.impact()))


def _said(changes: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(changes).items() if value is not UNSET}


def _known(impact: Impact) -> dict[str, Any]:
    return {name: value for name, value in asdict(impact).items() if value is not None}


def _badness(value: Any) -> tuple[bool, Any]:
    if value is None:
        return (False, 0)
    return (True, list(BROKEN).index(value.value) if hasattr(value, "value") else value)


def _is_moved_by_page(point: Point) -> bool:
    """Whether a page says another severity than it has."""
    if not isinstance(point.event, e.AlertReceived) or not isinstance(point.before, s.LIVE):
        return False
    return bool(point.before.facts.severity is not point.after.facts.severity)


def told_in_order(history: list[Point]) -> list[Point]:
    """The history up to where somebody tells of an earlier time, or takes something back; earlier
    than what a page has moved since is earlier, too.
    """
    latest: datetime | None = None
    for place, point in enumerate(history):
        event = point.event
        if isinstance(event, PUT_RIGHT) and event.ruled is not None:
            return history[:place]
        if isinstance(event, DECIDED) or states_impact(event):
            if latest is not None and event.occurred_at <= latest:
                return history[:place]
            latest = max(latest or event.occurred_at, event.occurred_at)
        elif _is_moved_by_page(point):
            latest = max(latest or event.occurred_at, event.occurred_at)
    return history


class OwnBaseline:
    """With what the figures of an incident are compared once another one is no part of it: with
    what they were before, unless more has been said meanwhile; then it is not `known` until
    somebody decides.
    """

    def __init__(self) -> None:
        self.known = True
        self.before: dict[str, Any] = {}

    def after(self, point: Point, baseline: Any) -> Any:
        """The baseline as of before this event."""
        event = point.event
        if isinstance(event, e.Declared | e.SeverityChanged):
            self.known, self.before = True, {}
        elif isinstance(event, e.DuplicateAttached):
            self.before[event.duplicate] = baseline
        elif isinstance(event, e.DuplicateDetached):
            self.known = self.known and len(self.before) == 1 and event.duplicate in self.before
            return self.before.pop(event.duplicate, baseline)
        elif isinstance(event, e.SeverityUpgraded) and _parts(point):
            self.known = False  # it was raised before that
        elif states_impact(event) and not of_merge(point):
            self.before = {}
        return baseline


def _parts(point: Point) -> bool:
    return any(isinstance(each, e.DuplicateDetached) for each in point.commit.events)


def of_merge(point: Point) -> bool:
    """What two incidents are together is no growth of one."""
    return any(isinstance(each, MERGES) for each in point.commit.events)
