"""Rows as PostgreSQL takes them in a statement: columns of arrays; and text that it can hold."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from projections.projection import Column, Table

Row = tuple[Any, ...]

NUL_REFUSED = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
"""What PostgreSQL raises when it is given U+0000."""

_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def columns(table: Table, rows: Iterable[Row]) -> list[Sequence[Any]]:
    """Rows turned into one sequence per column, as `unnest` wants them."""
    turned: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not turned:
        return [() for _ in table.columns]
    for number, column in enumerate(table.columns):
        if column.type == "text[]":
            turned[number] = [None if it is None else array_literal(it) for it in turned[number]]
    return turned


def array_literal(items: Sequence[str]) -> str:
    """A text[] as text (PostgreSQL manual, 8.15.6): unnest cannot take arrays of arrays."""
    return "{" + ",".join(f'"{_escaped(item)}"' for item in items) + "}"


def replace_nul(columns: Sequence[Column], row: Row) -> Row:
    """PostgreSQL's text and jsonb cannot hold U+0000; U+FFFD stands in its place."""
    return tuple(
        _replaced(value, in_json=column.type == "jsonb")
        for column, value in zip(columns, row, strict=True)
    )


def _replaced(value: Any, *, in_json: bool) -> Any:
    if isinstance(value, str):
        if in_json:
            return _NUL_IN_JSON.sub(r"\1\\ufffd", value)
        return value.replace("\0", "\ufffd")
    if isinstance(value, list | tuple):
        return [_replaced(item, in_json=False) for item in value]
    return value


def _escaped(item: str) -> str:
    return item.replace("\\", "\\\\").replace('"', '\\"')
