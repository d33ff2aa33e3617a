"""What one aggregate has to do with others: what it is part of, and what is on record of it."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple
from uuid import uuid5

import msgspec

from domain.kernel.aggregate import AnyAggregate, namespace_of
from domain.kernel.basis import Basis
from domain.kernel.commit import event_id
from domain.kernel.decider import Named
from domain.sight import Viewer
from handlers.kernel.ports import EventStore

ALONG_MAX = 200
"""So many that stand along with one are looked at."""

StateOf = Callable[[AnyAggregate, str], Awaitable[Any]]
"""Given an aggregate and an id: how that one stands. Raises `Unavailable`."""


class Standing(NamedTuple):
    """One of an aggregate, as it stands."""

    aggregate: AnyAggregate
    id: str
    state: Any


class Seen(NamedTuple):
    """One that is there for a viewer, by its id; `private` are the ids of the incidents that not
    everybody may see, of it and what it is part of: readings of these go on record.
    """

    id: str
    private: tuple[str, ...] = ()


async def with_wholes(aggregate: AnyAggregate, id_: str, state_of: StateOf) -> list[Standing]:
    """One, what that is part of, and so on. Raises `Unavailable`."""
    found: list[Standing] = []
    at: tuple[AnyAggregate, str] | None = (aggregate, id_)
    while at is not None:
        found.append(Standing(*at, await state_of(*at)))
        part_of = found[-1].aggregate.part_of
        at = part_of(found[-1].state) if part_of else None
    return found


def hidden_in(found: Iterable[Standing], viewer: Viewer | None) -> tuple[str, ...]:
    """The ids of those of these that a viewer may not see."""
    return tuple(id_ for each, id_, state in found if each.hides(state, viewer))


def wholes_hidden_in(found: Iterable[Standing], viewer: Viewer | None) -> tuple[str, ...]:
    """The same, of those that are part of nothing else."""
    return hidden_in((each for each in found if each.aggregate.part_of is None), viewer)


async def entries_of(
    store: EventStore, state_of: StateOf, basis: Basis, id_: str
) -> frozenset[str] | None:
    """The ids of the events that tell of one, and of those that stand along with it; None where
    that is not asked.
    """
    if not basis.entries:
        return None
    found, waiting, seen = set[str](), [id_], set[str]()
    while waiting and len(seen) < ALONG_MAX:
        key = waiting.pop()
        seen.add(key)
        for stream in basis.entries:
            for recorded in await store.load(f"{stream}{key}"):
                commit = recorded.commit
                found |= {event_id(commit.id, place) for place in range(len(commit.events))}
        along = basis.along(await state_of(basis.of, key))
        waiting += [each for each in along if each not in seen]
    return frozenset(found)


async def named_event(
    store: EventStore, aggregate: AnyAggregate, id_: str, command: msgspec.Struct
) -> Named | None:
    """The event of the same history that a command names by its id, if it does. Raises
    `Unavailable`.
    """
    read = aggregate.names.get(type(command))
    wanted = read(command) if read else None
    if wanted is None:
        return None
    for recorded in await store.load(aggregate.stream(id_)):
        for index, event in enumerate(recorded.commit.events):
            if event_id(recorded.commit.id, index) == wanted:
                return Named(wanted, event, recorded.commit.retold)
    return None


async def derived_from(
    aggregate: AnyAggregate,
    command: msgspec.Struct,
    find: Callable[..., Awaitable[str]],
    seen: Callable[[AnyAggregate, str, Viewer | None], Awaitable[Any]],
    viewer: Viewer | None,
) -> str | None:
    """As `Executor.derived`, given how one is found, and as what a viewer sees it."""
    for basis in aggregate.rests.get(type(command), ()):
        ref = basis.names(command, aggregate.initial)
        if basis.one and ref is not None:
            other = await find(basis.of, ref, field=basis.field)
            if await seen(basis.of, other, viewer) == basis.of.initial:
                raise basis.of.unknown(ref, field=basis.field)
            return str(uuid5(namespace_of(other), aggregate.name))
    return None
