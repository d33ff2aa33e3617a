"""A table follows from the struct of its rows."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec
import pytest

from projections.projection import Column, Put
from projections.table import put_into, table_of
from support.spec import NOON


class Colour(StrEnum):
    RED = "red"


class Part(msgspec.Struct, frozen=True):
    size: int


class Row(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    name: str
    colour: Colour | None
    kind: Literal["a", "b"]
    count: int
    place: int
    share: float | None
    known: bool
    tags: tuple[str, ...]
    body: bytes
    part: Part | None
    parts: dict[str, Part]


TABLE = table_of(Row, name="things", key=("name", "place"), about=(), types={"count": "integer"})


def row(part: Part | None = None) -> Row:
    return Row(
        at=NOON, name="n", colour=Colour.RED, kind="a", count=1, place=2, share=None, known=True,
        tags=("x", "y"), body=b"b", part=part, parts={"p": Part(3)},
    )  # fmt: skip


def test_the_key_comes_first_and_types_follow_from_the_fields():
    assert TABLE.columns == (
        Column("name", "text"),
        Column("place", "bigint"),
        Column("at", "timestamptz"),
        Column("colour", "text", null=True),
        Column("kind", "text"),
        Column("count", "integer"),
        Column("share", "double precision", null=True),
        Column("known", "boolean"),
        Column("tags", "text[]"),
        Column("body", "bytea"),
        Column("part", "text", null=True),
        Column("parts", "text"),
    )
    assert TABLE.keys == 2


def test_a_row_is_put_in_the_order_of_the_columns_and_documents_as_json():
    put = put_into(TABLE, Row)
    start = ("n", 2, NOON, "red", "a", 1, None, True, ("x", "y"), b"b")
    assert put(row()) == Put("things", (*start, None, '{"p":{"size":3}}'))
    assert put(row(Part(7))) == Put("things", (*start, '{"size":7}', '{"p":{"size":3}}'))


def test_a_row_of_one_column_is_a_row():
    class One(msgspec.Struct, frozen=True):
        id: str

    table = table_of(One, name="ones", key=("id",), about=())
    assert put_into(table, One)(One("a")) == Put("ones", ("a",))


def test_a_type_that_no_column_has_is_refused_with_its_name():
    class Odd(msgspec.Struct, frozen=True):
        id: str
        odd: complex

    with pytest.raises(TypeError, match=r"^odd: say which type"):
        table_of(Odd, name="odd", key=("id",), about=())
    assert (
        table_of(Odd, name="odd", key=("id",), about=(), types={"odd": "jsonb"}).columns[1].type
        == "jsonb"
    )
