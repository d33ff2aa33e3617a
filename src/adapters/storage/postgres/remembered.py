"""Costly answers, each kept for as long as the rows are those that it was made of."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, NamedTuple, TypeVar

A = TypeVar("A")

KEPT_MOST = 64


class Remembered(NamedTuple):
    """An answer, perhaps still under way, and the stamp of the rows that it is made of."""

    stamp: Hashable
    answer: "asyncio.Future[list[Any]]"


class RememberedAnswers:
    """The answers asked for last. Who asks the same at the same time waits for one answer."""

    def __init__(self, most: int = KEPT_MOST) -> None:
        self._most = most
        self._known: dict[Hashable, Remembered] = {}

    async def find(
        self, asked: Hashable, stamp: Hashable, make: Callable[[], Awaitable[list[A]]]
    ) -> list[A]:
        """The answer of rows with this stamp, made where it is not known. Raises what `make` does,
        to all who wait; the next one tries again.
        """
        known = self._known.pop(asked, None)
        if known is None or known.stamp != stamp or _failed(known.answer):
            known = Remembered(stamp, asyncio.ensure_future(make()))
        self._known[asked] = known  # put back: the youngest stand last
        while len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return list(await asyncio.shield(known.answer))


def _failed(answer: "asyncio.Future[list[Any]]") -> bool:
    return answer.done() and (answer.cancelled() or answer.exception() is not None)
