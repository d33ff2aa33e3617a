"""What becomes of the severity as figures of another incident go out of the course of this one.

It is as if they had never been there: raises that were made since are weighed anew.
Brief, "Escalation Triggers": "Impact scope doubles → upgrade one level", of this incident.
"""

from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.impact import Changes
from domain.incident.severity.amends import fallen
from domain.incident.severity.citing import cite, taken_back, turns_after, upgraded
from domain.incident.severity.course import Assessment, Statements, impact_at, stated
from domain.incident.severity.events import GivenBack
from domain.incident.severity.floors import floor
from domain.incident.severity.matrix import classify
from domain.incident.severity.outcome import claimed_at, outcome_of
from domain.incident.severity.raises import compare, kept, review, severity_at
from domain.incident.severity.ruling import HIGHEST, Growth
from domain.incident.severity.standing import standing
from domain.incident.severity.statements import without_brought
from domain.incident.severity.undecided import with_growth
from domain.incident.state import Facts
from domain.kernel.decider import Context


class Anew(NamedTuple):
    """What is weighed without the figures that go: what is known `after` it, the growth as long as
    nobody has decided, and the events of raises that are new, or that lose their ground.
    """

    after: Assessment
    growth: Growth | None
    events: list[IncidentEvent]


def give_back(
    back: tuple[GivenBack, ...], facts: Facts, fell: e.SeverityRaiseWithdrawn | None, at: datetime,
    why: str, context: Context,
) -> list[IncidentEvent]:  # fmt: skip
    """Without these figures, and without what another incident has raised, which `fell` and is gone
    from these facts: the assessment, if that says anything, and the raises as they are of its own.
    """
    since = min([each.at for each in back] + ([fell.occurred_at] if fell else []))
    statements = without_brought(facts.assessment.statements, back)
    found = _weigh(statements, facts, since, why, context)
    after, events, stands = found.after, found.events, None
    if fell is None:
        lower = fallen(facts, after, events, since, context)
        gone = cite(HIGHEST, context)
        events = [*events, *(replace(each, reason=why, automatic=gone) for each in lower)]
        now = standing(replace(facts, assessment=after))
        raises = [each for each in events if isinstance(each, e.SeverityUpgraded)]
        raised = any(each.severity is now for each in raises)
        stands = now if now.outranks(facts.severity) and not raised else None
    else:
        events = [fell, *events]
    if not (back or found.growth or stands) and after.kept is facts.assessment.kept:
        return events
    impact = impact_at(after.statements)
    names = {name for each in back for name in stated(each.was)}
    assessed = e.ImpactReassessed(
        occurred_at=at,
        impact=impact,
        floor=after.floor,
        matrix=after.matrix,
        stated=Changes(**{name: getattr(impact, name) for name in sorted(names)}),
        taken_over=True,
        stands=stands,
        keeps=after.kept,
        growth=found.growth,
        given_back=back,
    )
    return [assessed, *events]


def _weigh(
    statements: Statements, facts: Facts, since: datetime, why: str, context: Context
) -> Anew:
    policy, known = context.policy, facts.assessment
    impact = impact_at(statements)
    held = floor(impact, policy)
    after = replace(
        known,
        statements=statements,
        impact=impact,
        matrix=classify(impact, policy),
        floor=held.severity if held else None,
    )
    heard = replace(facts, assessment=after)
    if known.undecided:
        outcome = outcome_of(heard, statements, policy)
        recorded = [turn for turn in known.turns if turn.follows]
        noted = [each for each in outcome.raises if each.at >= since]
        told = [each for each in outcome.raises if each.at < since]
        found = compare(recorded, outcome.raises, noted, told)
        growth = outcome.growth(policy)
        after = with_growth(replace(after, kept=outcome.kept(after.says)), growth)
    else:
        found, growth = review(facts, statements, since, policy), None
    events: list[IncidentEvent] = [upgraded(each, context) for each in found.new]
    for turn in found.unfounded:
        before = [each for each in known.turns if each.at < turn.at and not each.follows]
        last = found.level_at(turn.at) or (
            severity_at(heard, before[-1], turn.at) if before else claimed_at(heard, turn.at)
        )
        events.append(taken_back(turn.severity, last, turn.at, HIGHEST, context, why))
    after = replace(after, turns=turns_after(after.turns, events))
    if growth is None:
        after = replace(after, kept=kept(after, statements, policy))
    return Anew(after, growth, events)
