"""A world with a seed: instances that die, a bad network, responders, and a clock that jumps.

Everything random comes from dice with the seed, and tasks run in virtual time, so the same seed is
the same history, down to the commit.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from adapters.storage.memory.event_store import MemoryReferences
from domain.incident import INCIDENT, Command
from domain.kernel.commit import Recorded
from domain.kernel.refusal import Refused
from domain.policy import DEFAULT
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Unavailable
from handlers.processes.runner import ProcessRunner
from handlers.processes.timers import Timer
from simulation.disturbances import STORM, Dice, Weather
from simulation.instances import Instance, Look
from simulation.reached import reach_of
from simulation.servers import Network, ServerLog, ServerTimers

START = datetime(2026, 5, 4, tzinfo=UTC)
SELDOM_S = 900.0


class World:
    """Everything that there is, and what became of it."""

    def __init__(self, seed: int, weather: Weather = STORM, instances: int = 3) -> None:
        self.seed = seed
        self.reach = reach_of(seed)
        self.weather = weather
        self.dice = Dice(f"{weather.name}-{seed}", weather)
        self.network = Network(self.dice)
        self.log = ServerLog(self.network, self._landed)
        self.timers = ServerTimers(self.network)
        self.references = MemoryReferences()
        self.begin_at = START + timedelta(hours=self.dice.random.randrange(7 * 24))
        self.ids = count(1)
        self.incidents: list[str] = []
        self.looks: defaultdict[str, list[Look]] = defaultdict(list)
        self.steps: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.findings: list[str] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._changed: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}
        self._gateway = self.executor()
        self._instances = [Instance(self) for _ in range(instances)]

    def now(self) -> datetime:
        return self.begin_at + timedelta(seconds=asyncio.get_running_loop().time())

    def executor(self) -> Executor:
        executor = Executor(self.log, self.references, self.now, DEFAULT)
        executor.transactor.reach = self.reach
        return executor

    def process_step(self, process: str, outcome: str, _lateness_s: float) -> None:
        self.steps[f"{process} {outcome}"] += 1
        if outcome == "refused":
            self.findings.append(f"a step of {process} was refused")

    def new_incident(self) -> str:
        incident_id = str(UUID(int=self.dice.random.getrandbits(128), version=4))
        self.incidents.append(incident_id)
        return incident_id

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something go on beside all else, until the world ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.findings.append(f"the world broke: {task.exception()!r}")

    async def run(self, until_s: float, *stories: Coroutine[Any, Any, Any]) -> None:
        """Let all of it happen."""
        for instance in self._instances:
            instance.start()
        for work in (self._wake_up(), self._tempers(), *stories):
            self.spawn(work)
        await asyncio.sleep(until_s)
        self.ended_at = self.now()
        for instance in self._instances:
            instance.die()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.sleep(0)

    async def say(
        self,
        incident_id: str,
        command: Command,
        command_id: str | None = None,
        *,
        actor: str = "ada",
    ) -> str:
        """A command, sent until there is an answer, or somebody gives up; what became of it."""
        key = command_id or f"command-{next(self.ids)}"
        meta = Meta(command_id=key, actor=actor, correlation_id=key)
        outcome = "given up"
        for _ in range(8):
            try:
                outcome = (await self._entrance().run(INCIDENT, incident_id, command, meta)).outcome
                break
            except Refused as refused:
                outcome = refused.code
                break
            except Unavailable:
                await asyncio.sleep(self.dice.after_s(10.0))
        self.answers[outcome] += 1
        return outcome

    def _entrance(self) -> Executor:
        alive = [each for each in self._instances if each.alive]
        if not alive or self.dice.random.random() < 0.2:
            return self._gateway
        return self.dice.random.choice(alive).executor

    def _landed(self, recorded: Recorded[Any]) -> None:
        area, _, incident_id = recorded.stream.partition(".")
        if area != "incident":
            return
        self._changed[incident_id] = self.now()
        for instance in self._instances:
            if instance.alive:
                instance.hear_late(recorded)

    async def _once_more(
        self, late_s: float, work: Callable[[ProcessRunner], Coroutine[Any, Any, None]]
    ) -> None:
        """At least once: whoever is there, until somebody comes to an end with it."""
        await asyncio.sleep(late_s)
        while True:
            alive = [each for each in self._instances if each.alive]
            instance = self.dice.random.choice(alive) if alive else None
            if instance and await instance.does(work(instance.runner)):
                return
            await asyncio.sleep(self.dice.random.uniform(1.0, 5.0))

    async def _wake_up(self) -> None:
        """The server of the timers: fires what is due, now and then a little early."""
        while True:
            fires_at = self.timers.next_at()
            wait_s = (fires_at - self.now()).total_seconds() if fires_at else None
            lead_s = 0.0
            if wait_s and wait_s > 2 and self.dice.hit(self.weather.early, "wake-up early"):
                lead_s = self.dice.random.uniform(0.1, 2.0)
            self.timers.changed.clear()
            try:
                async with asyncio.timeout(None if wait_s is None else max(0, wait_s - lead_s)):
                    await self.timers.changed.wait()
                    continue
            except TimeoutError:
                pass
            early = self.timers.fire_early() if lead_s else None
            for timer in [early] if early else self.timers.due(self.now()):
                self.spawn(self._once_more(0.0, self._wake(timer)))
            await asyncio.sleep(0.001)

    def _wake(self, timer: Timer) -> Callable[[ProcessRunner], Coroutine[Any, Any, None]]:
        return lambda runner: runner.wake(timer)

    async def _tempers(self) -> None:
        """What breaks, and how often."""
        weather = self.weather
        for every_s, break_it in (
            (weather.outage_every_s, self._outage),
            (weather.death_every_s, self._death),
            (weather.blackout_every_s, self._blackout),
            (weather.timers_lost_every_s, self._lose_timers),
        ):
            if every_s:
                self.spawn(self._now_and_then(every_s, break_it))

    async def _now_and_then(self, every_s: float, break_it: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self.dice.after_s(every_s))
            await break_it()

    async def _outage(self) -> None:
        self.dice.faults["outage"] += 1
        self.network.out = True
        await asyncio.sleep(self.dice.random.uniform(1.0, self.weather.outage_s))
        self.network.out = False

    async def _death(self) -> None:
        await self._die([self.dice.random.choice(self._instances)], self.weather.dead_s)

    async def _blackout(self) -> None:
        self.dice.faults["blackout"] += 1
        await self._die(self._instances, self.weather.blackout_s)

    async def _die(self, instances: list[Instance], dead_s: float) -> None:
        dying = [each for each in instances if each.alive]
        for instance in dying:
            self.dice.faults["death"] += 1
            instance.die()
        await asyncio.sleep(self.dice.random.uniform(1.0, dead_s))
        for instance in dying:
            instance.start()

    async def _lose_timers(self) -> None:
        self.dice.faults["all timers lost"] += 1
        self.timers.lose()

    async def unfinished(self) -> list[str]:
        """What the watchdog asks about: in service all of it each time; here what is quiet comes up
        less often the longer it is, which only saves time.
        """
        now, found = self.now(), []
        for incident_id, changed in self._changed.items():
            quiet_s = (now - changed).total_seconds()
            asked = self._asked.get(incident_id, changed)
            if (now - asked).total_seconds() >= min(SELDOM_S, quiet_s / 8):
                self._asked[incident_id] = now
                found.append(incident_id)
        return found
