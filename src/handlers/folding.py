"""Folding commits into rows: pure, and the same for a live projector, a rebuild and a test.

A key whose state is still `initial` itself is neither stored nor shown, and a commit after which
`evolve` returned the very state it was given changes no key. A row belongs to one key: `show` must
put or drop every row that it could ever have given for that key, because how many commits lie
between two calls depends on the batches.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import msgspec

from domain.commit import Event, Recorded
from projections.projection import Change, Projection, Put, nothing

S = TypeVar("S")
Row = tuple[Any, ...]
Ours = list[tuple[str, Recorded[Event]]]

STATES_KEPT = 20_000
"""States that a live projector keeps in memory; the others are read back from its rows."""


class Changes(msgspec.Struct, Generic[S]):
    """What a batch changes: per table and primary key the row, or None where it goes; and the
    new state of each key.
    """

    rows: dict[str, dict[Row, Row | None]]
    states: dict[str, S]

    def __bool__(self) -> bool:
        return bool(self.rows or self.states)


def ours(projection: Projection[Any], batch: Sequence[Recorded[Event]]) -> Ours:
    """The commits that a projection follows, each with its key."""
    follows, key_of = projection.follows, projection.key
    return [
        (key, recorded)
        for recorded in batch
        if recorded.stream.startswith(follows) and (key := key_of(recorded)) is not None
    ]


class Folder(Generic[S]):
    """Folds batches of one projection, with the least recently used states dropped from memory."""

    def __init__(self, projection: Projection[S], capacity: int = STATES_KEPT) -> None:
        self.projection = projection
        self._capacity = capacity
        self._states: dict[str, S] = {}
        self._keys = {table.name: table.keys for table in projection.tables}

    def ours(self, batch: Sequence[Recorded[Event]]) -> Ours:
        """The commits that this projection follows, each with its key."""
        return ours(self.projection, batch)

    def unknown(self, ours: Ours) -> list[str]:
        """The keys whose states must be learnt before `ours` is folded."""
        if self.projection.evolve is None:
            return []
        return list({key for key, _ in ours if key not in self._states})

    def learn(self, states: Mapping[str, S]) -> None:
        """Take over states that were stored before."""
        self._states.update(states)

    def forget(self) -> None:
        """Drop all states: the stored ones may have become others."""
        self._states.clear()

    def fold(self, ours: Ours) -> Changes[S]:
        """The changes that `ours` makes; every unknown key must have been learnt."""
        changes: Changes[S] = Changes(rows={}, states={})
        each, evolve = self.projection.each, self.projection.evolve
        states, initial = self._states, cast("S", self.projection.initial)
        for key, recorded in ours:
            if evolve is None:
                self._merge(changes, each(initial, initial, recorded))
                continue
            before = states.pop(key, initial)  # popped and put back: the youngest stand last
            after = states[key] = evolve(before, recorded)
            if after is not before:
                changes.states[key] = after
            self._merge(changes, each(before, after, recorded))
        for key, state in changes.states.items():
            self._merge(changes, self.projection.show(key, state))
        while len(states) > self._capacity:
            del states[next(iter(states))]
        return changes

    def _merge(self, changes: Changes[S], given: Iterable[Change]) -> None:
        for change in given:
            table, row = change
            rows = changes.rows.setdefault(table, {})
            if type(change) is Put:
                rows[row[: self._keys[table]]] = row
            else:
                rows[row] = None


class Bulk(Generic[S]):
    """Folds a whole log for a rebuild: rows pile up per table in log order, to be taken away in
    bulk; each key is shown once, at the end. Nothing is merged here: the last row of a key wins.
    """

    def __init__(self, projection: Projection[S]) -> None:
        self.projection = projection
        self.rows: dict[str, list[Row]] = {table.name: [] for table in projection.tables}
        self.gone: dict[str, list[int]] = {table.name: [] for table in projection.tables}
        """Which of the waiting `rows` are removals: the key, and None for every other column."""
        self.states: dict[str, S] = {}
        self._width = {table.name: len(table.columns) for table in projection.tables}

    def fold(self, ours: Ours) -> None:
        """Fold commits that are this projection's; `states` must hold every key seen before."""
        evolve, each = self.projection.evolve, self.projection.each
        states, initial = self.states, cast("S", self.projection.initial)
        if evolve is None:
            for _, recorded in ours:
                self._take(each(initial, initial, recorded))
        elif each is nothing:
            for key, recorded in ours:
                before = states.get(key, initial)
                after = evolve(before, recorded)
                if after is not before:
                    states[key] = after
        else:
            for key, recorded in ours:
                before = states.get(key, initial)
                after = evolve(before, recorded)
                if after is not before:
                    states[key] = after
                self._take(each(before, after, recorded))

    def show(self, states: Iterable[tuple[str, S]]) -> None:
        """Give the rows of these final states."""
        for key, state in states:
            self._take(self.projection.show(key, state))

    def take(self, table: str) -> tuple[list[Row], list[int]]:
        """The waiting rows of a table and which of them are removals; they wait no longer."""
        taken = self.rows[table], self.gone[table]
        self.rows[table], self.gone[table] = [], []
        return taken

    def _take(self, changes: Iterable[Change]) -> None:
        for change in changes:
            table, row = change
            rows = self.rows[table]
            if type(change) is not Put:
                self.gone[table].append(len(rows))
                row += (None,) * (self._width[table] - len(row))
            rows.append(row)
