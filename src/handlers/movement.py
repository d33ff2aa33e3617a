"""Whether work that waits is taken up, and what is done again and again goes well: what stands
still tells nobody by itself.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import structlog

from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Unbuilt

STALLED_S = 15.0

log = structlog.get_logger()


class _Known(NamedTuple):
    waiting: int
    mark: Any
    since: float


class Movement:
    """What is told of several kinds of work, again and again, and which of them stands still."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[str, tuple[_Known, float]] = {}
        self._failing: dict[str, tuple[float, str]] = {}
        self.faults: Counter[str] = Counter()
        """How often what is attempted has failed, by its name."""

    async def attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> bool:
        """Do what is done again and again; whether it went well. A fault of ours in it is shown
        until it does, and ends nothing: pages are sent meanwhile. An outage is no fault, and shown
        elsewhere.
        """
        try:
            await work()
        except (Unavailable, Unbuilt):
            return False
        except Exception as fault:
            self.faults[name] += 1
            why = f"{type(fault).__name__}: {fault}"
            since, known = self._failing.get(name, (self._clock(), ""))
            if why != known:
                log.exception("work.fault", work=name)
            self._failing[name] = since, why
            return False
        self._failing.pop(name, None)
        return True

    def note(self, name: str, waiting: int, mark: Any, within_s: float = STALLED_S) -> None:
        """So much waits, and `mark` changes whenever some of it is taken up."""
        known = self._known.get(name)
        moved = known is None or known[0].mark != mark or not known[0].waiting
        since = self._clock() if known is None or moved else known[0].since
        self._known[name] = _Known(waiting, mark, since), within_s

    def stalled(self) -> dict[str, str]:
        """What has waited for longer than it should, or fails, how long, and why."""
        now = self._clock()
        failing = {
            name: f"has failed for {now - since:.0f} s: {why}"
            for name, (since, why) in self._failing.items()
        }
        return failing | {
            name: f"nothing was taken up for {now - known.since:.0f} s, and {known.waiting} wait"
            for name, (known, within_s) in self._known.items()
            if known.waiting and now - known.since > within_s
        }
