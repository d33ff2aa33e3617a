"""A table from the struct of its rows: each column is written once, as a field."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from projections.projection import Change, Column, Drop, Put, Table

R = TypeVar("R", bound=msgspec.Struct)

_TYPES: Mapping[Any, str] = {
    str: "text",
    int: "bigint",
    float: "double precision",
    bool: "boolean",
    datetime: "timestamptz",
    bytes: "bytea",
    tuple[str, ...]: "text[]",
}
_ENCODE = msgspec.json.Encoder().encode


def table_of(  # noqa: PLR0913
    row: type[msgspec.Struct],
    *,
    name: str,
    key: tuple[str, ...],
    about: tuple[str, ...],
    types: Mapping[str, str] = {},
    indexes: tuple[tuple[str, ...], ...] = (),
    once: bool = False,
) -> Table:
    """The table of such rows: the columns of its `key` first, the others in the order of the
    fields. `types` says where PostgreSQL's is not the usual one; see `Table` for the rest, and
    above all for `about`, which nobody may forget.
    """
    kinds = {field.name: field.type for field in msgspec.structs.fields(row)}
    order = (*key, *(each for each in kinds if each not in key))
    columns = tuple(_column(each, kinds[each], types.get(each)) for each in order)
    assert set(about) <= set(kinds), f"{name}: {about}"
    return Table(name=name, columns=columns, about=about, keys=len(key), indexes=indexes, once=once)


def put_into(table: Table, row: type[R]) -> Callable[[R], Put]:
    """How such a row becomes a change of its table."""
    names = tuple(column.name for column in table.columns)
    kinds = {field.name: field.type for field in msgspec.structs.fields(row)}
    as_json = [place for place, each in enumerate(names) if is_document(kinds[each])]
    values = attrgetter(*names) if len(names) > 1 else lambda row: (getattr(row, names[0]),)

    def put(row: R) -> Put:
        return Put(table.name, values(row))

    def put_with_json(row: R) -> Put:
        cells = list(values(row))
        for place in as_json:
            if cells[place] is not None:
                cells[place] = _ENCODE(cells[place]).decode()
        return Put(table.name, tuple(cells))

    return put_with_json if as_json else put


def row_changes(
    table: Table, were: Mapping[Any, R], are: Mapping[Any, R], put: Callable[[R], Put]
) -> Iterator[Change]:
    """What turns these rows of a table, by key, into those."""
    yield from (Drop(table.name, key) for key in were if key not in are)
    yield from (put(row) for key, row in are.items() if were.get(key) != row)


def required(kind: Any) -> tuple[Any, bool]:
    """A type without its None, and whether it had one."""
    if get_origin(kind) not in {Union, UnionType}:
        return kind, False
    others = [each for each in get_args(kind) if each is not type(None)]
    return (others[0] if len(others) == 1 else kind), len(others) < len(get_args(kind))


def is_document(kind: Any) -> bool:
    """Whether a column holds such a value whole, as JSON text: a struct, a mapping, or a list of
    structs.
    """
    plain = required(kind)[0]
    if get_origin(plain) is tuple:
        plain = get_args(plain)[0]
    plain = get_origin(plain) or plain
    return isinstance(plain, type) and issubclass(plain, msgspec.Struct | dict)


def _column(name: str, kind: Any, given: str | None) -> Column:
    plain, null = required(kind)
    return Column(name, given or _type_of(name, plain), null)


def _type_of(name: str, kind: Any) -> str:
    if kind in _TYPES:
        return _TYPES[kind]
    if is_document(kind) or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return "text"
    if get_origin(kind) is Literal and all(isinstance(each, str) for each in get_args(kind)):
        return "text"
    raise TypeError(f"{name}: say which type PostgreSQL has for {kind}")
