"""The watchdog: asks about everything unfinished, at once and again and again."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog

from handlers.kernel.ports import EventStore, LogChanged, Unavailable
from handlers.movement import Movement
from handlers.processes.runner import ProcessRunner
from handlers.queries.read_models import Unfinished

log = structlog.get_logger()


async def watch(
    runner: ProcessRunner,
    unfinished: Mapping[str, Unfinished],
    every_s: float,
    movement: Movement,
) -> None:
    """Ask, for each aggregate by name, about what is unfinished. A question that fails keeps only
    those of its own aggregate from being asked about.
    """
    while True:
        found: list[tuple[str, str]] = []
        for name, ask in unfinished.items():
            await movement.attempt(f"watchdog of {name}", partial(_find, name, ask, found))
        await movement.attempt("watchdog", partial(_sweep, runner, found))
        await asyncio.sleep(every_s)


async def _find(name: str, ask: Unfinished, found: list[tuple[str, str]]) -> None:
    try:
        found += [(name, id_) for id_ in await ask()]
    except Unavailable as outage:
        log.warning("watchdog.unavailable", aggregate=name, reason=str(outage))


async def _sweep(runner: ProcessRunner, found: Sequence[tuple[str, str]]) -> None:
    try:
        await runner.sweep(found)
    except Unavailable as outage:
        log.warning("watchdog.unavailable", reason=str(outage))


def all_in_log(
    store: EventStore, aggregate: str, changed: Callable[[LogChanged], None]
) -> Unfinished:
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
            changed(change)
            raise Unavailable(str(change)) from change
        return list(ids)

    return ask
