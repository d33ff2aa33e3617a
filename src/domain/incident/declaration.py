"""How an incident begins: it is declared, from nothing or out of triage."""

from datetime import datetime

from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.alerts.effects import settle
from domain.incident.events import IncidentEvent, Milestone
from domain.incident.impact import Changes, Impact, merged
from domain.incident.milestones import Milestones
from domain.incident.refusals import phase_refusal
from domain.incident.roles import assign_role, holds
from domain.incident.severity.adoption import adopt, fold_adoption
from domain.incident.severity.citing import raise_to
from domain.incident.severity.course import (
    Assessment,
    Statement,
    Turn,
    add,
    just_after,
    known_of,
    stated_of,
    turned,
)
from domain.incident.severity.decisions import holder
from domain.incident.severity.floors import concerns_of, floor, floor_of_old
from domain.incident.severity.matrix import classify
from domain.incident.severity.ruling import Decision
from domain.incident.severity.standing import latest_claim, standing
from domain.incident.severity.turns import last_decision
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
    status,
)
from domain.incident.times import earliest, latest, past
from domain.incident.visibility.visibility import made_private
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.roster import services_called
from domain.policy import Severity


def declare(
    command: c.Declare, incident: Incident, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Declare, classified by the responder or else by the matrix, and raised to a floor at once.
    What alerts have opened is adopted, once: it is in people's hands from then on.

    What is known of it stays: the impact, where the declaration does not state it anew, and a more
    severe level than that of the matrix, unless the responder names one.
    """
    impact = Impact(**asdict(command.impact))
    if not isinstance(incident, Undeclared):
        stated = known_of(impact)
        so = merged(incident.facts.assessment.impact, stated_of(impact))
        if _was_declared(command, so, incident, context):
            return []
        return _adopted(command, stated, incident.facts, at, context)
    policy = context.policy
    matrix, held = classify(impact, policy), floor(impact, policy)
    severity = command.severity or matrix.severity
    raised = held if held and held.severity.outranks(severity) else None
    because = None if command.severity else matrix.because
    begun = _said(command, None, severity, because, at, context)
    declared = replace(
        begun,
        impact=impact,
        matrix=matrix,
        held_by=holder(raised.severity if raised else severity, matrix, context),
    )
    events = [declared, raise_to(raised, severity, at, context)] if raised else [declared]
    return [*events, *_beside(command, None, at, context)]


def _adopted(
    command: c.Declare, said: Changes, known: Facts, at: datetime, context: Context
) -> list[IncidentEvent]:
    """What alerts had opened, as it was when it was declared."""
    now = command.occurred_at is None
    found = adopt(command.severity, said, known, at, context, now=now)
    severity = command.severity or found.classified.severity
    because = None if command.severity else found.classified.because
    begun = _said(command, known, severity, because, at, context)
    raised = found.floor if found.floor and found.floor.outranks(severity) else severity
    declared = replace(
        begun,
        previous=found.previous if found.previous is not severity else None,
        impact=found.impact,
        matrix=found.matrix,
        held_by=holder(raised, found.matrix, context),
        floor=found.floor,
        adopted=found.adoption,
    )
    return [declared, *found.beside, *_beside(command, known, at, context)]


def _said(
    command: c.Declare,
    known: Facts | None,
    severity: Severity,
    because: str | None,
    at: datetime,
    context: Context,
) -> e.Declared:
    """What it is, but for how bad."""
    return e.Declared(
        occurred_at=at,
        number=known.about.number if known else context.number,
        title=_title(command, known),
        severity=severity,
        policy_version=context.policy.version,
        because=because,
        summary=command.summary,
        services=services_called(command.services, context.roster),
        impact_started_at=past(command.impact_started_at, "impact_started_at", context),
        detected_at=past(command.detected_at, "detected_at", context),
        kind=command.kind,
        origin=command.origin,
    )


def _beside(
    command: c.Declare, known: Facts | None, at: datetime, context: Context
) -> list[IncidentEvent]:
    return [*_assigned(command, known, at, context), *made_private(command, at, context)]


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
    if event.adopted:
        return _adopt(incident, facts, fold_adoption(known, event, event.adopted, actor))
    # To earlier releases whoever declared it had seen all that was known of it.
    at = just_after(event.occurred_at, known.statements, known.turns)
    assessment = _begun(known, event, at, latest_claim(incident.facts, at))
    return _adopt(incident, facts, assessment)


def _begun(known: Assessment, event: e.Declared, at: datetime, settles: datetime) -> Assessment:
    """The course of its impact and severity, as declared then."""
    named = None if event.because else Decision(event.severity, by=event.held_by)
    turn = Turn(at, event.severity, settles, named, baseline=event.impact, declares=True)
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
        severity=assessment.turns[-1].severity,
        floored=None,
        decision=last_decision(assessment.turns),
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
        assessment=assessment,
        milestones=milestones,
        stated=stated,
    )
    # The severity stays until the event that raises it, which comes with this one.
    is_last = assessment.turns[-1].declares
    facts = replace(facts, severity=fresh.severity if is_last else standing(facts))
    return Open(facts, stated.stage)
