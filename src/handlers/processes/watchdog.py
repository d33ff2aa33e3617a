"""The watchdog: asks about everything unfinished, at once and again and again."""

import asyncio
from collections.abc import Mapping

import structlog

from handlers.kernel.ports import EventStore, LogChanged, Unavailable
from handlers.processes.runner import ProcessRunner
from handlers.queries.read_models import Unfinished

log = structlog.get_logger()


async def watch(
    runner: ProcessRunner, unfinished: Mapping[str, Unfinished], every_s: float
) -> None:
    """Ask, for each aggregate by name, about what is unfinished."""
    while True:
        try:
            found = [(name, id_) for name, ask in unfinished.items() for id_ in await ask()]
            await runner.sweep(found)
        except Unavailable as outage:
            log.warning("watchdog.unavailable", reason=str(outage))
        await asyncio.sleep(every_s)


def all_in_log(store: EventStore, aggregate: str) -> Unfinished:
    """All of one kind that there are, for an aggregate without a read model that knows better."""
    ids: dict[str, None] = {}
    position = 0

    async def ask() -> list[str]:
        nonlocal position
        try:
            async for batch in store.read(after=position):
                for recorded in batch:
                    position = recorded.position
                    if recorded.aggregate == aggregate:
                        ids[recorded.key] = None
        except LogChanged as change:  # those of what is lost have nothing unfinished
            position = 0
            raise Unavailable(str(change)) from change
        return list(ids)

    return ask
