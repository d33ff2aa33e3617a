"""What the brief asks for at every step, whatever the clocks do."""

from collections.abc import Callable, Iterable
from typing import Any

from domain.incident import events as e
from domain.incident import state as s
from domain.incident.deadlines import events as k
from domain.kernel.commit import EPOCH
from simulation.contradictions import acknowledged_once, contradictions
from simulation.facts import (
    PUT_RIGHT,
    OwnBaseline,
    has_doubled,
    kept_whatever_pages_claim,
    of_merge,
    same_facts,
    states_impact,
    told_in_order,
    wanted,
    with_firsts,
)
from simulation.gates import gates
from simulation.matrix import floor, weighed
from simulation.record import Point
from simulation.rulebook import IN_DOUBT, LIVE_WITHIN, RULES, VERSION, minutes

Found = Iterable[tuple[int, str]]


def breaches(history: list[Point]) -> list[tuple[int, str]]:
    """All that is wrong, each with its place in the history."""
    return [found for check in CHECKS for found in check(history)]


ABOUT = ("hypothesis", "audiences", "tier")


def once(history: list[Point]) -> Iterable[tuple[int, str]]:
    """Nothing twice: rule, hypothesis and due time."""
    seen: set[tuple[Any, ...]] = set()
    for place, point in enumerate(history):
        event = point.event
        rule = getattr(event, "rule", None) or (
            event.automatic.rule if getattr(event, "automatic", None) else None
        )
        if rule is None or isinstance(event, e.SeverityUpgraded | e.SeverityRaiseWithdrawn):
            continue
        about = next(
            (found for name in ABOUT if (found := getattr(event, name, None)) is not None), None
        )
        key = (rule, about, event.due_at)
        if key in seen:
            yield place, f"twice: {point}"
        seen.add(key)


def cited(history: list[Point]) -> Found:
    """Each commit and each automatic decision says by which policy and rule."""
    for place, point in enumerate(history):
        automatic = getattr(point.event, "automatic", None)
        if point.commit.policy_version != VERSION:
            yield place, f"no policy: {point}"
        by_clock = isinstance(point.event, k.Timed | k.AllClear | k.Escalated)
        if by_clock and automatic and automatic.rule not in RULES:
            yield place, f"by no known rule: {point}"


def floors(history: list[Point]) -> Found:
    """Never less severe than what the impact demands."""
    for place, point in enumerate(history):
        last = place + 1 == len(history) or history[place + 1].commit is not point.commit
        facts = point.after.facts
        if last and facts.severity > floor(facts.assessment.impact):
            yield place, f"{facts.severity} is below {floor(facts.assessment.impact)}: {point}"


def matrix_asked(history: list[Point]) -> Found:
    """Each assessment says what the matrix makes of it, and so does each decision."""
    for place, point in enumerate(told_in_order(history)):
        if isinstance(point.event, e.Declared | e.ImpactReassessed | e.SeverityChanged):
            impact, said = point.after.facts.assessment.impact, point.event.matrix
            levels = [level for level, _ in weighed(impact).values()]
            due = min(floor(impact), *(levels or [IN_DOUBT]))
            if said is None or said.severity != due:
                yield place, f"the matrix says {due}, not {said}: {point}"


def held_by_somebody(history: list[Point]) -> Found:
    """Who goes below what the matrix says is on record, with a reason; nobody else is."""
    for place, point in enumerate(history):
        event = point.event
        if isinstance(event, e.SeverityChanged) and event.matrix:
            below = event.severity > event.matrix.severity
            if below != (event.held_by is not None) or not event.reason:
                yield place, f"held by {event.held_by}, below the matrix: {below}: {point}"


def never_lowered_by_itself(history: list[Point]) -> Found:
    """Only people, and the products that page, put a severity lower; a raise is taken back with its
    ground, such as a duplicate that was none."""
    for place, point in enumerate(told_in_order(history)):
        decides = e.SeverityChanged | e.Declared | e.AlertReceived | e.SeverityRaiseWithdrawn
        lowers = isinstance(point.event, decides)
        known = not isinstance(point.before, s.Undeclared)
        if known and not lowers and point.after.facts.severity > point.before.facts.severity:
            yield place, f"lowered from {point.before.facts.severity}: {point}"


def upgrades(history: list[Point]) -> Found:
    """A figure that doubles raises the severity, once, by one level; a floor, and what the matrix
    says of what is worse than before, raises it at once. Whoever says so: a monitor says as much
    as a person, as long as nobody has decided without an event of its own. What is unmerged is
    compared with its own figures again.
    """
    baseline: Any = None
    decided = False
    own = OwnBaseline()
    for place, point in enumerate(told_in_order(history)):
        impact = point.after.facts.assessment.impact
        baseline = own.after(point, baseline)
        by_person = isinstance(point.event, e.ImpactReassessed)
        goes_on = isinstance(point.before, s.Triage | s.Open | s.Closed)
        if by_person or (decided and goes_on and states_impact(point.event)):
            due = _wanted(baseline, point)
            beside = [
                each for each in history[place + 1 : place + 3] if each.commit is point.commit
            ]
            got = [each.event.severity.value for each in beside]
            if got != due and not of_merge(point) and own.known:
                yield place, f"raised to {got} instead of {due}: {point}"
        paged = not (by_person or decided) and goes_on and states_impact(point.event)
        if paged and has_doubled(baseline, impact):
            baseline = impact  # the page itself is more severe; no event says so
            if point.after.facts.severity.value == "SEV4":
                yield place, f"doubled, and as low as can be: {point}"
        if states_impact(point.event):
            baseline = with_firsts(baseline, impact)
        if isinstance(point.event, e.Declared | e.SeverityChanged | e.SeverityUpgraded):
            baseline = impact
        decided = decided or isinstance(point.event, e.Declared | e.SeverityChanged)


def _wanted(baseline: Any, point: Point) -> list[str]:
    severity = point.before.facts.severity.value
    found = wanted(severity, baseline, point.after.facts.assessment.impact)
    return [found] if found < severity else []


def told_in_retrospect(history: list[Point]) -> Found:
    """What is told days later tells nobody, and nothing else is told so."""
    for place, point in enumerate(history):
        told, event = point.commit, point.commit.events[0]
        if isinstance(event, k.Timed | k.Escalated | k.AllClear) and event.automatic:
            continue
        late = point.at - event.occurred_at > minutes(LIVE_WITHIN)
        if not isinstance(event, e.AlertReceived | PUT_RIGHT) and told.retold != late:
            yield place, f"told in retrospect: {told.retold} instead of {late}: {point}"


def quiet_when_acknowledged(history: list[Point]) -> Found:
    """Nobody is told that nobody answers while somebody does; nor of what is over."""
    for place, point in enumerate(history):
        event, before = point.event, point.before
        if not isinstance(event, k.Escalated) or event.automatic is None:
            continue
        matrix = event.automatic.rule == "escalation.severity"
        if before.facts.acknowledged and event.automatic.rule == "escalation.response_overdue":
            yield place, f"escalated after the acknowledgement: {point}"
        worse = matrix and isinstance(before, s.Closed)
        if not isinstance(before, s.Triage | s.Open) and not worse:
            yield place, f"escalated after the end: {point}"


def all_clears(history: list[Point]) -> Found:
    """Only of what is resolved, and by the rule once for each time that it is."""
    given = False
    for place, point in enumerate(history):
        if isinstance(point.event, k.AllClear):
            if not isinstance(point.before, s.Closed):
                yield place, f"all clear of what is not resolved: {point}"
            if given and point.event.automatic:
                yield place, f"all clear again: {point}"
            given = True
        elif not isinstance(point.after, s.Closed):
            given = False


def left_to_people(history: list[Point]) -> Found:
    """No alert ends what a person has taken on here, and not let go of by ending it."""
    taken = False
    for place, point in enumerate(history):
        event = point.event
        ended = isinstance(point.after, s.Closed) and not isinstance(point.before, s.Closed)
        if taken and ended and isinstance(event, e.AlertReceived):
            yield place, f"ended under its commander: {point}"
        taken = taken or isinstance(event, TAKES_ON | e.Reopened)
        taken = taken and not isinstance(event, e.Resolved | e.Canceled)


TAKES_ON = e.Declared | e.Acknowledged | e.RoleAssigned | e.Mitigated | e.ActionLogged


def plainly_read(history: list[Point]) -> Found:
    """Without alerts and merges, events alone say how it stands; the aggregate agrees."""
    phase, severity, acknowledged = "undeclared", "", False
    again_from = ended_at = EPOCH
    for place, point in enumerate(told_in_order(history)):
        event = point.event
        match event:
            case e.AlertReceived() | e.DuplicateAttached() | e.DuplicateDetached() | e.Unmerged():
                return
            case e.Declared() | e.SeverityChanged() | e.SeverityUpgraded():
                severity = event.severity.value
            case e.Acknowledged():
                acknowledged = acknowledged or event.occurred_at >= again_from
            case e.Resolved():
                ended_at = event.occurred_at
            case e.TimeCorrected(milestone=e.Milestone.RESOLVED, value=value):
                ended_at = value or EPOCH
            case e.DidNotHold() if phase == "Closed" and event.occurred_at >= ended_at:
                phase, acknowledged, again_from = "Open", False, event.occurred_at
            case e.Reopened():
                acknowledged, again_from = False, event.occurred_at
        phase = PHASES.get(type(event), phase)
        facts = point.after.facts
        shown = (type(point.after).__name__, facts.severity.value, facts.acknowledged)
        if shown != (phase, severity, acknowledged):
            yield place, f"{shown} instead of {(phase, severity, acknowledged)}: {point}"


PHASES = {
    e.Declared: "Open",
    e.Resolved: "Closed",
    e.Reopened: "Open",
    e.Canceled: "FalsePositive",
    e.Merged: "Duplicate",
}

CHECKS: list[Callable[[list[Point]], Found]] = [
    once,
    cited,
    gates,
    contradictions,
    acknowledged_once,
    floors,
    matrix_asked,
    held_by_somebody,
    never_lowered_by_itself,
    upgrades,
    same_facts,
    kept_whatever_pages_claim,
    told_in_retrospect,
    quiet_when_acknowledged,
    all_clears,
    left_to_people,
    plainly_read,
]
