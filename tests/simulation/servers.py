"""The log and the timers as a network shows them: slow, out of reach, and silent about a write."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from adapters.storage.memory.event_store import MemoryEventStore
from adapters.storage.memory.timers import MemoryTimers
from domain.kernel.commit import Recorded
from handlers.kernel.ports import Append, Unavailable
from handlers.processes.timers import Timer, names_of
from simulation.disturbances import Dice


class Network:
    """What calls go through. `out` while nobody gets through."""

    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.out = False

    async def pass_through(self) -> None:
        weather = self.dice.weather
        if self.dice.random.random() < weather.slow_call:
            await asyncio.sleep(self.dice.random.uniform(0.0, weather.slowest_call_s))
        self.fail("call failed")

    def fail(self, fault: str) -> None:
        if self.out or self.dice.hit(self.dice.weather.call_fails, fault):
            raise Unavailable(fault)


class ServerLog(MemoryEventStore):
    """The log behind the network; `landed` hears of each commit."""

    def __init__(self, network: Network, landed: Callable[[Recorded[Any]], None]) -> None:
        super().__init__()
        self._network = network
        self._landed = landed

    async def load(self, stream: str, after: int = 0) -> list[Recorded[Any]]:
        await self._network.pass_through()
        known = self._streams.get(stream, [])
        return [] if not known or known[-1].position <= after else await super().load(stream, after)

    async def append_together(self, writes: Sequence[Append]) -> list[int]:
        await self._network.pass_through()
        positions = await super().append_together(writes)
        for position in positions:
            self._landed(self._log[position - 1])
        self._network.fail("write without an answer")
        return positions

    def commits(self) -> list[Recorded[Any]]:
        """All there is, as the judge reads it."""
        return self._log


class ServerTimers(MemoryTimers):
    """The timers behind the network; `changed` is set when the next one may be another."""

    def __init__(self, network: Network) -> None:
        super().__init__(fate=lambda _: network.dice.arrivals("wake-up"))
        self.changed = asyncio.Event()
        self._network = network

    async def arm(self, timer: Timer) -> None:
        await self._network.pass_through()
        await super().arm(timer)
        self.changed.set()

    async def cancel(self, aggregate: str, key: str, name: str) -> None:
        await self._network.pass_through()
        await super().cancel(aggregate, key, name)

    async def armed(self) -> list[Timer]:
        await self._network.pass_through()
        return await super().armed()

    def soonest(self, key: str) -> Timer | None:
        """The next one of an aggregate."""
        found = [timer for (_, of, _), timer in self._armed.items() if of == key]
        return min(found, key=lambda timer: timer.due_at, default=None)

    def fire_early(self) -> Timer | None:
        """Take out one that is due within seconds, as if the server's clock ran ahead of ours."""
        pending = sorted(self._armed.values(), key=lambda timer: timer.due_at)
        if not pending:
            return None
        return self._armed.pop(names_of(pending[0]))
