"""The stories of a world: incidents that begin one after the other and overlap."""

import asyncio

from simulation.paging import Pager
from simulation.responders import Responder
from simulation.weather import STORM, Weather
from simulation.world import World

DAY_S = 86_400.0
BEGINNINGS_S = 8 * 3600.0
AFTERWARDS_S = 2.75 * DAY_S
"""Long enough for a post-mortem to be overdue."""


async def _incident(world: World, begins_s: float) -> None:
    await asyncio.sleep(begins_s)
    incident_id = world.new_incident()
    responder = Responder(world, incident_id)
    if world.dice.random.random() < 0.45:
        pager = Pager(world, incident_id)
        world.spawn(pager.page())
        if world.dice.random.random() < 0.5:
            await asyncio.sleep(world.dice.after_s(900.0))
            await world.say(incident_id, responder.declare())
    else:
        await world.say(incident_id, responder.declare())
    await responder.respond()


async def _played(world: World, incidents: int) -> World:
    begins = sorted(world.dice.random.uniform(0, BEGINNINGS_S) for _ in range(incidents))
    stories = [_incident(world, begins_s) for begins_s in begins]
    await world.run(BEGINNINGS_S + AFTERWARDS_S, *stories)
    return world


async def history(seed: int, weather: Weather = STORM, incidents: int = 20) -> World:
    """A world that has come to its end."""
    return await _played(World(seed, weather), incidents)
