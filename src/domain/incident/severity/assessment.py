"""What an assessment of the impact does: it is kept, and may raise the severity at once.

The matrix is asked at every assessment, the floors hold, and what has doubled is one level more.
Nothing that becomes known lowers the severity: that is for people to decide. What is told of an
earlier time is judged as if it had been told then, and so is all that came after it.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.severity.citing import BACKFILLED, taken_back, turns_after, upgraded
from domain.incident.severity.course import (
    Assessment,
    Statement,
    Statements,
    Turn,
    add,
    impact_at,
    just_after,
    stated,
)
from domain.incident.severity.floors import floor, floor_of_old
from domain.incident.severity.matrix import classify
from domain.incident.severity.outcome import Raise
from domain.incident.severity.raises import Review, kept, review, severity_at
from domain.incident.severity.ruling import Demand, Ruling
from domain.incident.severity.standing import as_it_stands
from domain.incident.severity.statements import whole_of, without_brought
from domain.incident.severity.undecided import falls, weigh_all, with_growth
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.decider import Context
from domain.policy import Policy, Severity


def reassess_impact(
    command: c.ReassessImpact, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """What is so from a time on, and the upgrades that follow from it, if any. Said without a time
    of its own, what is known already is no news.
    """
    known = facts.assessment
    changes = Changes(**{name: getattr(command, name) for name in Changes.__struct_fields__})
    if command.occurred_at is None:
        at = just_after(at, known.statements, known.turns)
    statements = add(known.statements, Statement(at, changes))
    same = command.occurred_at is None and _is_known(known, changes, statements)
    if not stated(changes) or same or statements == known.statements:
        return []
    assessed = _assessed(statements, at, changes, context.policy)
    held = assessed.floor_now if assessed.matrix_now else assessed.floor
    after = replace(
        known, statements=statements, matrix=assessed.matrix_now or assessed.matrix, floor=held
    )
    if known.undecided:
        heard = replace(facts, assessment=after)
        found = weigh_all(facts, heard, context, BACKFILLED, Statement(at, changes))
        said = replace(assessed, stands=found.stands, keeps=found.keeps, growth=found.growth)
        return [said, *found.events, *falls(found, facts, context, BACKFILLED)]
    events = following(facts, statements, at, context)
    keeps = kept(replace(after, turns=turns_after(known.turns, events)), statements, context.policy)
    return [replace(assessed, stands=masking(held, facts, events), keeps=keeps), *events]


def _is_known(known: Assessment, changes: Changes, statements: Statements) -> bool:
    """Whether all that is stated is known already, and not of another incident alone."""
    if impact_at(statements) != known.impact:
        return False
    own = tuple(each for each in known.statements if not each.taken_over)
    if len(own) == len(known.statements):
        return True
    said = asdict(impact_at(own))
    return all(said[name] == value for name, value in stated(changes).items())


def masking(
    held: Severity | None, facts: Facts, events: Iterable[IncidentEvent]
) -> Severity | None:
    """The level of a floor that holds now, where what was decided is less severe and no raise of
    these events lifts it: they lie before that.
    """
    raises = any(isinstance(each, e.SeverityUpgraded) for each in events)
    return held if held and held.outranks(facts.severity) and not raises else None


def _assessed(
    statements: Statements, at: datetime, changes: Changes, policy: Policy
) -> e.ImpactReassessed:
    then, now = impact_at(statements, at), impact_at(statements)
    held, holds = floor(then, policy), floor(now, policy)
    assessed = e.ImpactReassessed(
        occurred_at=at,
        impact=then,
        floor=held.severity if held else None,
        matrix=classify(then, policy),
        stated=changes,
    )
    if then == now:
        return assessed
    return replace(
        assessed,
        floor_now=holds.severity if holds else None,
        matrix_now=classify(now, policy),
    )


def following(
    facts: Facts, statements: Statements, at: datetime, context: Context, by: str = BACKFILLED
) -> list[IncidentEvent]:
    """Which automatic raises there are from a time on that are not recorded yet, and which of the
    recorded ones there would not have been, `by` which rule.
    """
    found = review(facts, statements, at, context.policy)
    return [
        *([_declared_otherwise(*found.declared, by, context)] if found.declared else []),
        *(upgraded(each, context) for each in found.new),
        *(_unfounded(turn, found, facts, by, context) for turn in found.unfounded),
    ]


def _declared_otherwise(
    turn: Turn, known: Ruling, by: str, context: Context
) -> e.SeverityUpgraded | e.SeverityRaiseWithdrawn:
    """How severe it was as somebody declared it who named no level, as far as is known now."""
    if not known.severity.outranks(turn.severity):
        fell = taken_back(turn.severity, known.severity, turn.at, by, context)
        return replace(fell, declared=True)
    because = f"so severe as it was declared, by what is known now ({known.because})"
    demand = Demand(known.severity, BACKFILLED, because)
    return upgraded(Raise(turn.at, turn.severity, demand), context)


def _unfounded(
    turn: Turn, found: Review, facts: Facts, by: str, context: Context
) -> e.SeverityRaiseWithdrawn:
    """With what it was at then: by what had raised or decided it, or by what alerts claimed."""
    turns = facts.assessment.turns
    before = [each for each in turns if each.at < turn.at or not each.follows]
    stays = found.level_at(turn.at) or (before or [turn])[-1].severity
    if before:
        stays = min(stays, severity_at(facts, before[-1], turn.at))
    return taken_back(turn.severity, stays, turn.at, by, context)


def fold_impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """It was so from then on."""
    known = incident.facts.assessment
    if event.stated is None:
        return _fold_in_order(incident, event)
    stated_then = Statement(event.occurred_at, event.stated, event.taken_over)
    if event.given_back or not stated(event.stated):
        statements = without_brought(known.statements, event.given_back)
    else:
        statements = add(known.statements, stated_then)
    # Looking back to a time before what came later, it is the last that was so.
    last = statements[-1].at if statements else event.occurred_at
    since = event.matrix_now if last > event.occurred_at else None
    assessment = replace(
        known,
        matrix=since or event.matrix,
        floor=event.floor_now if since else event.floor,
        kept=event.keeps,
        in_order=False,
    )
    if event.growth:
        assessment = with_growth(assessment, event.growth)
    found = assessment.following(statements=statements)
    if event.growth and event.taken_over:  # a raise that is taken back with this leaves it open
        found = with_growth(found, event.growth)
    told = with_facts(incident, assessment=found)
    return as_it_stands(told, known, event.stands)


def _fold_in_order(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """To earlier releases what was told last was so last, all of it, and a floor that held was
    decided.
    """
    facts, known = incident.facts, incident.facts.assessment
    held, at = event.floor or floor_of_old(event.impact), event.occurred_at
    at = just_after(at, known.statements, ())
    assessment = replace(known, matrix=event.matrix, in_order=True).following(
        statements=add(known.statements, Statement(at, whole_of(event.impact)))
    )
    decided = facts.stated.severity
    if held and (decided is None or held.outranks(decided)):
        stated_ = replace(facts.stated, floored=held)
        return with_facts(incident, assessment=assessment, stated=stated_)
    return with_facts(incident, assessment=assessment)
