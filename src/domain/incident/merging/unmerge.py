"""An incident that was not part of another one after all: it goes on by itself, with its own facts.

The one that it was merged into keeps what is known of itself, and gives back what came from the
other one alone: as far as nobody has said anything else of it since.
"""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.merging.merge_events import Brought, Holder
from domain.incident.merging.parting import Parting, part, taken_over
from domain.incident.others import it_was_that_of
from domain.incident.severity.assessment import reassess_impact
from domain.incident.severity.citing import taken_back
from domain.incident.severity.course import just_after
from domain.incident.severity.decisions import fold_withdrawn
from domain.incident.severity.given_back import give_back
from domain.incident.severity.ruling import HIGHEST
from domain.incident.state import (
    Closed,
    Duplicate,
    Facts,
    Incident,
    KnownIncident,
    going_on,
    reference_of,
)
from domain.kernel.decider import Context
from domain.kernel.joint import Joint, One, Part
from domain.kernel.refusal import Refused


def unmerge(command: c.Unmerge, incident: Duplicate, at: datetime) -> list[IncidentEvent]:
    """It goes on where it was."""
    return [
        e.Unmerged(
            occurred_at=at,
            reason=command.reason,
            out_of=incident.into,
            out_of_number=incident.into_number,
            public=incident.public,
        )
    ]


def fold_unmerged(incident: KnownIncident, _: e.Unmerged, __: str) -> KnownIncident:
    """As it was when it was merged, with what its alerts have said since."""
    facts = incident.facts
    if facts.stated.closed:
        return Closed(facts, by=facts.stated.closed_by)
    facts = replace(facts, response=replace(facts.response, engaged=True))
    return going_on(facts, facts.stated.stage)


def detach_duplicate(
    command: c.DetachDuplicate, incident: KnownIncident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """What came from the duplicate alone is given back. Raises `Refused` if that was passed on."""
    facts = incident.facts
    if command.duplicate not in facts.about.duplicates:
        return []
    if isinstance(incident, Duplicate):
        into = reference_of(incident.into_number)
        raise Refused(
            "merge.passed_on",
            f"{facts.reference}, which it was merged into, is itself part of {into} by now, and so"
            f" is what it brought: unmerge {facts.reference} from {into} first",
            rule=f"What was merged in a chain is unmerged from its end: unmerge {facts.reference},"
            f" then {reference_of(command.duplicate_number)}, and merge {facts.reference} into"
            f" {into} again if these are one.",
        )
    detached = e.DuplicateDetached(
        occurred_at=at,
        duplicate=command.duplicate,
        duplicate_number=command.duplicate_number,
        reason=command.reason,
    )
    if command.duplicate not in facts.about.brought:
        return [detached]
    parting = part(facts, command.duplicate)
    why = it_was_that_of(reference_of(command.duplicate_number))
    return [
        detached,
        *_roles_back(parting, facts, at, why),
        *_paths_left(parting, facts, at, why),
        *_figures_back(parting, facts, at, context),
        *_severity_back(command, parting, incident, at, context),
    ]


def _roles_back(parting: Parting, facts: Facts, at: datetime, why: str) -> list[IncidentEvent]:
    """Nobody has them any more, or who has them in what is still part of it."""
    held, brought = facts.response.roles, facts.about.brought
    theirs = {each.role: each.name for each in parting.back.roles}
    events: list[IncidentEvent] = [
        e.RoleUnassigned(occurred_at=at, role=role, previous=name, reason=why)
        for role, name in theirs.items()
        if held.get(role) == name
    ]
    before = {(each.role, each.name) for it in brought.values() for each in it.roles}
    for each in parting.instead:
        previous = held.get(each.role)
        if previous and previous != each.name and (each.role, previous) in before:
            events.append(_handed_over(each, previous, at, why))
    return events


def _handed_over(to: Holder, previous: str, at: datetime, why: str) -> e.RoleHandedOver:
    return e.RoleHandedOver(
        occurred_at=at, role=to.role, previous=previous, assignee=to.name, note=why,
        announced=True, person=to.person, doubt=to.doubt,
    )  # fmt: skip


def _paths_left(parting: Parting, facts: Facts, at: datetime, why: str) -> list[IncidentEvent]:
    return [
        e.HypothesisAbandoned(occurred_at=at, hypothesis=path.name, reason=why)
        for path in facts.response.pursued
        if path.name in parting.back.hypotheses
    ]


def _figures_back(
    parting: Parting, facts: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Figures that nobody has stated otherwise since are what they were before, or in others."""
    if not parting.figures:
        return []
    at = just_after(at, facts.assessment.statements, facts.assessment.turns)
    restated = c.ReassessImpact(occurred_at=at, **parting.figures)
    found = reassess_impact(restated, facts, at, context)
    return [*taken_over(found, facts, context)]


def _severity_back(
    command: c.DetachDuplicate,
    parting: Parting,
    incident: KnownIncident,
    at: datetime,
    context: Context,
) -> list[IncidentEvent]:
    """The raise that the merge has made loses its ground, and what has been raised since is weighed
    without what the other one brought; what people have decided since stays.
    """
    why = f"{reference_of(command.duplicate_number)} is no part of it"
    fell: e.SeverityRaiseWithdrawn | None = None
    if parting.falls is not None:
        turn, stays, remains = parting.falls
        fell = taken_back(turn.severity, stays, turn.at, HIGHEST, context, why)
        fell = replace(fell, remains=remains)
        incident = fold_withdrawn(incident, fell)
    elif not parting.given_back:
        return []
    return give_back(parting.given_back, incident.facts, fell, at, why, context)


def fold_detached(incident: KnownIncident, event: e.DuplicateDetached, _: str) -> KnownIncident:
    """One less, and without what it alone has brought."""
    facts = incident.facts
    about, stated = facts.about, facts.stated
    brought = about.brought.get(event.duplicate) or Brought()
    parting = part(facts, event.duplicate)
    back = parting.back
    about = replace(
        about,
        duplicates=tuple(each for each in about.duplicates if each != event.duplicate),
        brought=parting.others,
        services=tuple(each for each in about.services if each not in back.services),
    )
    times = replace(stated.milestones, **parting.times)
    answers: dict[str, Any] = {}
    if brought.acknowledged_at and stated.acknowledged_by == brought.acknowledged_by:
        by = _also_by(brought, parting)
        at = stated.acknowledgement_at if by else None
        stated = replace(stated, acknowledgement_at=at, acknowledged_by=by)
        answers = {"acknowledged": at is not None, "acknowledged_by": by}
    stated = replace(stated, milestones=times)
    known = facts.discipline
    tiers = tuple(each for each in known.tiers if each not in back.tiers)
    facts = replace(facts, about=about, stated=stated, milestones=times, **answers)
    facts = replace(facts, discipline=replace(known, tiers=tiers))
    return replace(incident, facts=facts)


def _also_by(brought: Brought, parting: Parting) -> str | None:
    """Who has acknowledged what is still part of it, where that counts instead."""
    if parting.back.acknowledged_at is not None:
        return None
    answered = (each for each in parting.others.values() if each.acknowledged_at)
    return next((each.acknowledged_by for each in answered), brought.acknowledged_by)


def split_unmerge(
    command: c.Unmerge, source: One[Incident], target: One[Incident]
) -> tuple[Part[c.Command], ...]:
    """The unmerge as each of the two hears of it."""
    assert isinstance(source.state, Duplicate), "it was merged into the other one"
    at = command.occurred_at
    detach = c.DetachDuplicate(
        duplicate=source.id,
        duplicate_number=source.state.facts.about.number,
        reason=command.reason,
        occurred_at=at,
    )
    return (Part(source.id, command), Part(target.id, detach, suffix="+detach"))


UNMERGE: Joint[Any, Incident] = Joint(
    field="incident",
    split=split_unmerge,
    known=lambda state: state.into if isinstance(state, Duplicate) else None,
)
