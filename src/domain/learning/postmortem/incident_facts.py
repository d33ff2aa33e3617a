"""What a post-mortem knows of its incident, and how the incident learns of the post-mortem."""

from datetime import datetime

import msgspec

from domain.incident import INCIDENT, Incident
from domain.incident.commands import PublishPostmortem
from domain.incident.deadlines.questions import is_resolved
from domain.incident.events import Kind
from domain.incident.state import LIVE, Duplicate, FalsePositive, Undeclared, reference_of
from domain.kernel.refusal import Refused
from domain.policy import Role, Severity


class IncidentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as a post-mortem needs it: `over`: it does not go on, `resolved`: since it was,
    and not canceled; `until` when a post-mortem of it is due, `entries` the ids of the events that
    its timeline is made of (None: nobody has asked).
    """

    id: str
    reference: str
    title: str
    severity: Severity | None = None
    drill: bool = False
    over: bool = True
    resolved: bool = True
    commander: str | None = None
    until: datetime | None = None
    entries: frozenset[str] | None = None


def facts_of(id_: str, incident: Incident, entries: frozenset[str] | None = None) -> IncidentFacts:
    """What is known of it. Raises `Refused` where there is none, or where another one carries it
    on.
    """
    if isinstance(incident, Undeclared):
        raise INCIDENT.unknown(id_, field="incident")
    facts = incident.facts
    if isinstance(incident, Duplicate):
        into = reference_of(incident.into_number)
        raise Refused(
            "postmortem.merged",
            f"{facts.reference} is carried on as {into}: its post-mortem is that of {into}",
            field="incident",
            rule="What was merged has one post-mortem, that of the incident which carries it on.",
        )
    return IncidentFacts(
        id=id_,
        reference=facts.reference,
        title=facts.about.title,
        severity=facts.assessment.peak(facts.severity),
        drill=facts.about.kind is not Kind.STANDARD,
        over=not isinstance(incident, LIVE),
        resolved=is_resolved(incident),
        commander=facts.response.roles.get(Role.INCIDENT_COMMANDER),
        until=facts.discipline.postmortem_due_at,
        entries=entries,
    )


class ReviewUse(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a review is of use: `none`: why not."""

    none: str | None = None


def use_of_review(_: str, incident: Incident, __: frozenset[str] | None = None) -> ReviewUse:
    """What was no incident, or is carried on as another one, has no post-mortem to be read."""
    match incident:
        case FalsePositive(facts=facts):
            return ReviewUse(none=f"{facts.reference} was canceled")
        case Duplicate(facts=facts, into_number=number):
            return ReviewUse(none=f"{facts.reference} is carried on as {reference_of(number)}")
    return ReviewUse()


def parts_of(incident: Incident) -> tuple[str, ...]:
    """The ids of the incidents that turned out to be this one: its timeline has theirs."""
    return () if isinstance(incident, Undeclared) else incident.facts.about.duplicates


def published(address: str) -> PublishPostmortem:
    """What the incident is told once its post-mortem is final: its own duty is done by that."""
    return PublishPostmortem(url=address)
