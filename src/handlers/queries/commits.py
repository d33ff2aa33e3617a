"""The commits of one key, in all streams that tell of it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Final, TypeVar

from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import EventStore
from handlers.queries.unseen import readable
from projections.past import Cut
from projections.read_model import FOLDED_MOST, Along

A = TypeVar("A")
B = TypeVar("B")

FOLDED_AT_ONCE: Final = 32
"""So many keys are read at the same time."""


async def history_of(
    store: EventStore, streams: Iterable[str], key: str, hidden: Collection[str] = ()
) -> list[Recorded[Event]]:
    """Stream by stream, each in the order of the log, but for what tells of incidents that are
    `hidden`. Raises `Unavailable`.
    """
    found = [commit for stream in streams for commit in await store.load(f"{stream}{key}")]
    return readable(found, hidden) if hidden else found


async def in_turns(do: Callable[[A], Awaitable[B]], keys: Sequence[A]) -> list[B]:
    """What it does for each key, in their order; for so many at the same time as are read so."""
    done: list[B] = []
    for place in range(0, len(keys), FOLDED_AT_ONCE):
        done += await asyncio.gather(*map(do, keys[place : place + FOLDED_AT_ONCE]))
    return done


async def histories_of(
    store: EventStore,
    streams: Iterable[str],
    key: str,
    cut: Cut,
    along: Along | None = None,
    hidden: Collection[str] = (),
) -> list[Recorded[Event]]:
    """The same of a key with those that stand along with it, with theirs, and so on; of so many as
    are folded for one page. Raises `Unavailable`.
    """
    found, waiting = dict[str, list[Recorded[Event]]](), [key]
    while waiting and len(found) < FOLDED_MOST:
        room = min(FOLDED_AT_ONCE, FOLDED_MOST - len(found))
        wanted, waiting = waiting[:room], waiting[room:]
        read = await asyncio.gather(*(history_of(store, streams, each, hidden) for each in wanted))
        found |= zip(wanted, read, strict=True)
        more = [it for each in wanted for it in (along(each, found[each], cut) if along else ())]
        waiting = [each for each in dict.fromkeys([*waiting, *more]) if each not in found]
    return [commit for commits in found.values() for commit in commits]
