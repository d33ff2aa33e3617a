"""Rows as PostgreSQL takes them: a COPY stream for rebuilds, columns of arrays for live writes.

The COPY stream is JSON in the clothes of CSV. msgspec writes rows as JSON arrays, one a line, at
0.5 µs each, where binary COPY by the driver takes 2 µs of the same processor; with a backslash as
CSV's escape character PostgreSQL reads such lines once the brackets are gone, and once control
characters, which JSON escapes and CSV does not, stand for themselves.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

import msgspec

from projections.projection import Table

Row = tuple[Any, ...]


class Dialect(TypedDict):
    delimiter: str
    null: str
    quote: str
    escape: str


CSV: Dialect = {"delimiter": ",", "null": "null", "quote": '"', "escape": "\\"}
"""How `copy_to_table` is told to read what `copy_text` writes, in the format `csv`."""

PORTION = 256  # rows

_ENCODER = msgspec.json.Encoder()
_CONTROLS = ((b"\\n", b"\n"), (b"\\r", b"\r"), (b"\\t", b"\t"), (b"\\b", b"\b"), (b"\\f", b"\f"))
_UNICODE = re.compile(rb"\\u00([0-7][0-9a-f])")
_NUL_IN_JSON = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def copy_text(table: Table, rows: Sequence[Row], gone: Sequence[int] | None = None) -> bytes:
    """Rows as a COPY stream, one a line; with `gone`, a last column says which are removals."""
    prepared: Sequence[Row] = _with_array_literals(table, rows)
    if gone is not None:
        removals = set(gone)
        prepared = [(*row, number in removals) for number, row in enumerate(prepared)]
    # In portions that stay in the processor's cache, for each goes through several passes.
    portions = range(0, len(prepared), PORTION)
    return b"".join([_portion(prepared[start : start + PORTION]) for start in portions])


def _portion(rows: Sequence[Row]) -> bytes:
    text = _ENCODER.encode_lines(rows)
    if b"u0000" in text:
        text = _ENCODER.encode_lines([without_nul(row) for row in rows])
    # Inside a JSON string a bracket never has a line break beside it, so these are row ends.
    text = text[1:-2].replace(b"]\n[", b"\n") + b"\n"
    escapes = text.count(b"\\")
    quotes = text.count(b'\\"') if escapes else 0
    if escapes == quotes:
        return text  # only quotes are escaped, as CSV wants them
    broken = text.replace(b"\\n", b"\n")
    if escapes == quotes + len(text) - len(broken):
        return broken  # quotes and line breaks only
    return _control_characters(text)


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


def without_nul(row: Row) -> Row:
    """PostgreSQL's text and jsonb cannot hold U+0000; U+FFFD stands in its place."""
    return tuple(map(_replaced, row))


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return _NUL_IN_JSON.sub(r"\1\\ufffd", value.replace("\0", "\ufffd"))
    return [_replaced(item) for item in value] if isinstance(value, list | tuple) else value


def _escaped(item: str) -> str:
    return item.replace("\\", "\\\\").replace('"', '\\"')


def _with_array_literals(table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    arrays = [n for n, column in enumerate(table.columns) if column.type == "text[]"]
    if not arrays:
        return rows
    literals: list[Row] = []
    for row in rows:
        values = list(row)
        for number in arrays:
            if values[number] is not None:
                values[number] = array_literal(values[number])
        literals.append(tuple(values))
    return literals


def _control_characters(text: bytes) -> bytes:
    # JSON text holds no raw NUL, so NUL can stand for an escaped backslash meanwhile: after that,
    # every backslash left begins the escape that it seems to begin.
    text = text.replace(b"\\\\", b"\0")
    for escape, character in _CONTROLS:
        text = text.replace(escape, character)
    if b"\\u00" in text:
        decode: Callable[[re.Match[bytes]], bytes] = lambda found: bytes([int(found[1], 16)])  # noqa: E731
        text = _UNICODE.sub(decode, text)
    return text.replace(b"\0", b"\\\\")
