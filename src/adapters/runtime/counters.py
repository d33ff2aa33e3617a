"""Counters of objectives are read from the monitoring that is configured."""

import asyncio
from contextlib import AsyncExitStack

from adapters.main import Core
from adapters.products.kit.web import Web, client
from adapters.prometheus.query_range import PrometheusSource
from handlers.movement import Movement
from handlers.processes.counter_reader import CounterReader, CounterSource

LOOK_S = 1.0


async def read_counters(parts: Core, movement: Movement) -> None:
    """Read those that have passed a minute, until cancelled."""
    service, sources = parts.service, dict[str, CounterSource]()
    async with AsyncExitStack() as stack:
        for name, each in parts.config.prometheus.items():
            opened = await stack.enter_async_context(client(parts.config.outgoing.networks))
            web = Web(opened, parts.clock.now, secrets=each.headers.values())
            sources[name] = PrometheusSource(web, each.url, each.headers)
        reader = CounterReader(service.executor, service.read_models, sources, parts.clock.now)

        async def read() -> None:
            await reader.read_due()

        while True:
            await movement.attempt("counters of objectives", read)
            await asyncio.sleep(LOOK_S)
