"""How an incident begins: it is declared, from nothing or out of triage."""

from datetime import datetime

from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.impact import UNKNOWN, Impact, merged
from domain.incident.milestones import Milestones
from domain.incident.refusals import phase_refusal
from domain.incident.roles import assign_role, holds
from domain.incident.severity.citing import raise_to
from domain.incident.severity.course import (
    Assessment,
    Statement,
    Turn,
    add,
    just_after,
    known_of,
    turned,
)
from domain.incident.severity.decisions import holder
from domain.incident.severity.floors import concerns_of, floor, floor_of_old
from domain.incident.severity.matrix import classify
from domain.incident.severity.ruling import Decision, Ruling
from domain.incident.severity.standing import latest_claim
from domain.incident.state import (
    EXERCISES,
    LIVE,
    About,
    Facts,
    Incident,
    KnownIncident,
    Open,
    Response,
    Stated,
    Undeclared,
    in_triage,
    status,
)
from domain.incident.times import earliest, latest, past
from domain.incident.visibility.visibility import made_private
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import services_called


def declare(
    command: c.Declare, incident: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Declare, classified by the responder or else by the matrix, and raised to a floor at once.
    What alerts have opened is adopted, once: it is in people's hands from then on.

    What is known of it stays: the impact, where the declaration does not state it anew, and a more
    severe level than that of the matrix, unless the responder names one.
    """
    policy, impact = context.policy, Impact(**asdict(command.impact))
    known = None if isinstance(incident, Undeclared) else incident.facts
    if known is not None and not isinstance(incident, Undeclared):
        stated = {name: value for name, value in asdict(impact).items() if value is not None}
        impact = merged(known.assessment.impact, stated)
        if _was_declared(command, impact, incident, context):
            return []
    matrix = classify(impact, policy)
    classified = _classified(matrix, impact, known)
    severity = command.severity or classified.severity
    held = floor(impact, policy)
    raised = held if held and held.severity.outranks(severity) else None
    declared = e.Declared(
        occurred_at=at,
        number=known.about.number if known else context.number,
        title=_title(command, known),
        severity=severity,
        policy_version=policy.version,
        because=None if command.severity else classified.because,
        previous=known.severity if known and known.severity is not severity else None,
        summary=command.summary,
        services=services_called(command.services, context.roster),
        impact=impact,
        impact_started_at=past(command.impact_started_at, "impact_started_at", context),
        detected_at=past(command.detected_at, "detected_at", context),
        kind=command.kind,
        origin=command.origin,
        matrix=matrix,
        held_by=holder(raised.severity if raised else severity, matrix, context),
        floor=held.severity if held and known else None,
    )
    since = _decided_at(declared, known.assessment) if known else at
    events = [declared, raise_to(raised, severity, since, context)] if raised else [declared]
    return [*events, *_assigned(command, known, at, context), *made_private(command, at, context)]


def _title(command: c.Declare, known: Facts | None) -> str:
    """What it is called, as its alerts call it unless the declaration says otherwise. Raises
    `Refused` where nothing has named it.
    """
    if command.title is not UNSET:
        return command.title
    if known is None:
        raise Refused(
            "field.missing",
            "title is required",
            field="title",
            rule="What is new needs a title; what alerts have opened keeps its own.",
        )
    return known.about.title


def _assigned(
    command: c.Declare, known: Facts | None, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Who does what from the start. Raises `Refused` where somebody else does that already."""
    held = known.response if known else Response()
    return [
        event
        for role, assignee in command.roles.items()
        for event in assign_role(c.AssignRole(role=role, assignee=assignee), held, at, context)
    ]


def _was_declared(
    command: c.Declare, impact: Impact, incident: KnownIncident, context: Context
) -> bool:
    """Whether it was declared just so. Raises `Refused` where it cannot be adopted: it was declared
    otherwise, it is over, or it is real and to become a drill, of which nobody would be told.
    """
    facts, live = incident.facts, isinstance(incident, LIVE)
    if facts.about.declared:
        if live and _says_the_same(command, impact, facts, context):
            return True
        raise Refused(
            "incident.already_declared",
            f"cannot declare: {facts.reference} was declared before, and is {status(incident)}",
            field="incident",
            rule="An incident is declared once; other commands change its severity and impact.",
        )
    if not live:
        raise phase_refusal(command, incident)
    if isinstance(incident, Open) and command.kind in EXERCISES:
        raise Refused(
            "incident.exercise",
            f"{facts.reference} was opened by alerts, so it is no {command.kind}",
            field="kind",
            rule="What is real does not become a drill or a test.",
        )
    return False


def _says_the_same(command: c.Declare, impact: Impact, known: Facts, context: Context) -> bool:
    """Whether it was declared just so: whoever says it again, says nothing new."""
    about = known.about
    return (
        (command.kind, impact) == (about.kind, known.assessment.impact)
        and command.title in (UNSET, about.title)
        and command.severity in (None, known.severity)
        and command.summary in (None, about.summary)
        and set(services_called(command.services, context.roster))
        <= set(services_called(about.services, context.roster))
        and all(holds(name, role, known.response, context) for role, name in command.roles.items())
    )


def _classified(matrix: Ruling, impact: Impact, facts: Facts | None) -> Ruling:
    """By the matrix, or as severe as alerts have it."""
    if facts is None:
        return matrix
    named = facts.stated.severity is not None or bool(facts.alerts.claimed)
    if named and (impact == UNKNOWN or facts.severity.outranks(matrix.severity)):
        found = "in triage" if in_triage(facts) else "of its alerts"
        return Ruling(facts.severity, f"severity {found}")
    return matrix


def fold_declared(incident: Incident, event: e.Declared, actor: str) -> Open:
    """From nothing, or out of what alerts have opened."""
    about = About(
        number=event.number,
        title=event.title,
        summary=event.summary,
        services=event.services,
        kind=event.kind,
        origin=event.origin,
        declared=True,
        declared_by=actor,
    )
    stated = Stated(
        milestones=Milestones(
            impact_started_at=event.impact_started_at,
            detected_at=event.detected_at,
            declared_at=event.occurred_at,
        ),
        severity=event.severity,
        decision=None if event.because else Decision(event.severity, by=event.held_by),
        moved_at=event.occurred_at,
        # A stated detection is not changed by an alert that comes in later.
        corrected=(Milestone.DETECTED,) if event.detected_at else (),
    )
    facts = Facts(
        about=about,
        severity=event.severity,
        milestones=stated.milestones,
        assessment=_begun(Assessment(), event, event.occurred_at, event.occurred_at),
        stated=stated,
    )
    if isinstance(incident, Undeclared):
        return Open(facts)
    known = incident.facts.assessment
    at = _decided_at(event, known)
    assessment = _begun(known, event, at, latest_claim(incident.facts, at))
    return _adopt(incident, facts, assessment)


def _decided_at(event: e.Declared, known: Assessment) -> datetime:
    """Whoever declares what alerts have opened has seen all that was known of it."""
    return just_after(event.occurred_at, known.statements, known.turns)


def _begun(known: Assessment, event: e.Declared, at: datetime, settles: datetime) -> Assessment:
    """The course of its impact and severity, as declared then."""
    named = None if event.because else Decision(event.severity, by=event.held_by)
    turn = Turn(at, event.severity, settles, named, baseline=event.impact)
    begun = replace(known, matrix=event.matrix, kept=None).following(
        statements=add(known.statements, Statement(at, known_of(event.impact))),
        turns=turned(known.turns, turn),
    )
    if known.floor is None:
        return replace(begun, floor=event.floor)
    # What held it may have been declared otherwise.
    if event.floor or not concerns_of(begun.impact):
        return replace(begun, floor=event.floor)
    if event.matrix is not None and known.floor.outranks(event.matrix.severity):
        return replace(begun, floor=None)  # the matrix never says less than a floor that holds
    if known.floor is floor_of_old(known.impact):
        return replace(begun, floor=floor_of_old(begun.impact))
    return begun


def _adopt(incident: KnownIncident, fresh: Facts, assessment: Assessment) -> Open:
    """What the declaration says anew, with what is known already. What alerts had declared has been
    an incident since then.
    """
    declared_at = incident.facts.milestones.declared_at
    facts = settle(incident)
    assert not facts.about.declared, "an incident is declared once"
    about, known, said = facts.about, facts.stated, fresh.stated
    milestones = replace(
        known.milestones,
        declared_at=earliest(declared_at, said.milestones.declared_at),
        impact_started_at=said.milestones.impact_started_at or known.milestones.impact_started_at,
        detected_at=said.milestones.detected_at or known.milestones.detected_at,
    )
    stated = replace(
        known,
        milestones=milestones,
        severity=said.severity,
        floored=None,
        decision=said.decision or known.decision,
        moved_at=latest(known.moved_at, said.moved_at),
        closed=False,
        closed_by=None,
        corrected=tuple(dict.fromkeys((*known.corrected, *said.corrected))),
    )
    facts = replace(
        facts,
        about=replace(
            fresh.about,
            number=about.number,
            services=fresh.about.services or about.services,
            duplicates=about.duplicates,
            brought=about.brought,
            private=about.private,
        ),
        severity=fresh.severity,
        assessment=assessment,
        milestones=milestones,
        stated=stated,
    )
    return Open(facts, stated.stage)
