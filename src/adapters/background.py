"""What the service does beside answering: delivering, watching, keeping numbers."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial

import structlog

from adapters.channels import Opened
from adapters.clock import chance, new_id
from adapters.http.health import Health
from adapters.main import Core
from adapters.postgres.intents import PostgresIntents
from handlers.delivering import Courier, Means
from handlers.ports import Unavailable
from handlers.processes import conductor
from handlers.rendering import Renderer

WATCH_S = 1.0
WATCHDOG_S = 30.0

log = structlog.get_logger()


async def activated_couriers(parts: Core, channels: Sequence[Opened]) -> list[Courier]:
    """One courier for each configured channel, which tells what is recorded from now on."""
    means = Means(
        store=parts.store,
        transactor=parts.service.executor.transactor,
        intents=PostgresIntents(parts.pool),
        renderer=Renderer(parts.store, parts.templates, parts.policy),
        clock=parts.clock.now,
        new_id=new_id,
        chance=chance,
        observer=parts.telemetry,
    )
    couriers = [Courier(it.channel, it.subscription, means, it.pace) for it in channels]
    for courier in couriers:
        # A channel tells what is recorded after its activation: before the first request.
        await courier.activate()
    parts.telemetry.watch(
        "commandpost_channel_circuit",
        "0: the channel is used; 1: it is tried again; 2: it has failed and rests.",
        ("channel",),
        partial(_circuits, couriers),
    )
    return couriers


def _circuits(couriers: Sequence[Courier]) -> list[tuple[tuple[str, ...], float]]:
    values = {"closed": 0.0, "half_open": 1.0, "open": 2.0}
    return [((name,), values[state]) for name, state in (it.circuit() for it in couriers)]


async def watch(health: Health, parts: Core) -> None:
    """Keep the head of the log and the size of the quarantine fresh for those who measure."""
    quarantined = parts.telemetry.gauge("quarantine_size", "Signals that wait in quarantine.")
    while True:
        report = await health.report()
        parts.telemetry.ready.set(report["status"] != "unready")
        with suppress(Unavailable):
            quarantined.set(len(await parts.service.views.quarantine()))
        await asyncio.sleep(WATCH_S)


async def watchdog(parts: Core) -> None:
    """Processes of incidents that are not over, or were resolved not long ago, are asked about."""
    horizon = timedelta(
        days=1,
        seconds=max(level.postmortem_within_s or 0 for level in parts.policy.levels.values()),
    )

    async def unfinished() -> list[str]:
        return await parts.service.views.unfinished(parts.clock.now() - horizon)

    await conductor.watch(parts.conductor, unfinished, WATCHDOG_S)


async def restore_references(parts: Core) -> None:
    """If the numbers were lost, take them from the log, before a new one is claimed."""
    if await parts.store.head() and await parts.references.is_empty():
        pairs = [
            (number, stream.partition(".")[2])
            async for batch in parts.store.read()
            for stream, number in _numbers(batch)
        ]
        if pairs:
            log.warning("references.restored", missing=await parts.references.restore(pairs))


def _numbers(batch: list) -> Iterator[tuple[str, int]]:  # type: ignore[type-arg]
    for recorded in batch:
        for event in recorded.commit.events:
            number = getattr(event, "number", None)
            if number:
                yield recorded.stream, number
