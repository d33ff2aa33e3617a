"""Folding commits into rows: pure, and the same for a live projector, a rebuild and a test.

A key whose state is still `initial` itself is not shown, and a commit after which `evolve` returned
the very state it was given changes no key. A row belongs to one key: `show` must put or drop every
row that it could ever have given for that key, because how many commits lie between two calls
depends on the batches.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

import msgspec

from domain.kernel.commit import Event, Recorded, Unreadable, impossible
from handlers.kernel.snapshots import Snapshots, SnapshotsOf
from handlers.projecting.shared_fold import Commits, SharedFolds, by_stream
from projections.projection import Change, Projection, Put, nothing, unchanged

S = TypeVar("S")
Row = tuple[Any, ...]
Ours = dict[str, Commits]
"""The commits of each key that a batch touches, in the order of the log."""

STATES_KEPT = 20_000
"""States that a live projector keeps in memory; the others are folded again from the log."""


class Changes(msgspec.Struct):
    """What a batch changes: per table and primary key the row, or None where it goes; and by
    position what is `aside`: it could not be read, or not be folded, and no row shows it.
    """

    rows: dict[str, dict[Row, Row | None]]
    aside: dict[int, Unreadable] = msgspec.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.rows or self.aside)

    def add(self, others: "Changes") -> None:
        """Take over the changes of other keys."""
        for table, rows in others.rows.items():
            self.rows.setdefault(table, {}).update(rows)
        self.aside.update(others.aside)


def unreadable_in(batch: Iterable[Recorded[Event]]) -> dict[int, Unreadable]:
    """What of a batch is no commit, by position."""
    return {each.position: each.unreadable for each in batch if each.unreadable is not None}


def by_key(follows: tuple[str, ...], streams: Mapping[str, Commits]) -> Ours:
    """The commits of each key in the streams with these prefixes."""
    ours: Ours = {}
    for stream, commits in streams.items():
        if stream.startswith(follows):
            key = stream.partition(".")[2]
            ours[key] = in_order(ours[key], commits) if key in ours else commits
    return ours


def in_order(*streams: Commits) -> Commits:
    """Commits of several streams in the order of the log."""
    commits = [recorded for stream in streams for recorded in stream]
    return sorted(commits, key=lambda recorded: recorded.position)


def state_after(projection: Projection[S], commits: Commits, since: S | None = None) -> S:
    """The state of a key with this history, or with this one behind a state. What cannot be folded
    leaves it as it was.
    """
    state = cast("S", projection.initial) if since is None else since
    for recorded in commits:
        try:
            state = projection.evolve(state, recorded)
        except Exception:  # noqa: BLE001, S112 - on record since it was first met
            continue
    return state


def _kept(projection: Projection[S], snapshots: Snapshots | None) -> SnapshotsOf[S] | None:
    """Snapshots of its states; who evolves by the same function keeps the same ones."""
    if snapshots is None or projection.snapshot is None:
        return None
    assert len(projection.follows) == 1, f"{projection.name}: a state of several streams"
    evolve = projection.evolve
    kind = f"projection {evolve.__module__}.{evolve.__qualname__}"
    return SnapshotsOf(snapshots, kind, projection.snapshot)


class Folder(Generic[S]):
    """Folds batches of one projection, with the least recently used states dropped from memory.
    What several with the same `shared` folds make of a commit is made once. What stands beside the
    projection has a folder of its own: `parts` are both.
    """

    def __init__(
        self,
        projection: Projection[S],
        capacity: int = STATES_KEPT,
        snapshots: Snapshots | None = None,
        shared: SharedFolds | None = None,
    ) -> None:
        self.projection = projection
        self.parts: tuple[Folder[Any], ...] = (
            self,
            *(Folder(each, capacity, snapshots, shared) for each in projection.beside),
        )
        self._evolve = projection.evolve if shared is None else shared.of(projection.evolve)
        self._sort = by_stream if shared is None else shared.by_stream
        self.kept = _kept(projection, snapshots)
        self._fresh: dict[str, int] = {}  # commits behind the last snapshot
        self._capacity = capacity
        self._states: dict[str, S] = {}
        self._keys = {table.name: table.keys for table in projection.tables}

    def select(self, batch: Sequence[Recorded[Event]]) -> Ours:
        """The commits that this projection follows, by key."""
        return by_key(self.projection.follows, self._sort(batch))

    def find_unknown(self, ours: Ours) -> list[str]:
        """The keys whose states must be learnt before `ours` is folded."""
        if self.projection.evolve is unchanged:
            return []
        return [key for key in ours if key not in self._states]

    def learn(self, states: Mapping[str, S]) -> None:
        """Take over states as they were before the next batch."""
        self._states.update(states)

    def forget(self) -> None:
        """Drop all states: the rows may go on from another place."""
        self._states.clear()
        self._fresh.clear()
        for part in self.parts[1:]:
            part.forget()

    def fold(self, ours: Ours) -> Changes:
        """The changes that `ours` makes; every unknown key must have been learnt. A commit that
        cannot be folded is set aside: its key is as it was, and the other keys go on.
        """
        changes = Changes(rows={})
        evolve, each, show = self._evolve, self.projection.each, self.projection.show
        moves = self.projection.moves
        states, initial = self._states, cast("S", self.projection.initial)
        for key, commits in ours.items():
            known = state = states.pop(key, initial)  # and put back: the youngest stand last
            for recorded in commits:
                try:
                    before, state = state, evolve(state, recorded)
                    self._merge(changes, each(before, state, recorded))
                except Exception as fault:  # noqa: BLE001 - whatever it makes of what cannot be
                    changes.aside[recorded.position] = impossible(recorded, fault)
            states[key] = state
            if state is not known and moves(known, state):
                self._merge(changes, show(key, state))
        while len(states) > self._capacity:
            forgotten = next(iter(states))
            del states[forgotten]
            self._fresh.pop(forgotten, None)
        return changes

    def keep_long(self, ours: Ours) -> None:
        """Keep how those of these keys stand that were kept long ago."""
        if self.kept is None:
            return
        for key, commits in ours.items():
            fresh = self._fresh.get(key, 0) + len(commits)
            stream = commits[-1].stream
            if key in self._states and self.kept.is_due(stream, fresh):
                self.kept.keep(stream, self._states[key], commits[-1])
                fresh = 0
            self._fresh[key] = fresh

    def _merge(self, changes: Changes, given: Iterable[Change]) -> None:
        for change in given:
            rows = changes.rows.setdefault(change.table, {})
            if isinstance(change, Put):
                rows[change.row[: self._keys[change.table]]] = change.row
            else:
                rows[change.key] = None


class Pile:
    """The rows of one projection that wait to be taken away in bulk, in the order in which they
    came. Nothing is merged: the last row of a key wins.
    """

    def __init__(self, projection: Projection[Any]) -> None:
        self.projection = projection
        self.rows: dict[str, list[Row]] = {table.name: [] for table in projection.tables}
        self.gone: dict[str, list[int]] = {table.name: [] for table in projection.tables}
        """Which of the waiting `rows` are removals: the key, and None for every other column."""
        self._width = {table.name: len(table.columns) for table in projection.tables}
        self._keys = {table.name: table.keys for table in projection.tables}
        self._there = {table.name: set[Row]() for table in projection.tables if table.passing}
        self.folds = 0
        """How many folds still add to it."""
        self.aside: dict[int, Unreadable] = {}
        """By position what no row shows, because it could not be read or not be folded."""

    def add(self, changes: Iterable[Change]) -> None:
        """Put changes on the pile."""
        for change in changes:
            rows, there = self.rows[change.table], self._there.get(change.table)
            if isinstance(change, Put):
                rows.append(change.row)
                if there is not None:
                    there.add(change.row[: self._keys[change.table]])
            elif there is None or change.key in there:
                if there is not None:
                    there.remove(change.key)
                self.gone[change.table].append(len(rows))
                rows.append(change.key + (None,) * (self._width[change.table] - len(change.key)))

    def take(self, table: str) -> tuple[list[Row], list[int]]:
        """The waiting rows of a table and which of them are removals; they wait no longer."""
        taken = self.rows[table], self.gone[table]
        self.rows[table], self.gone[table] = [], []
        return taken


class Bulk(Generic[S]):
    """Folds a whole log for a rebuild, once for all projections that keep the same states; each
    key is shown once, at the end, or when its state leaves memory.
    """

    def __init__(self, fed: Sequence[tuple[Projection[S], Pile]]) -> None:
        self.projection: Projection[S] = fed[0][0]
        self.states: dict[str, S] = {}
        self.piles = [pile for _, pile in fed]
        self._each = [(part.each, pile.add, pile) for part, pile in fed if part.each is not nothing]
        self._show = [(part.show, pile.add) for part, pile in fed]
        self._left: set[str] = set()  # keys whose states have left memory
        for pile in self.piles:
            pile.folds += 1

    def forgotten(self, ours: Ours) -> list[str]:
        """The keys whose states must be learnt again before `ours` is folded."""
        if not self._left:
            return []
        return [key for key in ours if key in self._left and key not in self.states]

    def fold(self, ours: Ours) -> None:
        """Fold commits that these projections follow."""
        evolve, states = self.projection.evolve, self.states
        initial = cast("S", self.projection.initial)
        for key, commits in ours.items():
            state = states.get(key, initial)
            for recorded in commits:
                try:
                    before, state = state, evolve(state, recorded)
                except Exception as fault:  # noqa: BLE001 - as in `Folder.fold`
                    self._set_aside(self.piles, recorded, fault)
                    continue
                for each, add, pile in self._each:
                    try:
                        add(each(before, state, recorded))
                    except Exception as fault:  # noqa: BLE001 - likewise
                        self._set_aside((pile,), recorded, fault)
            if state is not initial:
                states[key] = state

    @staticmethod
    def _set_aside(piles: Iterable[Pile], recorded: Recorded[Event], fault: Exception) -> None:
        for pile in piles:
            pile.aside[recorded.position] = impossible(recorded, fault)

    def show(self, most: int) -> None:
        """Give the rows of up to `most` states, the ones met first, and drop these."""
        for key in [key for key, _ in zip(self.states, range(most), strict=False)]:
            state = self.states.pop(key)
            self._left.add(key)
            for show, add in self._show:
                add(show(key, state))

    def end(self) -> list[Pile]:
        """Add nothing more; the piles to which nobody else adds either."""
        for pile in self.piles:
            pile.folds -= 1
        return [pile for pile in self.piles if not pile.folds]


def combine(piles: Iterable[Pile]) -> list[Bulk[Any]]:
    """One fold for the projections that follow the same streams and evolve in the same way."""
    same: defaultdict[Any, list[tuple[Projection[Any], Pile]]] = defaultdict(list)
    for pile in piles:
        for part in pile.projection.parts:
            same[part.follows, part.evolve].append((part, pile))
    return [Bulk(fed) for fed in same.values()]
