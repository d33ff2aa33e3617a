"""What changes of services mean for the runbooks that rest on them."""

import asyncio

from adapters.main import Core
from handlers.movement import Movement
from handlers.processes.runbook_keeper import RunbookKeeper

WATCH_S = 1.0


async def note_service_changes(parts: Core, movement: Movement) -> None:
    """Runbooks are to be tested sooner where what they rest on has changed."""
    service = parts.service
    keeper = RunbookKeeper(service.executor, service.read_models, service.new_id)

    async def note() -> None:
        await keeper.note_changes()

    while True:
        await movement.attempt("services that runbooks rest on", note)
        await asyncio.sleep(WATCH_S)
