"""A read model: a projection, and what may be asked of its rows.

A question is a value: SQL over the tables of the projection, what it takes, what it answers. It is
asked elsewhere (`handlers.queries.read_models`); `docs/decisions` (17) says why SQL stands here.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Generic, ParamSpec, TypeVar

import msgspec

from projections.projection import Projection

P = ParamSpec("P")
A = TypeVar("A")

PARAMETER = re.compile(r"\$([a-z_]+)")
NAME = re.compile(r"\{([a-z_]+)\}")


class Question(msgspec.Struct, Generic[P, A], frozen=True, kw_only=True):
    """What is asked of the rows of the projection named `of`.

    `sql` writes its tables `{table}` and the fields of `takes` `$field`; `{schema}` is the schema
    itself. Each row is one answer: a struct whose fields are the columns. A field that is a struct
    or a mapping is held as JSON, a `Commit` as the log holds it. Where answers are `whole`, the
    only column holds each.
    """

    of: str
    sql: str
    takes: Callable[P, msgspec.Struct]
    answer: type[A]
    whole: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters in the order in which they are numbered."""
        return tuple(dict.fromkeys(PARAMETER.findall(self.sql)))

    def over(self, schema: str) -> str:
        """The statement as PostgreSQL takes it, over the tables in a schema."""
        numbers = {name: f"${place}" for place, name in enumerate(self.parameters, start=1)}
        numbered = PARAMETER.sub(lambda found: numbers[found[1]], self.sql)
        return NAME.sub(
            lambda found: schema if found[1] == "schema" else f'"{schema}"."{found[1]}"', numbered
        )


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """`GET path` answers a question with a list; what it takes are the query parameters, with their
    defaults and limits. With `waits` there is `min_position` as well, to read one's own write.
    """

    path: str
    operation_id: str
    tag: str
    description: str
    question: Question[..., Any]
    waits: bool = False


class ReadModel(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the registry. `listings` are the routes that it brings. `shows` names the
    aggregate of which `GET` is answered from it. `unfinished` asks, by the name of an aggregate,
    for the ids of those whose deadlines still matter `since` a time.
    """

    projection: Projection[Any]
    listings: tuple[Listing, ...] = ()
    shows: str | None = None
    unfinished: Mapping[str, Question[..., str]] = {}
