"""A signal on its way: what it tells of, worked off a slice at a time."""

import asyncio
from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol

from structlog.contextvars import bound_contextvars

from handlers.ingest.reports import Reading
from handlers.ingest.signal_outcome import SignalOutcome, combined

SLICE = 8
"""So many readings are translated side by side, those of different keys."""


class KeyedReading(NamedTuple):
    """A reading with what must be done in order: its alert, and what that shares with others."""

    reading: Reading
    keys: frozenset[Hashable] = frozenset()


class Handling(Protocol):
    """What is done about a signal. Everything may be repeated without harm, and raises
    `Unavailable`.
    """

    async def begin(self) -> SignalOutcome | None:
        """Before anything else. An outcome: nothing is to be done."""
        ...

    async def translate(self, reading: Reading) -> SignalOutcome:
        """Do what one reading asks for."""
        ...

    async def settle(self, outcome: SignalOutcome) -> None:
        """Write down what became of the whole."""
        ...


class OpenSignal:
    """Call `advance` until it gives an outcome. Has the length of its readings."""

    def __init__(
        self, readings: Sequence[KeyedReading], handling: Handling, correlation_id: str
    ) -> None:
        self._readings = readings
        self._handling = handling
        self._correlation_id = correlation_id
        self._begun = False
        self._outcomes: list[SignalOutcome] = []
        self.keys = frozenset[Hashable]().union(*(each.keys for each in readings))

    def __len__(self) -> int:
        return len(self._readings)

    async def advance(self) -> SignalOutcome | None:
        """Do the next slice. None: there is more. Raises `Unavailable`: then call it again."""
        with bound_contextvars(correlation_id=self._correlation_id):
            outcome = None if self._begun else await self._handling.begin()
            if outcome is None:
                self._begun = True
                self._outcomes += await self._translate(self._next_slice())
                if len(self._outcomes) < len(self._readings):
                    return None
                outcome = combined(self._outcomes)
            await self._handling.settle(outcome)
            return outcome

    def _next_slice(self) -> list[Reading]:
        """The next readings, up to one that must wait for another of them."""
        taken: list[Reading] = []
        keys: set[Hashable] = set()
        for reading, own in self._readings[len(self._outcomes) : len(self._outcomes) + SLICE]:
            if not keys.isdisjoint(own):
                break
            keys |= own
            taken.append(reading)
        return taken

    async def _translate(self, readings: list[Reading]) -> list[SignalOutcome]:
        if len(readings) == 1:
            return [await self._handling.translate(readings[0])]
        # All come to an end, also where one fails: the next try must not meet this one.
        found = await asyncio.gather(
            *map(self._handling.translate, readings), return_exceptions=True
        )
        for each in found:
            if isinstance(each, BaseException):
                raise each
        return [each for each in found if not isinstance(each, BaseException)]
