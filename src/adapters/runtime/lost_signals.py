"""The stream of signals may lose its end alone, as when it is put back from a copy. The log goes on
to speak of what stood there, so these positions are not given to other signals.
"""

import asyncio
from contextlib import suppress

import structlog

from adapters.main import Core
from domain.sight import SERVICE
from handlers.movement import Movement
from handlers.projecting.projector import Unbuilt
from projections.alerting.routes import LATEST_SIGNAL, ROUTES

EVERY_S = 5.0
MARGIN = 1_000
"""Signals that were acted upon, and whose rows were not written yet."""

log = structlog.get_logger()


async def pass_over_lost(parts: Core) -> None:
    """Raises `Unavailable`."""
    with suppress(Unbuilt):
        if not await parts.projectors.hold(ROUTES.name):
            return  # they speak of another log, and are about to be built again
        (latest,) = await parts.service.read_models.ask(SERVICE, LATEST_SIGNAL)
        missing = await parts.signals.pass_over(latest, MARGIN)
        if missing:
            log.critical(
                "signals.end_lost",
                position=latest,
                missing=missing,
                advice="see 'The log has lost its end' in docs/operations.md",
            )


async def watch_signals(parts: Core, movement: Movement) -> None:
    """Look for ever."""
    while True:
        await movement.attempt("positions of signals", lambda: pass_over_lost(parts))
        await asyncio.sleep(EVERY_S)
