"""Reading the entries of a feed one by one, so that one that is broken costs no other."""

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from domain.kernel.text import clock
from handlers.ingest.history_import import ImportFault

T = TypeVar("T")


def entry(raw: bytes | msgspec.Raw, kind: type[T], line: int) -> T:
    """The entry in its shape. Raises `ImportFault`, with the field at fault."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        detail, _, path = str(error).partition(" - at `$")
        raise ImportFault(line, detail, path.rstrip("`").removeprefix(".") or None) from error


def utc(at: datetime | None) -> datetime | None:
    """The same instant in UTC, so that one instant has one text."""
    return at.astimezone(UTC) if at else None


def show(at: datetime) -> str:
    """An instant for people, to the minute."""
    return clock(at.astimezone(UTC))
