"""The commits of one key, in all streams that tell of it."""

from collections.abc import Iterable
from typing import Final

from domain.kernel.commit import Event, Recorded
from handlers.kernel.ports import EventStore

FOLDED_AT_ONCE: Final = 32
"""So many keys are read at the same time."""


async def history_of(store: EventStore, streams: Iterable[str], key: str) -> list[Recorded[Event]]:
    """Stream by stream, each in the order of the log. Raises `Unavailable`."""
    return [commit for stream in streams for commit in await store.load(f"{stream}{key}")]
