"""A read model: a projection, and what may be asked of its rows.

A question is a value: SQL over the tables of the projection, what it takes, what it answers. It is
asked elsewhere (`handlers.queries.read_models`); `docs/decisions` (17) says why SQL stands here.
"""

# ruff: noqa: S608 - names are ours, values are parameters

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Generic, ParamSpec, Protocol, TypeVar

import msgspec

from domain.kernel.aggregate import AnyAggregate
from domain.kernel.commit import Event, Recorded
from domain.kernel.roster import Roster
from domain.policy import Policy
from projections.past import Cut
from projections.projection import Projection, Table
from projections.seen_rows import hidden_from, seen_table

P = ParamSpec("P")
A = TypeVar("A")

POSITION_MAX = 2**53 - 1
"""JSON readers keep integers up to here."""
Whole = Annotated[int, msgspec.Meta(ge=0, le=POSITION_MAX)]
"""A position or a number that somebody names, 0: before the first."""

PARAMETER = re.compile(r"\$([a-z_]+)")
NAME = re.compile(r"\{([a-z_]+)\}")


class Question(msgspec.Struct, Generic[P, A], frozen=True, kw_only=True):
    """What is asked of the rows of the projection named `of`.

    `sql` writes its tables `{table}` and the fields of `takes` `$field`; `{schema}` is the schema
    itself. Each row is one answer: a struct whose fields are the columns. A field that is a struct
    or a mapping is held as JSON, a `Commit` as the log holds it. Where answers are `whole`, the
    only column holds each. `made_of` is SQL of one value that changes whenever a row does; then the
    answer is remembered until it does, so that what is costly is paid for once; and may be
    `kept_up` then, so that a change costs what has changed.
    """

    of: str
    sql: str
    takes: Callable[P, msgspec.Struct]
    answer: type[A]
    whole: bool = False
    made_of: str | None = None
    kept_up: "KeptUp | None" = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters in the order in which they are numbered."""
        return tuple(dict.fromkeys(PARAMETER.findall(self.sql)))

    def over(self, schema: str, tables: Iterable[Table]) -> str:
        """The statement as PostgreSQL takes it, over these tables in a schema. Behind its own
        parameters come those of the viewer (`seen_rows`): what is hidden from it has no rows.
        """
        names = self.parameters
        numbers = {name: f"${place}" for place, name in enumerate(names, start=1)}
        sql = PARAMETER.sub(lambda found: numbers[found[1]], self.sql)
        kept = tuple(tables)
        hidden = hidden_from(schema, kept, len(names))
        seen = {each.name: seen_table(each, schema, hidden) for each in kept if each.about}
        return _named(sql, schema, seen)

    def stamp_over(self, schema: str) -> str:
        """What tells whether the rows are still those that an answer was made of."""
        assert self.made_of is not None, "asked where answers are remembered"
        return _named(
            f"SELECT build, ({self.made_of}) FROM commandpost.projection"
            " WHERE schema = '{schema}'",
            schema,
        )


class BehindPosition(msgspec.Struct, frozen=True, kw_only=True):
    """At most so many, behind a position."""

    position: int
    most: int


class Running(Protocol):
    """Rows in memory, and the answers that they give to what was prepared."""

    def __len__(self) -> int: ...

    def put(self, rows: Iterable[Any]) -> None:
        """Rows that are so now, instead of those of the same key."""
        ...

    def prepare(self, asked: Any) -> Iterator[None]:
        """Get ready to answer this, step by step; nothing else is to be done meanwhile."""
        ...

    def is_prepared(self, asked: Any) -> bool:
        """Whether it can answer this."""
        ...

    def answer(self, asked: Any) -> list[Any]:
        """What the question would answer over these rows."""
        ...

    def unprepare(self) -> None:
        """Keep the rows alone."""
        ...


class KeptUp(msgspec.Struct, frozen=True, kw_only=True):
    """How the answers to a question follow from rows in memory. `changed` takes a `BehindPosition`
    and gives the rows behind it, the oldest first, with the `position` of each; none ever goes.
    """

    changed: Question[..., Any]
    begin: Callable[[], Running]


def _named(sql: str, schema: str, seen: Mapping[str, str] = {}) -> str:
    names = {"schema": schema, **seen}
    return NAME.sub(lambda found: names.get(found[1]) or f'"{schema}"."{found[1]}"', sql)


class ById(msgspec.Struct, frozen=True, kw_only=True):
    """One aggregate."""

    id: str


class ByIds(msgspec.Struct, frozen=True, kw_only=True):
    """Several aggregates."""

    ids: tuple[str, ...]


class Nothing(msgspec.Struct, frozen=True):
    """There is nothing to choose."""


Place = int | str
"""Where a list goes on, as a parameter has it."""


class Found(msgspec.Struct, Generic[A], frozen=True):
    """A page of answers; `next` is where the next one begins, None: there is none."""

    items: list[A]
    next: Place | None = None


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """How a list is handed out in pages of `limit`: the parameter `by` takes the place of the last
    one seen, and `place` is that of an answer. Its question gives those behind that in order, as
    many as are asked for: one more than the page holds. Without a `place` what is sent says in its
    `next` where it ends.
    """

    by: str
    place: Callable[[Any], Place] | None

    def page(self, found: list[A], limit: int) -> Found[A]:
        """The first so many, and where the others begin."""
        if self.place is None or len(found) <= limit:
            return Found(found)
        return Found(found[:limit], self.place(found[limit - 1]))


class Candidate(msgspec.Struct, Generic[A], frozen=True, kw_only=True):
    """One that a list of the past could hold, at its `place` in the list: `shown` where a row can
    tell what it was then, None where only its `commits` can, so many.
    """

    id: str
    place: int
    commits: int
    shown: A | None


FOLDED_MOST = 200
"""So many are folded from the log for one page of the past; then it ends, however short it is."""

Past = Callable[[Any, str, Sequence[Recorded[Event]], Cut], Iterable[Any]]
"""Given what is asked, a key and its commits: what the rows would have answered then."""


Along = Callable[[str, Sequence[Recorded[Event]], Cut], Sequence[str]]
"""Given a key and its commits: the keys whose commits tell of it as well."""


class LookBack(msgspec.Struct, frozen=True, kw_only=True):
    """How a resource is answered about the past, from the log: `past` makes of the commits of a
    key, in the streams whose names begin with `streams`, what its question would have answered.
    Where the path names no key, `candidates` are those that could match, in the order of the list,
    with at most one more than `FOLDED_MOST` to be folded; it takes the time of the look back too.
    `tells`: whether of the present, too, the log has to tell, given the rows that were found.
    Where figures are made of all of them, they go `into` a question that takes them as JSON, as
    `folded`, and answers from these and the rows that have not changed since.
    """

    streams: tuple[str, ...]
    past: Past
    candidates: Question[..., Candidate[Any]] | None = None
    tells: Callable[[list[Any]], bool] | None = None
    into: Question[..., Any] | None = None


def _as_found(_asked: Any, found: Found[Any], _cut: Cut) -> Any:
    return found.items


class Addition(msgspec.Struct, frozen=True, kw_only=True):
    """What another read model knows of the answers of a resource. Its `question` takes their `ids`,
    and answers with the `id` to which each belongs; `add` puts what belongs to one of them into it.
    About the past `then` says the same of the commits of one, in the streams whose names begin with
    `streams`, by the policy in force.
    """

    question: Question[..., Any]
    add: Callable[[Any, Sequence[Any]], Any]
    streams: tuple[str, ...]
    then: Callable[[str, Sequence[Recorded[Event]], Cut, Policy], Sequence[Any]]


Resolve = Callable[[Any, list[Any], Roster], list[Any]]
"""Given what is asked, the answers and the directory: these with what it knows of their names."""


class FromLog(msgspec.Struct, frozen=True, kw_only=True):
    """What the log alone answers, about now as about another time: `tell` makes it of what is
    asked, the commits in the streams whose names begin with `streams`, and the policy in force;
    None where nothing is known. `when`: of what is asked, perhaps only some.
    """

    streams: tuple[str, ...]
    tell: Callable[[Any, Sequence[Recorded[Event]], Cut, Policy], Any]
    when: Callable[[Any], bool] = lambda _: True


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """`GET path` answers a question. What that takes are the query parameters, with their defaults
    and limits; members of a `Literal` or an enumeration are separated by commas or repeated.

    A `{ref}` in the path names an aggregate, one that it is `about`; the question takes its `id`.
    `answer` makes what is sent, a value of the type `answers`, of what was asked and found, or None
    where the aggregate is not known; without both, it is the list of what was found. With `paging`
    there are pages. Where there are `additions`, answers have an `id`. What is answered
    `from_log` needs no rows; where the log tells of one, the commits of others that stand `along`
    with it are read too. With `waits` there is `min_position` as well, to read one's own write, and
    with a `look_back` `as_of` and `known_at`. `resolve` puts into the answers what the directory
    knows of them now. `counts`: it is a figure of what everybody may see, whoever asks, so that it
    tells nobody of what is private. `summary` is that of the document.
    """

    path: str
    operation_id: str
    tag: str
    description: str
    question: Question[..., Any]
    about: AnyAggregate | None = None
    answers: Any = None
    answer: Callable[[Any, Found[Any], Cut], Any] = _as_found
    paging: Paging | None = None
    look_back: LookBack | None = None
    additions: tuple[Addition, ...] = ()
    from_log: FromLog | None = None
    along: Along | None = None
    resolve: Resolve | None = None
    waits: bool = False
    counts: bool = False
    summary: str | None = None

    @property
    def shows(self) -> AnyAggregate | None:
        """The aggregate of which one is shown, whole."""
        about = self.about
        return about if about and self.path == f"/v1/{about.plural}/{{ref}}" else None


class ReadModel(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the registry. `resources` are the routes that it brings. `unfinished` asks, by
    the name of an aggregate, for the ids of those whose deadlines still matter `since` a time.
    """

    projection: Projection[Any]
    resources: tuple[Resource, ...] = ()
    unfinished: Mapping[str, Question[..., str]] = {}
