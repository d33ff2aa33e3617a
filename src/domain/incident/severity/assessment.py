"""What an assessment of the impact does: it is kept, and may raise the severity at once.

The matrix is asked at every assessment, the floors hold, and what has doubled is one level more.
Nothing that becomes known lowers the severity: that is for people to decide. What is told of an
earlier time is judged as if it had been told then, and so is all that came after it.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.deadlines.events import Automatic
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.severity.course import (
    Statement,
    Statements,
    Turn,
    Turns,
    add,
    impact_at,
    just_after,
    stated,
    turned,
    whole_of,
    without,
)
from domain.incident.severity.floors import floor, floor_of_old
from domain.incident.severity.growth import grown
from domain.incident.severity.matrix import classify
from domain.incident.severity.raises import Raise, kept, review
from domain.incident.severity.ruling import Demand
from domain.incident.severity.standing import standing
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.kernel.commit import event_id
from domain.kernel.decider import Context
from domain.policy import Policy, Severity

BACKFILLED = "severity.backfilled"
"""The rule by which a raise loses its ground to what is told of an earlier time."""
CORRECTED = "severity.corrected"
"""The rule by which a severity loses its ground as what was said of the impact is put right."""
NO_GROUND = "what is known now of the time before leaves no ground"
_WHY = {
    BACKFILLED: f"{NO_GROUND} for it",
    CORRECTED: "what it rested on was put right",
}


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
    same = impact_at(statements) == known.impact and command.occurred_at is None
    if not stated(changes) or same or statements == known.statements:
        return []
    assessed = _assessed(statements, at, changes, context.policy)
    events = following(facts, statements, at, context)
    held = assessed.floor_now if assessed.matrix_now else assessed.floor
    after = replace(known, turns=turns_after(known.turns, events))
    keeps = kept(after, statements, context.policy)
    after = replace(
        after,
        statements=statements,
        matrix=assessed.matrix_now or assessed.matrix,
        floor=held,
        kept=keeps,
    )
    events += _no_longer_doubled(facts, replace(facts, assessment=after), events, context)
    return [replace(assessed, stands=masking(held, facts, events), keeps=keeps), *events]


def _no_longer_doubled(
    before: Facts, after: Facts, events: list[IncidentEvent], context: Context
) -> list[IncidentEvent]:
    """That it is less severe, as what alerts had stated has not doubled by what is known now."""
    had = [each for each in grown(before, before.assessment.statements) if each.demand]
    now = standing(after)
    told = any(isinstance(each, e.SeverityRaiseWithdrawn) for each in events)
    if told or not had or not before.severity.outranks(now):
        return []
    at = next(
        (each.at for each in had if each.demand and each.demand.severity is before.severity),
        had[-1].at,
    )
    return [taken_back(before.severity, now, at, BACKFILLED, context)]


def turns_after(turns: Turns, events: Iterable[IncidentEvent]) -> Turns:
    """With the raises of these events, and without those that they take back."""
    for each in events:
        if isinstance(each, e.SeverityRaiseWithdrawn):
            turns = without(turns, each.occurred_at, each.withdrawn)
        elif isinstance(each, e.SeverityUpgraded):
            raised = Turn(each.occurred_at, each.severity, each.occurred_at, automatic=True)
            turns = turned(turns, raised)
    return turns


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
    found, new, unfounded = review(facts, statements, at, context.policy)
    return [
        *(upgraded(each, context) for each in new),
        *(_unfounded(turn, found, facts, by, context) for turn in unfounded),
    ]


def upgraded(found: Raise, context: Context) -> e.SeverityUpgraded:
    """The event of a raise, caused by the first event of the same command."""
    return e.SeverityUpgraded(
        occurred_at=found.at,
        severity=found.demand.severity,
        previous=found.previous,
        reason=found.demand.because,
        automatic=cite(found.demand.rule, context),
    )


def _unfounded(
    turn: Turn, found: list[Raise], facts: Facts, by: str, context: Context
) -> e.SeverityRaiseWithdrawn:
    kept = [each.demand.severity for each in found if each.at <= turn.at]
    turns = facts.assessment.turns
    before = [each.severity for each in turns if each.at < turn.at or not each.follows]
    stays = kept[-1] if kept else (before or [turn.severity])[-1]
    return taken_back(turn.severity, stays, turn.at, by, context)


def taken_back(
    withdrawn: Severity, stays: Severity, at: datetime, by: str, context: Context
) -> e.SeverityRaiseWithdrawn:
    """The event of a severity that has lost its ground by a rule."""
    return e.SeverityRaiseWithdrawn(
        occurred_at=at,
        withdrawn=withdrawn,
        severity=stays,
        reason=_WHY[by],
        automatic=cite(by, context),
    )


def raise_to(
    wanted: Demand, previous: Severity, at: datetime, context: Context
) -> e.SeverityUpgraded:
    """The automatic upgrade that follows from the first event of the same command."""
    return upgraded(Raise(at, previous, wanted), context)


def cite(rule: str, context: Context) -> Automatic:
    """By which rule, because of the first event of the same command."""
    return Automatic(
        rule=rule,
        policy_version=context.policy.version,
        caused_by=event_id(context.command_id, 0),
    )


def fold_impact(incident: KnownIncident, event: e.ImpactReassessed) -> KnownIncident:
    """It was so from then on."""
    known = incident.facts.assessment
    if event.stated is None:
        return _fold_in_order(incident, event)
    stated_then = Statement(event.occurred_at, event.stated, event.taken_over)
    statements = add(known.statements, stated_then)
    # Looking back to a time before what came later, it is the last that was so.
    since = event.matrix_now if statements[-1].at > event.occurred_at else None
    assessment = replace(
        known,
        matrix=since or event.matrix,
        floor=event.floor_now if since else event.floor,
        kept=event.keeps,
        in_order=False,
    )
    # The severity stays until the event that raises it, which comes with this one. Where a floor
    # falls, what was decided later holds.
    told = with_facts(incident, assessment=assessment.following(statements=statements))
    held, holds = known.floor, assessment.floor
    fell = held is not None and (holds is None or held.outranks(holds))
    if fell or event.stands:
        return with_facts(told, severity=standing(told.facts))
    return told


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
