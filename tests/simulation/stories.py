"""The stories of a world: incidents that begin one after the other and overlap; and the verdict."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.kernel.commit import Recorded
from simulation.agreement import disagreements
from simulation.checker import Attention, Breach, judge
from simulation.deliveries import Deliveries
from simulation.disturbances import BREEZE, STORM, Weather
from simulation.merges import merges
from simulation.paging import MONITORS_FROM, Monitor, Pager
from simulation.record import points
from simulation.responders import Responder
from simulation.scribes import Scribe
from simulation.virtual_time import play
from simulation.world import World

BEGINNINGS_S = 8 * 3600.0
AFTERWARDS_S = 8 * 3600.0
LONG_AFTERWARDS_S = 2.75 * 86_400.0
"""Long enough for a post-mortem to be overdue; each fifth world is that long."""
SCRIBES_WRITE = 2
"""In worlds whose seed leaves this of three, what was so earlier is told late, and taken back."""


class Verdict(NamedTuple):
    """What became of a world: the breaches that the judge found, and figures."""

    seed: int
    weather: str
    incidents: int
    events: Counter[str]
    faults: Counter[str]
    answers: Counter[str]
    looks: int
    breaches: list[Breach]
    log: tuple[Recorded[Any], ...]

    def __str__(self) -> str:
        counts = f"{self.incidents} incidents, {sum(self.events.values())} events"
        return f"seed {self.seed} ({self.weather}): {counts}, {len(self.breaches)} breaches"


def weather_of(seed: int) -> Weather:
    """Every other world has a watchdog and needs it."""
    return BREEZE if seed % 2 else STORM


def simulate(seed: int, incidents: int = 20) -> Verdict:
    """A world, from its beginning to the verdict. The same seed is the same history."""
    return play(_simulated(seed, incidents))


async def _simulated(seed: int, incidents: int) -> Verdict:
    world = World(seed, weather_of(seed))
    deliveries = Deliveries(world)
    begins = sorted(world.dice.random.uniform(0, BEGINNINGS_S) for _ in range(incidents))
    stories = [_incident(world, begins_s) for begins_s in begins]
    workers = [deliveries.deliver(), deliveries.deliver()] if seed % 4 < 2 else []
    afterwards_s = AFTERWARDS_S if seed % 5 else LONG_AFTERWARDS_S
    await world.run(BEGINNINGS_S + afterwards_s, *stories, *workers)
    return _verdict(world, deliveries)


async def _incident(world: World, begins_s: float) -> None:
    await asyncio.sleep(begins_s)
    incident_id = world.new_incident()
    responder = Responder(world, incident_id)
    if world.seed % 3 == SCRIBES_WRITE:
        world.spawn(Scribe(world, incident_id).write())
    if world.seed >= MONITORS_FROM:
        await Monitor(world, incident_id).page()
        if world.dice.random.random() < 0.5:
            await world.say(incident_id, responder.declare())
    elif world.dice.random.random() < 0.45:
        world.spawn(Pager(world, incident_id).page())
        if world.dice.random.random() < 0.5:
            await asyncio.sleep(world.dice.after_s(900.0))
            await world.say(incident_id, responder.declare())
    else:
        await world.say(incident_id, responder.declare())
    await responder.respond()


def _verdict(world: World, deliveries: Deliveries) -> Verdict:
    streams: defaultdict[str, list[Recorded[Any]]] = defaultdict(list)
    events: Counter[str] = Counter()
    for recorded in world.log.commits():
        streams[recorded.stream].append(recorded)
        events.update(type(event).__name__ for event in recorded.commit.events)
    return Verdict(
        seed=world.seed,
        weather=world.weather.name,
        incidents=len(world.incidents),
        events=events,
        faults=world.dice.faults,
        answers=world.answers,
        looks=sum(map(len, world.looks.values())),
        breaches=list(_breaches(world, deliveries, streams)),
        log=tuple(world.log.commits()),
    )


def _breaches(
    world: World, deliveries: Deliveries, streams: dict[str, list[Recorded[Any]]]
) -> Iterable[Breach]:
    histories = {each: points(streams.get(f"incident.{each}", [])) for each in world.incidents}
    for incident_id, place, what in merges(histories):
        yield Breach(incident_id, what, tuple(histories[incident_id][: place + 1]))
    for incident_id, history in histories.items():
        commits = streams.get(f"incident.{incident_id}", [])
        attention = Attention(world.looks[incident_id], world.weather.limit_s)
        yield from judge(incident_id, history, attention, world.ended_at, world.reach)
        for what in disagreements(incident_id, commits):
            yield Breach(incident_id, what, ())
    for what in [*world.findings, *deliveries.judge()]:
        yield Breach("all", what, ())
