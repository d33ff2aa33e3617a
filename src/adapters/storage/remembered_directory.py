"""The directory as it was read last, at hand for decisions."""

import asyncio
from contextvars import Context
from typing import Protocol

import structlog

from domain.kernel.roster import Roster

FRESH_S = 1.0
"""For so long nobody looks into the directory again."""
MOMENT_S = 0.2
"""So long a decision waits for it, where it names nobody new."""

log = structlog.get_logger()


class RosterSource(Protocol):
    """Where the directory is read."""

    async def read(self) -> Roster:
        """All of it, as its rows have it. Raises whatever keeps it from them."""
        ...

    async def catch_up(self, upto: int | None = None) -> None:
        """Wait until its rows show what is written up to a position, or all of it. Raises whatever
        keeps it from that.
        """
        ...


class RememberedDirectory:
    """Implements `handlers.kernel.ports.Rosters`. A decision waits `patience_s` for the directory
    and no longer: where it is out of reach, the last one counts, and names are taken as they come;
    then it is left alone for `rest_s`.
    """

    def __init__(
        self, source: RosterSource, *, patience_s: float = 1.0, rest_s: float = 5.0
    ) -> None:
        self._source = source
        self._patience_s, self._rest_s = patience_s, rest_s
        self._known: Roster | None = None
        self._until = self._rests_until = 0.0
        self._reading: asyncio.Task[Roster | None] | None = None

    async def for_names(self, names: tuple[str, ...]) -> Roster | None:
        """What is known, once all that is written has been looked at for names that fit nobody;
        None: it was never read.
        """
        known = await self.soon()
        if self._rests():
            return known
        if names and not all(known and known.person_of(each) for each in names):
            return await self._look(catch_up=True)
        return known

    async def soon(self) -> Roster | None:
        """As `now`, for who waits for a moment alone: it is read on meanwhile."""
        if self._rests() or _now() < self._until:
            return self._known
        if self._reading is None or self._reading.done():
            # Of no request: whoever else needs it has it as well.
            self._reading = asyncio.create_task(self._look(catch_up=False), context=Context())
        await asyncio.wait({self._reading}, timeout=MOMENT_S)
        return self._known

    async def now(self, *, fresh: bool = False, upto: int | None = None) -> Roster | None:
        """What is known, a second old at most, and with all that is written where it is to be
        `fresh`, or with what is written up to a position; None: it was never read.
        """
        newer = fresh or upto is not None
        if self._rests() or (_now() < self._until and not newer):
            return self._known
        return await self._look(catch_up=newer, upto=None if fresh else upto)

    def _rests(self) -> bool:
        return _now() < self._rests_until

    async def _look(self, *, catch_up: bool, upto: int | None = None) -> Roster | None:
        try:
            async with asyncio.timeout(self._patience_s):
                if catch_up:
                    await self._source.catch_up(upto)
                found = await self._source.read()
        except Exception as fault:  # noqa: BLE001 - whatever it is, nobody waits for a directory
            log.info("directory.out_of_reach", reason=f"{type(fault).__name__}: {fault}")
            self._rests_until = _now() + self._rest_s
            return self._known
        if found != self._known:
            self._known = found  # the same one otherwise: it has been indexed
        self._until = _now() + FRESH_S
        return self._known


def _now() -> float:
    return asyncio.get_running_loop().time()
