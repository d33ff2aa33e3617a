"""What the decision on a command may know of the other aggregates that it rests on."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.basis import Basis, Rests
from domain.kernel.refusal import Refused
from domain.sight import Viewer
from handlers.kernel.ports import EventStore
from handlers.kernel.related import StateOf, entries_of


class Lookup(NamedTuple):
    """How one is found by a name, as what a viewer sees it, and how it stands."""

    store: EventStore
    find: Callable[..., Awaitable[str]]
    seen: Callable[[AnyAggregate, str, Viewer | None], Awaitable[Any]]
    state_of: StateOf


async def rests_on(
    basis: Basis, asked: tuple[Any, Any], lookup: Lookup, viewer: Viewer | None
) -> Rests | None:
    """What is known of the one that a command names, given that and the state that it is for; and
    of what it names beside that. Raises `Refused`, `Unavailable`.
    """
    ref = basis.names(*asked)
    if ref is None:
        return None
    other = await lookup.find(basis.of, ref, field=basis.field)
    state = await lookup.seen(basis.of, other, viewer)
    if state == basis.of.initial and basis.field:
        raise basis.of.unknown(ref, field=basis.field)
    if not basis.private and basis.of.sight and basis.of.sight(state) is not None:
        raise Refused(
            f"{basis.of.name}.private",
            f"{basis.of.name} {ref} is private: what follows from it would be seen by all",
            field=basis.field,
            rule="Keep it elsewhere until everybody may see it.",
        )
    facts = basis.facts(other, state, await entries_of(lookup.store, lookup.state_of, basis, other))
    if basis.also is not None:
        beside = await rests_on(basis.also, asked, lookup, viewer)
        facts = (facts, beside.facts if beside else None)
    return Rests(basis, other, facts)
