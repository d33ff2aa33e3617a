"""What is recorded as more is known, while nobody has decided on the severity.

It is as all that is known has it (`outcome`). What that comes to, the event of each word records;
where a person says it, raises are events beside it, and so is that one of them has lost its ground.
"""

from typing import NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.severity.citing import taken_back, turns_after, upgraded
from domain.incident.severity.course import Assessment, Statement
from domain.incident.severity.outcome import Outcome, Raise, claimed_at, outcome_of, outcome_of_last
from domain.incident.severity.raises import compare
from domain.incident.severity.ruling import Growth
from domain.incident.severity.standing import standing
from domain.incident.state import Facts
from domain.kernel.decider import Context
from domain.policy import Severity


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
    keeps = found.kept(heard.assessment.says)
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


def _compared(
    before: Facts, heard: Facts, new: Statement | None, context: Context, by: str
) -> tuple[Outcome, list[IncidentEvent]]:
    """What it comes to, with the raises that are not recorded yet, and the recorded ones that there
    would not have been.
    """
    policy = context.policy
    last = outcome_of_last(before, heard, new, policy) if new else None
    if last is not None:
        return last, [upgraded(each, context) for each in _noted(last, new)]
    had = outcome_of(before, before.assessment.statements, policy)
    found = outcome_of(heard, heard.assessment.statements, policy)
    recorded = [turn for turn in heard.assessment.turns if turn.follows]
    known = compare(recorded, found.raises, _noted(found, new), told=had.raises)
    events: list[IncidentEvent] = [upgraded(each, context) for each in known.new]
    for turn in known.unfounded:
        stays = known.level_at(turn.at) or claimed_at(heard, turn.at)
        events.append(taken_back(turn.severity, stays, turn.at, by, context))
    return found, events


def _noted(found: Outcome, new: Statement | None) -> tuple[Raise, ...]:
    """The line of an alert says what it raises itself."""
    return found.of_people if new is None or new.by_alert else found.raises
