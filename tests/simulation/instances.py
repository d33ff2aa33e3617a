"""Processes of the service, which die and come back without memory."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.kernel.commit import Recorded
from domain.policy import DEFAULT
from domain.registry import AGGREGATES
from handlers.kernel.ports import Unavailable
from handlers.movement import Movement
from handlers.processes import watchdog
from handlers.processes.runner import ProcessDependencies, ProcessRunner
from handlers.processes.timers import Timer

if TYPE_CHECKING:
    from simulation.world import World


class Look(NamedTuple):
    """Somebody has asked what is next for an incident, and come to an end with it."""

    began: datetime
    ended: datetime


class Watched(ProcessRunner):
    """A process runner that is watched: when did it look at what?"""

    world: "World"

    async def attend(
        self, name: str, id_: str, fired: Timer | None = None, since: int | None = None
    ) -> None:
        began = self.world.now()
        await super().attend(name, id_, fired, since)
        self.world.looks[id_].append(Look(began, self.world.now()))


class Unforgiving(Movement):
    """A fault ends the simulation, as it would be one of ours."""

    async def attempt(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        await work()


class Instance:
    """One process of the service. It loses all that it knows when it dies."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._tasks: set[asyncio.Task[Any]] = set()
        self.alive = False

    def start(self) -> None:
        world = self._world
        self.alive = True
        self.executor = world.executor()
        needs = ProcessDependencies(
            world.log, self.executor, world.timers, world.now, DEFAULT, world
        )
        self.runner = Watched(AGGREGATES, needs)
        self.runner.world = world
        self._news = asyncio.Queue[tuple[datetime, Recorded[Any]]]()
        self._begin(self._follow())
        if world.weather.watchdog_s:
            unfinished = {"incident": world.unfinished}
            every_s = world.weather.watchdog_s
            self._begin(watchdog.watch(self.runner, unfinished, every_s, Unforgiving()))

    def hear_late(self, recorded: Recorded[Any]) -> None:
        """Who follows the log hears of everything, in its order: late, and now and then twice."""
        for late in self._world.dice.arrivals("news") or (timedelta(),):
            self._news.put_nowait((self._world.now() + late, recorded))

    async def _follow(self) -> None:
        await self._until_done(self._learn)
        while True:
            arrives_at, recorded = await self._news.get()
            await asyncio.sleep(max(0.0, (arrives_at - self._world.now()).total_seconds()))
            await self._until_done(partial(self.runner.follow, recorded.stream, [recorded]))

    async def _learn(self) -> None:
        """What is armed, and what happened before anybody listened: of what is written meanwhile
        it hears afterwards.
        """
        unfinished = [("incident", id_) for id_ in self._world.incidents]
        await self.runner.sweep(unfinished)

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except Unavailable:
                await asyncio.sleep(0.5)

    def die(self) -> None:
        self.alive = False
        for task in list(self._tasks):
            task.cancel()

    async def does(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether it came to an end; it does not when the network fails or the instance dies."""
        task = self._begin(work)
        await asyncio.wait([task])
        return not task.cancelled() and not isinstance(task.exception(), Unavailable)

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, Unavailable):
            self._world.findings.append(f"a process runner broke: {fault!r}")
