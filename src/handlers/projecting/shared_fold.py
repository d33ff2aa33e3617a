"""Folding a commit once for all who make the same of it, and sorting a batch once for all."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

from domain.kernel.commit import Event, Recorded
from projections.projection import unchanged

S = TypeVar("S")
Evolve = Callable[[S, Recorded[Event]], S]

REMEMBERED = 4_000
"""Commits whose states are at hand for those who meet them later."""
SORTED = 16
"""Batches whose streams are at hand."""

Commits = list[Recorded[Event]]


def by_stream(batch: Iterable[Recorded[Event]]) -> dict[str, Commits]:
    """The commits of each stream."""
    streams: defaultdict[str, Commits] = defaultdict(list)
    for recorded in batch:
        streams[recorded.stream].append(recorded)
    return streams


class SharedFolds:
    """Projections that evolve by the same function have the same state after the same commit. Who
    meets it first folds it; the others take that state. Without the others it is only folded.
    """

    def __init__(self) -> None:
        self._folds: dict[Any, _Fold[Any]] = {}
        self._sorted: OrderedDict[tuple[int, int], tuple[Recorded[Event], Any]] = OrderedDict()

    def by_stream(self, batch: Sequence[Recorded[Event]]) -> Mapping[str, Commits]:
        """As the function of that name, made once of the same batch. It is everybody's."""
        if not batch:
            return {}
        place = batch[0].position, batch[-1].position
        known = self._sorted.get(place)
        if known is None or known[0] is not batch[-1]:
            known = self._sorted[place] = batch[-1], by_stream(batch)
            if len(self._sorted) > SORTED:
                self._sorted.popitem(last=False)
        streams: Mapping[str, Commits] = known[1]
        return streams

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
