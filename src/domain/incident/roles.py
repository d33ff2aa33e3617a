"""Roles first: who has which role, and that troubleshooting waits for the roles that it needs.

Source: brief, "Structured Response & Coordination"; "Always assign explicit roles before diving
into troubleshooting".
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from domain.incident import commands as c
from domain.incident import events as e
from domain.incident.events import IncidentEvent
from domain.incident.merging.merge_events import Holder
from domain.incident.state import (
    Facts,
    Incident,
    KnownIncident,
    Response,
    Undeclared,
    with_response,
)
from domain.incident.visibility.visibility import named_in
from domain.kernel.decider import Context
from domain.kernel.refusal import Refused
from domain.kernel.remark import Remark
from domain.kernel.roster import NameDoubt, Who, same_name, with_doubt
from domain.policy import Policy, Role

T = TypeVar("T")


NAMED: Mapping[type[c.Command], Callable[[Any], tuple[str, ...]]] = {
    c.AssignRole: lambda command: (command.assignee,),
    c.HandOverRole: lambda command: (command.assignee,),
    c.UnassignRole: lambda command: (command.assignee,) if command.assignee else (),
    c.Declare: lambda command: (*command.roles.values(), *named_in(command)),
    c.OpenHypothesis: lambda command: (command.owner,) if command.owner else (),
}
"""The people whom a command names."""
UNSURE = "person.unsure"
RULES = {
    NameDoubt.NOT_LISTED: "It is taken all the same. Once a person of the directory goes by"
    " that name (`known_as`), it is shown as theirs: docs/directory.md.",
    NameDoubt.NOT_ACTIVE: "It is taken all the same; `reactivate` says who is back.",
    NameDoubt.SEVERAL: "It is taken all the same; a slug names one person.",
}


def assign_role(
    command: c.AssignRole, response: Response, at: datetime, context: Context
) -> list[IncidentEvent]:
    """A free role is assigned; one that is held is handed over instead."""
    holder, who = response.roles.get(command.role), context.who_is(command.assignee)
    if _holds(who, command.role, response, context):
        return []
    if holder is not None:
        raise Refused(
            "role.already_assigned",
            f"{command.role.title} is {holder}; use hand_over_role to pass it on",
            field="role",
            rule="A role has one holder; handing over is explicit.",
        )
    return [
        e.RoleAssigned(
            occurred_at=at,
            role=command.role,
            assignee=who.name,
            announced=True,
            person=who.person,
            doubt=who.doubt,
        )
    ]


def hand_over_role(
    command: c.HandOverRole, response: Response, at: datetime, context: Context
) -> list[IncidentEvent]:
    """A role goes from its holder to somebody else."""
    holder, who = response.roles.get(command.role), context.who_is(command.assignee)
    if holder is None:
        raise Refused(
            "role.not_assigned",
            f"nobody is {command.role.title} yet; use assign_role",
            field="role",
            rule="Only a role that somebody holds can be handed over.",
        )
    if _holds(who, command.role, response, context):
        return []
    return [
        e.RoleHandedOver(
            occurred_at=at,
            role=command.role,
            previous=holder,
            assignee=who.name,
            note=command.note,
            announced=True,
            person=who.person,
            doubt=who.doubt,
        )
    ]


def unassign_role(
    command: c.UnassignRole, response: Response, at: datetime, context: Context
) -> list[IncidentEvent]:
    """Nobody has it any more; a role that nobody holds is no news."""
    holder = response.roles.get(command.role)
    if holder is None:
        return []
    named = command.assignee
    if named is not None and not _holds(context.who_is(named), command.role, response, context):
        raise Refused(
            "role.held_by_another",
            f"{command.role.title} is {holder}, not {command.assignee}",
            field="assignee",
            rule="A role is taken from the one who is named, or else from whoever holds it.",
        )
    return [
        e.RoleUnassigned(occurred_at=at, role=command.role, previous=holder, reason=command.reason)
    ]


def check_holders(response: Response, at: datetime, context: Context) -> list[IncidentEvent]:
    """Of whom it was not known yet that they are not active, or are again; nobody, without a
    directory at hand.
    """
    if context.roster is None:
        return []
    found = list[IncidentEvent]()
    for held in holders(response):
        person = held.person or context.roster.person_of(held.name)
        now = context.roster.who(person) if person else None
        if now is None or now.person is None or now.doubt == held.doubt:
            continue
        if NameDoubt.NOT_ACTIVE not in {now.doubt, held.doubt}:
            continue
        found.append(
            e.RoleHolderNoted(
                occurred_at=at,
                role=held.role,
                assignee=held.name,
                person=now.person,
                doubt=now.doubt,
            )
        )
    return found


def holds(name: str, role: Role, response: Response, context: Context) -> bool:
    """Whether whoever goes by this name has the role."""
    return _holds(context.who_is(name), role, response, context)


def _holds(who: Who, role: Role, response: Response, context: Context) -> bool:
    """Whether they have the role: under that name, or as that person, however it was recorded."""
    holder = response.roles.get(role)
    if holder is None:
        return False
    known = response.holders.get(role)
    person = known.person if known else None
    if person is None and context.roster is not None:
        person = context.roster.person_of(holder)  # who is known by that name by now
    if person is not None and who.person is not None:
        return person == who.person
    return same_name(holder, who.name)


def remark_on_roles(
    command: c.AssignRole | c.HandOverRole | c.Declare, incident: Incident
) -> tuple[Remark, ...]:
    """Of whom it is not sure who they are, a remark each."""
    if isinstance(incident, Undeclared):
        return ()
    asked = command.roles if isinstance(command, c.Declare) else (command.role,)
    held = incident.facts.response.holders
    return tuple(
        Remark(UNSURE, f"{role.title}: {with_doubt(who.name, who.doubt)}", RULES[who.doubt])
        for role in asked
        if (who := held.get(role)) is not None and who.doubt is not None
    )


def holders(response: Response) -> tuple[Holder, ...]:
    """Who has which role."""
    known, nobody = response.holders, Who(name="")
    return tuple(
        Holder(role, name, known.get(role, nobody).person, known.get(role, nobody).doubt)
        for role, name in response.roles.items()
    )


def passed_on(held: Holder, at: datetime) -> IncidentEvent:
    """Whoever had a role there has it here."""
    return e.RoleAssigned(
        occurred_at=at, role=held.role, assignee=held.name, announced=True,
        person=held.person, doubt=held.doubt,
    )  # fmt: skip


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


def fold_role(
    incident: KnownIncident, event: e.RoleAssigned | e.RoleHandedOver | e.RoleHolderNoted
) -> KnownIncident:
    """It has a holder, the only one, of whom that is known."""
    known = incident.facts.response
    holders = _without(known.holders, event.role)
    if event.person or event.doubt:
        who = Who(name=event.assignee, person=event.person, doubt=event.doubt)
        holders = {**holders, event.role: who}
    return with_response(
        incident, roles={**known.roles, event.role: event.assignee}, holders=holders
    )


def fold_unassigned(incident: KnownIncident, event: e.RoleUnassigned) -> KnownIncident:
    """It is free."""
    known = incident.facts.response
    return with_response(
        incident,
        roles=_without(known.roles, event.role),
        holders=_without(known.holders, event.role),
    )


def _without(held: Mapping[Role, T], freed: Role) -> dict[Role, T]:
    return {role: holder for role, holder in held.items() if role is not freed}
