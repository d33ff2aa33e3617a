"""Whether work that waits is taken up: what stands still tells nobody by itself."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

STALLED_S = 15.0


class _Known(NamedTuple):
    waiting: int
    mark: Any
    since: float


class Movement:
    """What is told of several kinds of work, again and again, and which of them stands still."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[_Known, float]] = {}

    def note(self, name: str, waiting: int, mark: Any, within_s: float = STALLED_S) -> None:
        """So much waits, and `mark` changes whenever some of it is taken up."""
        known = self._known.get(name)
        moved = known is None or known[0].mark != mark or not known[0].waiting
        since = self._clock() if known is None or moved else known[0].since
        self._known[name] = _Known(waiting, mark, since), within_s

    def stalled(self) -> dict[str, str]:
        """What has waited for longer than it should, and how long."""
        now = self._clock()
        return {
            name: f"nothing was taken up for {now - known.since:.0f} s, and {known.waiting} wait"
            for name, (known, within_s) in self._known.items()
            if known.waiting and now - known.since > within_s
        }
