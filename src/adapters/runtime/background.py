"""What the service does beside answering: delivering, watching, keeping numbers."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import structlog

from adapters.http.health import Health
from adapters.main import Core
from domain.incident import INCIDENT
from handlers.kernel.ports import Unavailable
from handlers.processes import runner
from handlers.queries.read_models import find_unfinished
from projections.alerting.quarantine import QUARANTINED

WATCH_S = 1.0
WATCHDOG_S = 30.0

log = structlog.get_logger()


async def watch(health: Health, parts: Core) -> None:
    """Keep the head of the log and the size of the quarantine fresh for those who measure."""
    quarantined = parts.telemetry.gauge("quarantine_size", "Signals that wait in quarantine.")
    while True:
        report = await health.report()
        parts.telemetry.ready.set(report["status"] != "unready")
        with suppress(Unavailable):
            quarantined.set(len(await parts.service.read_models.ask(QUARANTINED)))
        await asyncio.sleep(WATCH_S)


async def watchdog(parts: Core) -> None:
    """Processes of incidents that are not over, or were resolved not long ago, are asked about."""
    horizon = timedelta(
        days=1,
        seconds=max(level.postmortem_within_s or 0 for level in parts.policy.levels.values()),
    )

    unfinished = find_unfinished(
        parts.service.read_models, parts.catalog, lambda: parts.clock.now() - horizon
    )
    await runner.watch(parts.conductor, unfinished[INCIDENT.name], WATCHDOG_S)


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
