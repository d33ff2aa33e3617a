"""What becomes of the severity as more is known, while nobody has decided on it.

It is as all that is known has it. What that comes to, the event of each word records; where a
person says it, raises are events beside it, and so is that one of them has lost its ground.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.severity.citing import taken_back, turns_after, upgraded
from domain.incident.severity.course import Assessment, Statement, Turn
from domain.incident.severity.growth import Outcome, Raise, claimed_at, outcome_of, outcome_of_last
from domain.incident.severity.ruling import Growth
from domain.incident.severity.standing import standing
from domain.incident.state import Facts
from domain.kernel.decider import Context
from domain.policy import Policy, Severity


class Weighing(NamedTuple):
    """What an event records of `all` that is known with it, the events beside it, and the facts
    `after` all of them. `stands`: how severe it is, where none of them raises it to that.
    """

    all: Outcome
    growth: Growth
    keeps: Severity | None
    stands: Severity | None
    events: list[IncidentEvent]
    after: Facts


def weigh_all(
    before: Facts, heard: Facts, context: Context, by: str, new: Statement | None = None
) -> Weighing:
    """What follows from what is `heard`: other statements, with what the matrix and floors make of
    them now, or other claims. `new` is the statement, if one more was heard.
    """
    found, events = _compared(before, heard, new, context, by)
    growth = found.growth(context.policy)
    keeps = found.kept(list(_says(heard.assessment)))
    after = with_growth(replace(heard.assessment, kept=keeps), growth)
    after = replace(after, turns=turns_after(after.turns, events))
    told = replace(heard, assessment=after)
    now = standing(told)
    raised = any(isinstance(each, e.SeverityUpgraded) and each.severity is now for each in events)
    stands = now if now.outranks(before.severity) and not raised else None
    return Weighing(found, growth, keeps, stands, events, replace(told, severity=now))


def falls(weighing: Weighing, before: Facts, context: Context, by: str) -> list[IncidentEvent]:
    """That it is less severe now, where no raise is taken back that says so."""
    now, known = weighing.after.severity, weighing.events
    if any(isinstance(each, e.SeverityRaiseWithdrawn) for each in known):
        return []
    if not before.severity.outranks(now):
        return []
    had = outcome_of(before, before.assessment.statements, context.policy).raises
    of = [each.at for each in had if each.demand.severity is before.severity]
    at = next(iter((*of, *(each.at for each in had))), before.assessment.statements[-1].at)
    return [taken_back(before.severity, now, at, by, context)]


def with_growth(known: Assessment, growth: Growth) -> Assessment:
    """What all that is known comes to, as an event records it."""
    if growth.baseline is None:
        return known
    return replace(known, doubled=growth.doubled, baseline=growth.baseline, weighed=True)


def _says(known: Assessment) -> Iterator[Severity]:
    """What the matrix and floors have it at now."""
    if known.matrix and not known.matrix.doubt:
        yield known.matrix.severity
    if known.floor:
        yield known.floor


def _compared(
    before: Facts, heard: Facts, new: Statement | None, context: Context, by: str
) -> tuple[Outcome, list[IncidentEvent]]:
    """What it comes to, with the raises that are not recorded yet, and the recorded ones that there
    would not have been.
    """
    policy = context.policy
    last = outcome_of_last(before, heard, new, policy) if new else None
    if last is not None:
        return last, [*_upgrades(_noted(last, new), context)]
    found = outcome_of(heard, heard.assessment.statements, policy)
    recorded = [turn for turn in heard.assessment.turns if turn.follows]
    known = {(turn.at, turn.severity) for turn in recorded} | _levels(before, policy)
    missing = [each for each in _noted(found, new) if _level(each) not in known]
    grounds = {_level(each) for each in found.raises}
    gone = [turn for turn in recorded if (turn.at, turn.severity) not in grounds]
    return found, [
        *_upgrades(missing, context),
        *(taken_back(it.severity, _stays(it, found, heard), it.at, by, context) for it in gone),
    ]


def _noted(found: Outcome, new: Statement | None) -> tuple[Raise, ...]:
    """The line of an alert says what it raises itself."""
    return found.of_people if new is None or new.by_alert else found.raises


def _upgrades(found: tuple[Raise, ...] | list[Raise], context: Context) -> Iterator[IncidentEvent]:
    return (upgraded(each, context) for each in found)


def _levels(facts: Facts, policy: Policy) -> set[tuple[object, Severity]]:
    return {_level(each) for each in outcome_of(facts, facts.assessment.statements, policy).raises}


def _level(found: Raise) -> tuple[object, Severity]:
    return (found.at, found.demand.severity)


def _stays(turn: Turn, found: Outcome, heard: Facts) -> Severity:
    """What it was at then, as far as is known now."""
    before = [each.demand.severity for each in found.raises if each.at <= turn.at]
    return before[-1] if before else claimed_at(heard, turn.at)
