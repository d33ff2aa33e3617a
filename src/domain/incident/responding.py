"""What responders do: take roles, follow hypotheses, tell others, put times right."""

from datetime import datetime

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent, Milestone, UpdateStatus
from domain.incident.guards import past
from domain.incident.state import (
    Closed,
    Facts,
    HypothesisStatus,
    KnownIncident,
    Open,
    Triage,
    status,
)
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.policy import Policy
from domain.policy.audience import Audience


def acknowledge(facts: Facts, at: datetime) -> list[IncidentEvent]:
    """The first acknowledgement counts, and one that we hear of late but came before it."""
    known = facts.milestones.acknowledged_at
    earlier = known is not None and at < known and Milestone.ACKNOWLEDGED not in facts.corrected
    if facts.acknowledged and not earlier:
        return []
    return [e.Acknowledged(occurred_at=at)]


def assign_role(command: c.AssignRole, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A free role is assigned; one that is held is handed over instead."""
    holder = facts.roles.get(command.role)
    if holder == command.assignee:
        return []
    if holder is not None:
        raise Refused(
            "role.already_assigned",
            f"{command.role.title} is {holder}; use hand_over_role to pass it on",
            field="role",
            rule="A role has one holder; handing over is explicit.",
        )
    return [e.RoleAssigned(occurred_at=at, role=command.role, assignee=command.assignee)]


def hand_over_role(command: c.HandOverRole, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A role goes from its holder to somebody else."""
    holder = facts.roles.get(command.role)
    if holder is None:
        raise Refused(
            "role.not_assigned",
            f"nobody is {command.role.title} yet; use assign_role",
            field="role",
            rule="Only a role that somebody holds can be handed over.",
        )
    if holder == command.assignee:
        return []
    return [
        e.RoleHandedOver(
            occurred_at=at,
            role=command.role,
            previous=holder,
            assignee=command.assignee,
            note=command.note,
        )
    ]


def open_hypothesis(
    command: c.OpenHypothesis, facts: Facts, at: datetime, policy: Policy
) -> list[IncidentEvent]:
    """Troubleshooting begins once the roles are clear (brief, "During Active Incidents")."""
    missing = [
        role.title for role in policy.roles_before_troubleshooting if role not in facts.roles
    ]
    if missing:
        raise Refused(
            "roles.required",
            f"assign {' and '.join(missing)} before troubleshooting {facts.reference}",
            field="incident",
            rule="Always assign explicit roles before diving into troubleshooting.",
        )
    pursued = [path.statement for path in facts.hypotheses if path.status is HypothesisStatus.OPEN]
    if command.statement in pursued:
        return []
    name = f"H{len(facts.hypotheses) + 1}"
    return [
        e.HypothesisOpened(
            occurred_at=at, hypothesis=name, statement=command.statement, owner=command.owner
        )
    ]


def close_hypothesis(
    command: c.ConfirmHypothesis | c.RejectHypothesis | c.AbandonHypothesis,
    facts: Facts,
    at: datetime,
) -> list[IncidentEvent]:
    """Confirm, reject or abandon an open hypothesis."""
    path = facts.hypothesis(command.hypothesis)
    if path is None:
        raise Refused(
            "hypothesis.unknown",
            f"{facts.reference} has no hypothesis {command.hypothesis}",
            field="hypothesis",
            rule="the name (H1) of a hypothesis of this incident",
        )
    event: IncidentEvent
    match command:
        case c.ConfirmHypothesis(hypothesis=name, finding=finding):
            event = e.HypothesisConfirmed(occurred_at=at, hypothesis=name, finding=finding)
            outcome, words = HypothesisStatus.CONFIRMED, finding
        case c.RejectHypothesis(hypothesis=name, finding=finding):
            event = e.HypothesisRejected(occurred_at=at, hypothesis=name, finding=finding)
            outcome, words = HypothesisStatus.REJECTED, finding
        case c.AbandonHypothesis(hypothesis=name, reason=reason):
            event = e.HypothesisAbandoned(occurred_at=at, hypothesis=name, reason=reason)
            outcome, words = HypothesisStatus.ABANDONED, reason
    if (path.status, path.finding) == (outcome, words):
        return []
    if path.status is not HypothesisStatus.OPEN:
        raise Refused(
            "hypothesis.closed",
            f"{path.name} was {path.status.value} before; open another one",
            field="hypothesis",
            rule="A closed hypothesis stays as it was found.",
        )
    return [event]


def post_update(
    command: c.PostUpdate, incident: KnownIncident, at: datetime
) -> list[IncidentEvent]:
    """Tell stakeholders; the status is the present one unless the sender names another."""
    present = UpdateStatus(incident.stage) if isinstance(incident, Open) else UpdateStatus.RESOLVED
    status = command.status or present
    if command.headline and Audience.CUSTOMERS not in command.audiences:
        raise Refused(
            "update.headline_not_public",
            "a headline is what customers see, and this update is not addressed to them",
            field="headline",
            rule="A headline belongs to an update for customers.",
        )
    return [
        e.UpdatePosted(
            occurred_at=at,
            text=command.text,
            status=status,
            audiences=tuple(dict.fromkeys(command.audiences)),
            headline=command.headline,
        )
    ]


def correct_time(
    command: c.CorrectTime, incident: Triage | Open | Closed, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Put a milestone right; what was recorded before stays in the log."""
    facts, value = incident.facts, past(command.value, "value", context)
    early = {
        Milestone.DECLARED: isinstance(incident, Triage),
        Milestone.RESOLVED: not isinstance(incident, Closed),
    }
    if early.get(command.milestone):
        raise Refused(
            "milestone.not_reached",
            f"{facts.reference} is {status(incident)}: it has no {command.milestone.value} yet",
            field="milestone",
            rule="Only what has happened can have happened at another time.",
        )
    previous = getattr(facts.milestones, command.milestone.value)
    if previous == value:
        return []
    return [
        e.TimeCorrected(
            occurred_at=at,
            milestone=command.milestone,
            value=value,
            reason=command.reason,
            previous=previous,
        )
    ]
