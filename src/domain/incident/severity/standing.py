"""How severe an incident stands: by the latest turn of its course, and what alerts claim since."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident.severity.course import Assessment
from domain.incident.severity.turns import last_decision
from domain.incident.state import Facts, KnownIncident, with_facts
from domain.incident.times import latest
from domain.policy import Severity


def standing(facts: Facts) -> Severity:
    """The most severe that alerts claim and people or rules have decided. An alert may raise what
    was decided, if it says something new since; it never lowers it. As long as nobody has decided,
    what the matrix says of the impact counts as well, and which figures have doubled.
    Nothing that people learn lowers it.
    """
    known, claims = facts.assessment, facts.alerts.claimed
    turn = known.deciding
    if turn is not None:
        claims = tuple(claim for claim in facts.alerts.named if claim.at > turn.settles)
    claimed: set[str] = {claim.value for claim in claims}  # many claim the same
    claimed.update(each.value for each in (known.floor, known.kept, facts.stated.floored) if each)
    if turn is not None:
        claimed.add(turn.severity.value)
    elif known.matrix and not known.matrix.doubt:
        claimed.add(known.matrix.severity.value)
    if turn is None and not facts.alerts.claimed:
        claimed.add((known.initial or facts.severity).value)
    if turn is None and known.doubled:
        claimed.add(known.doubled.value)
    return Severity(min(claimed))


def as_it_stands(told: KnownIncident, before: Assessment, stands: Severity | None) -> KnownIncident:
    """With one more assessment. The severity stays until the event that raises it, which comes with
    that one, unless it `stands` at more. Where a floor falls, what was decided later holds.
    """
    held, holds = before.floor, told.facts.assessment.floor
    fell = held is not None and (holds is None or held.outranks(holds))
    return with_facts(told, severity=standing(told.facts)) if fell or stands else told


def severe_since(facts: Facts) -> datetime | None:
    """Since when it has been as severe as it is."""
    since: datetime | None = None
    for turn in facts.assessment.turns:
        if turn.severity is not facts.severity:
            since = None
        elif since is None:
            since = turn.at
    return since or facts.milestones.declared_at


def with_course(incident: KnownIncident, assessment: Assessment, **stated: Any) -> KnownIncident:
    """The same phase with another course of impact and severity."""
    facts, turns = incident.facts, assessment.turns
    decided = turns[-1].severity if turns else None
    said = replace(facts.stated, severity=decided, decision=last_decision(turns), **stated)
    facts = replace(facts, assessment=assessment, stated=said)
    return replace(incident, facts=replace(facts, severity=standing(facts)))


def latest_claim(facts: Facts, decided_at: datetime) -> datetime:
    """Up to when what alerts claim is settled by whoever has seen all that is known."""
    turns = facts.assessment.turns
    at = latest(turns[-1].settles if turns else None, decided_at) or decided_at
    claims = [member.claims[-1].at for member in facts.alerts.members if member.claims]
    return max(at, *claims) if claims else at
