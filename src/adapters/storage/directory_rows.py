"""The directory, read from its rows."""

from typing import Protocol

from domain.kernel.roster import Roster
from handlers.queries.read_models import ReadModels
from projections.directory.entries import DIRECTORY
from projections.directory.roster import ROSTER_PEOPLE, ROSTER_SERVICES, ROSTER_TEAMS

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
        return Roster(
            people=tuple(await self._read_models.ask(ROSTER_PEOPLE)),
            teams=tuple(await self._read_models.ask(ROSTER_TEAMS)),
            services=tuple(await self._read_models.ask(ROSTER_SERVICES)),
        )

    async def catch_up(self) -> None:
        await self._read_models.reach(DIRECTORY.name, await self._store.head(), CATCH_UP_S)
