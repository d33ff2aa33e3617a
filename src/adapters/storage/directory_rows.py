"""The directory, read from its rows."""

from typing import Protocol

from domain.kernel.roster import Roster
from domain.sight import PUBLIC
from handlers.queries.read_models import ReadModels
from projections.directory.entries import DIRECTORY
from projections.directory.roster import ROSTER

CATCH_UP_S = 1.0


class Head(Protocol):
    """The part of an `EventStore` that says how far the rows have to come."""

    async def head(self) -> int:
        """As `EventStore.head`."""
        ...


class DirectoryRows:
    """Implements `adapters.storage.remembered_directory.RosterSource`."""

    def __init__(self, read_models: ReadModels, store: Head) -> None:
        self._read_models, self._store = read_models, store

    async def read(self) -> Roster:
        (found,) = await self._read_models.ask(PUBLIC, ROSTER)
        return found

    async def catch_up(self, upto: int | None = None) -> None:
        shown = await self._store.head() if upto is None else upto
        await self._read_models.reach(DIRECTORY.name, shown, CATCH_UP_S)
