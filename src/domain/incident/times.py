"""Times of which each may be unknown."""

from datetime import datetime


def earliest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two times."""
    if known is None or other is None:
        return known or other
    return min(known, other)


def latest(known: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times."""
    if known is None or other is None:
        return known or other
    return max(known, other)
