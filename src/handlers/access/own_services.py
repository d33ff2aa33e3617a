"""Rights over incidents of one's own services: who answers for a service commands its incidents."""

from typing import Any

import msgspec

from domain.access.grants import OF_OWN_SERVICES, Permission
from domain.access.principal import Principal
from domain.kernel.aggregate import AnyAggregate
from domain.kernel.refusal import Refused
from domain.kernel.roster import Roster
from domain.sight import Viewer
from handlers.kernel.executor import Executor


async def demand(  # noqa: PLR0913, PLR0917 - who does what to which
    executor: Executor,
    principal: Principal,
    needed: Permission,
    aggregate: AnyAggregate,
    ref: str | None,
    command: msgspec.Struct,
    viewer: Viewer,
) -> None:
    """Raises `Refused` where somebody may not do this, neither by role nor as one of those who own
    all services that it is about.
    """
    person = principal.person
    if person is None or ref is None or not may_own(principal, needed):
        principal.demand(needed)
        return
    seen = await _seen(executor, aggregate, ref, command, viewer)
    if await _is_own(executor, person, aggregate, seen):
        return
    try:
        principal.demand(needed)
    except Refused as refused:
        raise Refused(
            refused.code,
            f"{refused.detail}. A {principal.role} may do it where all services of the incident"
            f" belong to {person}, or to a team of {person}",
            field=refused.field,
            rule=refused.rule,
        ) from None


def may_own(principal: Principal, needed: Permission) -> bool:
    """Whether somebody has a permission over incidents of one's own services."""
    of_role = OF_OWN_SERVICES.get(principal.role, frozenset())
    in_scope = not principal.scopes or needed in principal.scopes
    return principal.person is not None and needed in of_role and in_scope


async def _seen(
    executor: Executor,
    aggregate: AnyAggregate,
    ref: str,
    command: msgspec.Struct,
    viewer: Viewer,
) -> list[str]:
    """The ids of all that a command changes, of what is there for a viewer. Raises `Refused`."""
    ids = [(await executor.look(aggregate, ref, viewer)).id]
    other = await executor.other(aggregate, ids[0], command)
    return ids if other is None else [*ids, (await executor.look(aggregate, other, viewer)).id]


async def _is_own(executor: Executor, person: str, aggregate: AnyAggregate, ids: list[str]) -> bool:
    """Whether all of these are about services of this person alone."""
    roster = await executor.rosters.now()
    if roster is None:
        return False
    return all([_owns_all(roster, person, await _services(executor, aggregate, it)) for it in ids])


async def _services(executor: Executor, aggregate: AnyAggregate, id_: str) -> tuple[str, ...]:
    if aggregate.view is None:
        return ()
    shown: Any = aggregate.view.show(id_, await executor.state(aggregate, id_), 0)
    return tuple(getattr(shown, "services", ()))


def _owns_all(roster: Roster, person: str, services: tuple[str, ...]) -> bool:
    """Of none, nobody does: nothing says whose such an incident is."""
    return bool(services) and all(owns(roster, person, each) for each in services)


def owns(roster: Roster, person: str, service: str) -> bool:
    """Whether a service belongs to a person, or to a team that the person is of."""
    entry = roster.service(service)
    kind, _, slug = (entry.owner or "").partition(":") if entry else ("", "", "")
    if kind == "person":
        return slug == person
    return kind == "team" and roster.team(slug) in roster.teams_by_person.get(person, ())
