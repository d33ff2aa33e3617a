"""A table that has to say something about every kind of event says so as it is imported."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

K = TypeVar("K")
T = TypeVar("T")
Kind = type[Any]


def kinds(union: Any) -> tuple[Kind, ...]:
    """The members of a union, in its order; a single kind is a union of one."""
    return get_args(union) or (union,)


def total(what: str, keys: Iterable[K], table: Mapping[K, T]) -> Mapping[K, T]:
    """The table, which has an entry for each of these kinds of events (or members of an
    enumeration) and no other. Who means nothing by an event says None. Raises TypeError, which
    names what is missing and what is too much.
    """
    wanted = set(keys)
    problems = (
        ("nothing about", wanted - table.keys()),
        ("something about", table.keys() - wanted),
    )
    parts = [
        f"{problem} {', '.join(sorted(_name(key) for key in found))}"
        for problem, found in problems
        if found
    ]
    if parts:
        raise TypeError(f"{what}: it says {' and '.join(parts)}")
    return table


def chosen(what: str, keys: Iterable[K], table: Mapping[K, bool]) -> tuple[K, ...]:
    """The keys to which the table says yes; it says yes or no to each. Raises TypeError."""
    return tuple(key for key, yes in total(what, keys, table).items() if yes)


def apart(what: str, *tables: Mapping[K, Any]) -> None:
    """Raises TypeError if two of these tables say something about one key."""
    seen: set[K] = set()
    for table in tables:
        if twice := seen & table.keys():
            raise TypeError(f"{what}: two tables speak of {', '.join(map(_name, twice))}")
        seen |= table.keys()


def _name(key: object) -> str:
    return str(getattr(key, "__name__", key))
