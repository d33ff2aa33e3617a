"""What the service does beside answering: delivering, watching, keeping numbers."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import structlog

from adapters.http.health import Health
from adapters.main import Core
from domain.registry import INCIDENTS
from handlers.kernel.ports import Unavailable
from handlers.processes.watchdog import all_in_log
from handlers.processes.watchdog import watch as watch_unfinished

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
            quarantined.set(len(await parts.service.views.quarantine()))
        await asyncio.sleep(WATCH_S)


async def watchdog(parts: Core) -> None:
    """Aggregates with deadlines are asked about: incidents that are not over, or were resolved not
    long ago, and all others that there are.
    """
    horizon = timedelta(
        days=1,
        seconds=max(level.postmortem_within_s or 0 for level in parts.policy.levels.values()),
    )

    async def unfinished() -> list[str]:
        return await parts.service.views.unfinished(parts.clock.now() - horizon)

    known = {INCIDENTS.name: unfinished}
    every = {
        name: known.get(name) or all_in_log(parts.store, name) for name in parts.runner.aggregates
    }
    parts.telemetry.watch(
        "commandpost_stray_timers",
        "Timers armed for an aggregate that this instance does not know.",
        ("aggregate",),
        lambda: Counter((timer.aggregate,) for timer in parts.runner.strays).items(),
    )
    await watch_unfinished(parts.runner, every, WATCHDOG_S)


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
