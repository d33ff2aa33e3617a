"""Roles first: who has which role, and that troubleshooting waits for the roles that it needs.

Source: brief, "Structured Response & Coordination"; "Always assign explicit roles before diving
into troubleshooting".
"""

from collections.abc import Iterator
from datetime import datetime

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.state import Facts, KnownIncident, with_response
from domain.kernel.refusal import Refused
from domain.policy import Policy


def assign_role(command: c.AssignRole, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A free role is assigned; one that is held is handed over instead."""
    holder = facts.response.roles.get(command.role)
    if holder == command.assignee:
        return []
    if holder is not None:
        raise Refused(
            "role.already_assigned",
            f"{command.role.title} is {holder}; use hand_over_role to pass it on",
            field="role",
            rule="A role has one holder; handing over is explicit.",
        )
    return [
        e.RoleAssigned(occurred_at=at, role=command.role, assignee=command.assignee, announced=True)
    ]


def hand_over_role(command: c.HandOverRole, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """A role goes from its holder to somebody else."""
    holder = facts.response.roles.get(command.role)
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
            announced=True,
        )
    ]


def unassign_role(command: c.UnassignRole, facts: Facts, at: datetime) -> list[IncidentEvent]:
    """Nobody has it any more; a role that nobody holds is no news."""
    holder = facts.response.roles.get(command.role)
    if holder is None:
        return []
    if command.assignee is not None and command.assignee != holder:
        raise Refused(
            "role.held_by_another",
            f"{command.role.title} is {holder}, not {command.assignee}",
            field="assignee",
            rule="A role is taken from the one who is named, or else from whoever holds it.",
        )
    return [
        e.RoleUnassigned(occurred_at=at, role=command.role, previous=holder, reason=command.reason)
    ]


def missing_roles(facts: Facts, policy: Policy, doing: str, otherwise: str) -> Iterator[Refused]:
    """That nobody holds a role without which troubleshooting does not begin."""
    missing = [
        role.title
        for role in policy.roles_before_troubleshooting
        if role not in facts.response.roles
    ]
    if missing:
        yield Refused(
            "roles.required",
            f"assign {' and '.join(missing)} before {doing} {facts.reference}",
            field="incident",
            rule=f"Always assign explicit roles before diving into troubleshooting; {otherwise}.",
        )


def fold_role(incident: KnownIncident, event: e.RoleAssigned | e.RoleHandedOver) -> KnownIncident:
    """It has a holder, the only one."""
    held = incident.facts.response.roles
    return with_response(incident, roles={**held, event.role: event.assignee})


def fold_unassigned(incident: KnownIncident, event: e.RoleUnassigned) -> KnownIncident:
    """It is free."""
    held = incident.facts.response.roles
    return with_response(
        incident, roles={role: holder for role, holder in held.items() if role is not event.role}
    )
