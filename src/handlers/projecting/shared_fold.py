"""Folding a commit once for all who make the same of it."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from domain.kernel.commit import Event, Recorded
from projections.projection import unchanged

S = TypeVar("S")
Evolve = Callable[[S, Recorded[Event]], S]

REMEMBERED = 4_000
"""Commits whose states are at hand for those who meet them later."""


class SharedFolds:
    """Projections that evolve by the same function have the same state after the same commit. Who
    meets it first folds it; the others take that state. Without the others it is only folded.
    """

    def __init__(self) -> None:
        self._folds: dict[Any, _Fold[Any]] = {}

    def of(self, evolve: Evolve[S]) -> Evolve[S]:
        """The function, so that one commit is folded by it once."""
        if evolve is unchanged:
            return evolve
        return cast("Evolve[S]", self._folds.setdefault(evolve, _Fold(evolve)))


class _Fold(Generic[S]):
    def __init__(self, evolve: Evolve[S]) -> None:
        self._evolve = evolve
        self._known: dict[int, tuple[Recorded[Event], S]] = {}

    def __call__(self, state: S, recorded: Recorded[Event]) -> S:
        known = self._known.get(recorded.position)
        # The very commit: at the same position of another log stands something else.
        if known is not None and known[0] is recorded:
            return known[1]
        after = self._evolve(state, recorded)
        self._known[recorded.position] = recorded, after
        if len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]
        return after
