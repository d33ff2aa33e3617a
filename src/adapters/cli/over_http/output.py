"""What commands print: plain columns that other programs can cut, TSV, JSON."""

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from adapters.cli.safe_text import escaped, plain

LAST_MIN = 30
GAP = "  "


class PrintedColumn(NamedTuple):
    """A column of a table. `cell` makes it of a row and the time now; `drop`: on a narrow terminal
    those with the highest go first, 0 never; `wide`: shown only when wide output is asked for.
    """

    heading: str
    cell: Callable[[Any, datetime], str]
    drop: int = 0
    wide: bool = False


def rows(found: Sequence[Any], columns: Sequence[PrintedColumn], now: datetime, shape: str) -> None:
    """Rows in the shape that is asked for: `table`, `wide`, `tsv` or `json`."""
    if shape == "json":
        document(found)
        return
    shown = [each for each in columns if shape in {"wide", "tsv"} or not each.wide]
    cells = [[_cell(column.cell(row, now)) for column in shown] for row in found]
    if shape == "tsv":
        say("\t".join(each.heading.lower() for each in shown))
        for row in cells:
            say("\t".join(each.replace("\t", " ") for each in row))
        return
    if found:
        _aligned(shown, cells, shape)


def document(value: Any) -> None:
    """One JSON document; what a terminal might obey stands in strings only, escaped."""
    print(escaped(json.dumps(value, indent=2, ensure_ascii=False)))


def say(text: str) -> None:
    """A line, in which what could steer a terminal is shown, not obeyed."""
    print(plain(text))


def remark(text: str) -> None:
    """A line beside what was asked for, on standard error."""
    sys.stdout.flush()
    print(plain(text), file=sys.stderr)


def at(time: str | None) -> str:
    """A time in UTC for people, to the second."""
    return f"{time[:10]} {time[11:19]}" if time else "—"


def _cell(text: str) -> str:
    return plain(text).replace("\n", " ").strip()


def _aligned(columns: Sequence[PrintedColumn], cells: list[list[str]], shape: str) -> None:
    kept = list(range(len(columns)))
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() and shape != "wide" else None
    if room is not None:
        kept = _that_fit(columns, cells, room)
    lines = [[columns[place].heading for place in kept]]
    lines += [[row[place] for place in kept] for row in cells]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        padded = [
            f"{cell}{' ' * (width - _width(cell))}"
            for cell, width in zip(line, widths, strict=True)
        ]
        said = GAP.join(padded).rstrip()
        print(said if room is None or _width(said) <= room else f"{said[: room - 1]}…")


def _that_fit(
    columns: Sequence[PrintedColumn], cells: Iterable[Sequence[str]], room: int
) -> list[int]:
    """The places of the columns for which there is room."""
    table = [[each.heading for each in columns], *cells]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    kept = list(range(len(columns)))
    while True:
        *fixed, last = (widths[place] for place in kept)
        if sum(fixed) + min(last, LAST_MIN) + len(GAP) * len(fixed) <= room:
            return kept
        droppable = [place for place in kept if columns[place].drop]
        if not droppable:
            return kept
        kept.remove(max(droppable, key=lambda place: columns[place].drop))


def _width(text: str) -> int:
    """In cells of a terminal: signs of East Asia take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - rarely needed

    return sum(0 if combining(each) else 1 + (east_asian_width(each) in "WF") for each in text)
