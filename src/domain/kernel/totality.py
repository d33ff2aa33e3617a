"""A table that has to say something about every kind of event says so as it is imported."""

import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any, TypeVar, get_args

K = TypeVar("K")
T = TypeVar("T")
Kind = type[Any]


def kinds(union: Any) -> tuple[Kind, ...]:
    """The members of a union, in its order; a single kind is a union of one."""
    return get_args(union) or (union,)


def phases(union: Any) -> tuple[str, ...]:
    """The names of the states of a union: their tags, or else the names of their types."""
    return tuple(_phase(kind) for kind in kinds(union))


def _phase(kind: Kind) -> str:
    tag = kind.__struct_config__.tag
    return (
        str(tag) if tag is not None else re.sub("(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()
    )


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


def listed(
    what: str, kind: Any, exporters: Iterable[ModuleType], found: tuple[T, ...]
) -> tuple[T, ...]:
    """What is listed, if it is all of this kind that these packages export, each once. Raises
    TypeError, which names what is missing.
    """
    for package in exporters:
        exported = {name: each for name, each in vars(package).items() if isinstance(each, kind)}
        for name, value in exported.items():
            if sum(value is each for each in found) != 1:
                raise TypeError(f"{what}: {package.__name__}.{name} is to be listed once")
    return found


def named(what: str, union: Any, table: Mapping[str, type[K]]) -> Mapping[str, type[K]]:
    """Kinds by their names, all of a union, each once. Raises TypeError."""
    total(what, kinds(union), {kind: name for name, kind in table.items()})
    if len(set(table.values())) != len(table):
        raise TypeError(f"{what}: two names are those of one kind")
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
