"""Looking into records of others: what is not of the type that it should be is not there."""

from collections.abc import Mapping
from typing import Any


def part(record: Any, name: str) -> Mapping[str, Any]:
    """The mapping that stands there; an empty one where none does."""
    found = record.get(name) if isinstance(record, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def items(record: Any, name: str) -> list[Any]:
    """The list that stands there; an empty one where none does."""
    found = record.get(name) if isinstance(record, Mapping) else None
    return found if isinstance(found, list) else []


def text(record: Any, name: str) -> str | None:
    """The text that stands there, if there is any."""
    found = record.get(name) if isinstance(record, Mapping) else None
    return found.strip() or None if isinstance(found, str) else None


def flag(record: Any, name: str) -> bool | None:
    """What is said to be true or false there."""
    found = record.get(name) if isinstance(record, Mapping) else None
    return found if isinstance(found, bool) else None
