"""Calendars as their lines (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from domain.kernel.text import clean

_OCTETS = 75
"""A line of content is no longer (RFC 5545, 3.1)."""


def calendar(lines: Iterable[str]) -> str:
    """The document of these lines of content."""
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def calendar_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def calendar_text(text: str) -> str:
    """RFC 5545, 3.3.11."""
    said = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return said.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Long lines go on behind a space; no character is cut."""
    piece, size = "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + char, size + octets
    yield piece
