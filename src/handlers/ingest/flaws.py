"""What of a body could not be read as it was meant: noted where it is met, told of the report.

Whoever reads a part of a body that has a flaw goes on without that part and notes it; who makes the
report collects what was noted meanwhile. So no reader hands flaws through, and none is lost.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

FLAWS_MAX = 20
"""So many flaws are told of one report."""
NOTED_MAX = 1_000

Path = tuple[str | int, ...]


class Flaw(NamedTuple):
    """What is wrong, and where: the keys and places that lead there, none for the whole body."""

    path: Path
    what: str

    def __str__(self) -> str:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return f"`{where.lstrip('.')[:120]}` {self.what}" if where else self.what


_NOTED: ContextVar[list[Flaw] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[Flaw]]:
    """Collect what is noted as long as the context lasts; outer ones do not get it."""
    noted: list[Flaw] = []
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def note(what: str, *path: str | int) -> None:
    """Say that something could not be read as it was meant. Nothing is done where nobody asks."""
    noted = _NOTED.get()
    if noted is not None and len(noted) < NOTED_MAX:
        noted.append(Flaw(path, what))
