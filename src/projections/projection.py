"""A read model is a value: its tables, what it follows, and how an event changes its rows.

A projection is folded per key (an incident, say). It may keep a state per key, give rows for each
commit (`each`), rows for each key that a batch has touched (`show`), or both. It is disposable:
everything in its tables follows from the log alone, so a rebuild gives the same rows. States are
no part of it: who needs one folds the streams of its key once more, from a snapshot where one was
kept of a long history.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from domain.incident.visibility.visibility_events import VisibilitySet
from domain.kernel.commit import Event, Recorded
from domain.policy import Policy

S = TypeVar("S")


class Put(msgspec.Struct, frozen=True, gc=False):
    """Insert or replace a row; its first columns are the key of the table."""

    table: str
    row: tuple[Any, ...]


class Drop(msgspec.Struct, frozen=True, gc=False):
    """Remove the row with this key, if it is there."""

    table: str
    key: tuple[Any, ...]


Change = Put | Drop


class Column(NamedTuple):
    """A column and its PostgreSQL type: text, bigint, integer, double precision, boolean,
    timestamptz, text[], bytea or jsonb (given as JSON text).
    """

    name: str
    type: str
    null: bool = False


class Derived(NamedTuple):
    """A column that PostgreSQL makes of others by itself; nobody writes it."""

    name: str
    type: str
    sql: str


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of a projection. The first `keys` columns are its primary key. `about` are the
    columns that hold ids of incidents: no row of one is answered to whoever may not see that.
    `once`: each row is given once and stays, so that a rebuild can keep the key as rows come in,
    instead of at the end. `passing`: rows come and go, and few are there at a time, so that a
    rebuild can remember which are, and need not write down that a row goes which never came.
    `derived` are columns beside these, `inverted` those with an index of what stands in each (GIN).
    """

    name: str
    columns: tuple[Column, ...]
    about: tuple[str, ...]
    keys: int = 1
    indexes: tuple[tuple[str, ...], ...] = ()
    once: bool = False
    passing: bool = False
    derived: tuple[Derived, ...] = ()
    inverted: tuple[str, ...] = ()


def nothing(*_: object) -> Iterable[Change]:
    """No change: what a projection without `each`, or without `show`, gives."""
    return ()


def always(_before: object, _after: object) -> bool:
    """That a state may have other rows than the one before, as long as nobody knows better."""
    return True


def unchanged(state: S, _: Recorded[Event]) -> S:
    """The same state: how a projection without one evolves."""
    return state


INCIDENTS = "incident."
"""What the streams of incidents begin with."""
SIGHT = Table(
    name="sight",
    columns=(Column("id", "text"), Column("people", "text[]"), Column("teams", "text[]")),
    about=(),
)
"""A row for each incident that is private now, with who alone may see it."""


def sight_rows(_before: object, _after: object, recorded: Recorded[Event]) -> Iterable[Change]:
    """Who may see an incident after a commit that says so."""
    for event in recorded.commit.events:
        if type(event) is VisibilitySet:
            yield (
                Drop(SIGHT.name, (recorded.key,))
                if event.private is None
                else Put(SIGHT.name, (recorded.key, event.private.people, event.private.teams))
            )


class Projection(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """`follows` are prefixes of streams such as `incident.`; what stands behind it is the key.

    `initial` is the state of a key not seen before. Projections that follow the same streams and
    `evolve` by the same function keep the same states: a rebuild folds them once for all. Raise
    `version` whenever the same log should give other rows. What follows other streams with states
    of another kind, for the same tables, stands `beside` it. Where rows follow from the policy as
    well, `under` gives the same for another one, and `policy_fingerprint` tells their rows apart.
    `moves` says whether the rows of a key may be others after one state than after another that it
    was shown in, where that is seen without making them: so what stays as it is is not written.
    `snapshot` is the type of its states, where keys may have histories so long that states are
    kept, as of an aggregate; then it follows one kind of stream.
    """

    name: str
    version: int
    follows: tuple[str, ...]
    tables: tuple[Table, ...]
    initial: S | None = None
    evolve: Callable[[S, Recorded[Event]], S] = unchanged
    each: Callable[[S, S, Recorded[Event]], Iterable[Change]] = nothing
    show: Callable[[str, S], Iterable[Change]] = nothing
    moves: Callable[[S, S], bool] = always
    beside: tuple["Projection[Any]", ...] = ()
    under: "Callable[[Policy], Projection[Any]] | None" = None
    policy_fingerprint: str = ""
    snapshot: Any = None

    def __post_init__(self) -> None:
        """Whatever tells of incidents has beside it who may see which, in the same rows: what is
        written together is seen together.
        """
        if not any(table.about for table in self.tables):
            return
        if SIGHT not in self.tables:
            msgspec.structs.force_setattr(self, "tables", (*self.tables, SIGHT))
        if all(part.each is not sight_rows for part in self.beside):
            kept = Projection[Any](
                name=self.name,
                version=self.version,
                follows=(INCIDENTS,),
                tables=(SIGHT,),
                each=sight_rows,
                policy_fingerprint=self.policy_fingerprint,
            )
            msgspec.structs.force_setattr(self, "beside", (*self.beside, kept))

    def by(self, policy: Policy) -> "Projection[Any]":
        """It where this policy is in force."""
        return self.under(policy) if self.under else self

    @property
    def parts(self) -> tuple["Projection[Any]", ...]:
        """The projection and what stands beside it: each has states of its own."""
        return (self, *self.beside)

    @property
    def streams(self) -> tuple[str, ...]:
        """The prefixes of all streams that its rows follow from."""
        return tuple(dict.fromkeys(prefix for part in self.parts for prefix in part.follows))

    @property
    def schema(self) -> str:
        """The PostgreSQL schema of this version, such as `timeline_v3`."""
        policy = f"_{self.policy_fingerprint}" if self.policy_fingerprint else ""
        return f"{self.name}_v{self.version}{policy}"


def rows_beside(
    folded: Projection[S],
    name: str,
    version: int,
    tables: tuple[Table, ...],
    each: Callable[[S, S, Recorded[Event]], Iterable[Change]],
) -> Projection[S]:
    """Other rows of what a projection folds, which is folded once for both."""
    return Projection(
        name=name,
        version=version,
        follows=folded.follows,
        tables=tables,
        initial=folded.initial,
        evolve=folded.evolve,
        each=each,
    )
