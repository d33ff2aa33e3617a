"""Which read models an answer was made of, so that it can say whether they follow the log."""

from collections.abc import Iterable
from contextvars import ContextVar

from handlers.projecting.projector import Status

ASKED: ContextVar[set[str] | None] = ContextVar("asked", default=None)
"""The read models that were asked for the answer under way; None: nobody wants to know."""

CURRENT = frozenset({"following", "standby"})
"""Phases in which rows follow the log, here or in another instance."""


def note_asked(name: str) -> None:
    """The answer under way is made of this read model."""
    asked = ASKED.get()
    if asked is not None:
        asked.add(name)


def explain_stale(asked: Iterable[str], statuses: Iterable[Status]) -> str | None:
    """Which of these do not follow the log, and where they stand; None: all do."""
    names = set(asked)
    said = [
        f"{status.name} shows the log up to {status.position} ({status.phase})"
        for status in statuses
        if status.name in names and status.phase not in CURRENT
    ]
    return "; ".join(said) or None
