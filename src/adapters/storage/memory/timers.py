"""Timers in memory, on a virtual clock: for tests and simulations."""

import heapq
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from handlers.kernel.ports import Unavailable
from handlers.processes.timers import Timer, check_names, checked, in_order, names_of

ON_TIME = (timedelta(0),)

Fate = Callable[[Timer], Sequence[timedelta]]
"""How late each wake-up of a timer is: `()` is lost, two of them are a duplicate."""


class MemoryTimers:
    """`handlers.processes.timers.Timers`. Time is told: `due(now)` gives what fires up to then.
    `fate` is asked once for each timer that fires, `down` makes everything unavailable, and `lose`
    forgets what is armed, as if the server's disk were gone.
    """

    def __init__(self, fate: Fate = lambda _: ON_TIME) -> None:
        self.fate = fate
        self.down = False
        self._armed: dict[tuple[str, str, str], Timer] = {}
        self._fired: list[tuple[datetime, int, Timer]] = []
        self._count = 0
        self._passed = datetime.min.replace(tzinfo=UTC)

    async def arm(self, timer: Timer) -> None:
        timer = checked(timer)
        self._reach()
        self._armed[names_of(timer)] = timer

    async def cancel(self, aggregate: str, key: str, name: str) -> None:
        check_names(aggregate, key, name)
        self._reach()
        self._armed.pop((aggregate, key, name), None)

    async def armed(self) -> list[Timer]:
        self._reach()
        return sorted(self._armed.values(), key=in_order)

    def due(self, now: datetime) -> list[Timer]:
        """Take out the wake-ups up to `now`, in their order. Nothing fires while `down`."""
        if self.down:
            return []
        for timer in sorted(self._armed.values(), key=in_order):
            if timer.due_at <= now:
                del self._armed[names_of(timer)]
                for late in self.fate(timer):
                    self._count += 1
                    fires_at = max(timer.due_at, self._passed) + late
                    heapq.heappush(self._fired, (fires_at, self._count, timer))
        self._passed = max(self._passed, now)
        woken: list[Timer] = []
        while self._fired and self._fired[0][0] <= now:
            woken.append(heapq.heappop(self._fired)[2])
        return woken

    def next_at(self) -> datetime | None:
        """When something fires next, for a clock that jumps there."""
        times = [timer.due_at for timer in self._armed.values()]
        return min([*times, *(at for at, _, _ in self._fired[:1])], default=None)

    def lose(self) -> None:
        """Forget what is armed and what has fired."""
        self._armed.clear()
        self._fired.clear()

    def _reach(self) -> None:
        if self.down:
            raise Unavailable("the timers are out of reach")
