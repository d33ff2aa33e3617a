"""A table that has to say something about every kind of event says so as it is imported."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

T = TypeVar("T")
Kind = type[Any]


def kinds(union: Any) -> tuple[Kind, ...]:
    """The members of a union, in its order; a single kind is a union of one."""
    return get_args(union) or (union,)


def total(what: str, kinds: Iterable[Kind], table: Mapping[Kind, T]) -> Mapping[Kind, T]:
    """The table, which has an entry for each of these kinds and no other. Who means nothing by an
    event says None. Raises TypeError, which names what is missing and what is too much.
    """
    wanted = set(kinds)
    missing = sorted(kind.__name__ for kind in wanted - table.keys())
    strange = sorted(kind.__name__ for kind in table.keys() - wanted)
    if missing or strange:
        parts = [
            f"{problem} {', '.join(names)}"
            for problem, names in (("nothing about", missing), ("something about", strange))
            if names
        ]
        raise TypeError(f"{what}: it says {' and '.join(parts)}")
    return table
