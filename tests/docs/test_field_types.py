"""Whatever fields the events and commands of a new aggregate have, the documents have words."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from command_shapes import Shapes
from domain_docs import shapes_of


class Colour(StrEnum):
    """What it looks like."""

    RED = "red"


class Leaf(msgspec.Struct):
    """The innermost."""

    colour: Colour


class Branch(msgspec.Struct):
    """In between."""

    leaves: tuple[Leaf, ...]


class Tree(msgspec.Struct):
    """A field of each kind."""

    branch: Branch
    words: str
    whole: int
    share: Annotated[float, msgspec.Meta(gt=0, lt=1)]
    few: Annotated[int, msgspec.Meta(le=9)]
    fixed: bool
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    day: date
    hour: Annotated[time, msgspec.Meta(tz=False)]
    lasts: timedelta
    key: UUID
    price: Decimal
    raw: bytes
    names: frozenset[str]
    counts: dict[str, int]
    kind: Literal["oak", "elm"]
    more: Any
    none: int | None = None


IN_BOTH = {
    "branch": "[Branch](#branch)",
    "words": "text",
    "whole": "whole number",
    "share": "number, more than 0, less than 1",
    "few": "whole number, at most 9",
    "fixed": "true or false",
    "at": "time",
    "day": "date",
    "hour": "time of day",
    "lasts": "duration (ISO 8601, such as `PT30M`)",
    "key": "UUID",
    "price": "number, as text",
    "raw": "bytes in Base64",
    "names": "list of text",
    "counts": "object with keys of text, each whole number",
    "kind": "`elm`, `oak`",
    "more": "any value",
    "none": "whole number or null",
}
OF_EVENTS = {
    "whole": "integer",
    "share": "number",
    "few": "integer",
    "fixed": "boolean",
    "counts": "object with keys of text, each integer",
    "kind": "`oak`, `elm`",
    "none": "integer or null",
}


def cells(lines: list[str]) -> dict[str, str]:
    rows = [line.split("|") for line in lines if line.startswith("| `")]
    return {row[1].strip(" `"): row[2].strip() for row in rows}


def test_of_commands():
    shapes = Shapes([Tree])
    assert cells(shapes.table("Tree")) == IN_BOTH
    assert cells(shapes.within("###")) == {"leaves": "list of [Leaf](#leaf)", "colour": "`red`"}


def test_of_events_with_the_parts_of_parts():
    lines = shapes_of({"Tree": Tree})
    assert [line for line in lines if line.startswith("### ")] == [
        f"### {name}" for name in ("Branch", "Colour", "Leaf", "Tree")
    ]
    expected = IN_BOTH | OF_EVENTS
    assert cells(lines) == expected | {
        "leaves": "list of [Leaf](#leaf)",
        "colour": "[Colour](#colour)",
    }
