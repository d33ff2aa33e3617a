"""What every entrance to the service shares: commands, questions, and who watches."""

from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

import structlog

from domain.incident import Command, Incident
from domain.incident.commands import VERBS
from domain.kernel.refusal import Refused
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.transact import Meta, Outcome
from handlers.notify.preview import Previewer
from handlers.queries.live_feed import LiveFeed
from handlers.queries.read_models import ReadModels

REACH_TIMEOUT_S = 5.0

log = structlog.get_logger()


class Observer(Protocol):
    """Counts what happens; the metrics of the service."""

    def command(self, name: str, outcome: str, seconds: float) -> None: ...


@dataclass(frozen=True)
class Service:
    """The service behind HTTP, NATS and the command line."""

    executor: Executor
    store: EventStore
    read_models: ReadModels
    feed: LiveFeed
    previewer: Previewer
    observer: Observer

    async def reach(self, projection: str, position: int | None) -> None:
        """Wait until a read model shows `position`. Raises `Lagging`, `Unavailable`."""
        if position:
            await self.read_models.reach(projection, position, REACH_TIMEOUT_S)

    async def run(self, incident_id: str, command: Command, meta: Meta) -> Outcome[Incident]:
        """Run one command, watched. Raises `Refused`, `Unavailable`."""
        name = VERBS.get(type(command), type(command).__name__).replace(" ", "_")
        started, outcome = perf_counter(), "fault"
        try:
            result = await self.executor.incident(incident_id, command, meta)
            outcome = result.outcome
        except Refused as refused:
            outcome = "refused"
            log.info("command.refused", command=name, incident=incident_id, code=refused.code)
            raise
        except Unavailable:
            outcome = "unavailable"
            raise
        finally:
            self.observer.command(name, outcome, perf_counter() - started)
        log.info(
            "command.done",
            command=name,
            incident=incident_id,
            outcome=outcome,
            position=result.position,
            actor=meta.actor,
        )
        return result
