"""What every entrance to the service shares: commands, questions, and who watches."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec
import structlog

from domain.kernel.aggregate import Aggregate, AnyAggregate
from domain.kernel.commit import Event
from domain.kernel.refusal import Refused
from handlers.entrance.answers import answer
from handlers.kernel.decoding import decode_command
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore, Unavailable
from handlers.kernel.provenance import Sender, meta_of, opened_id
from handlers.kernel.transact import Meta, Outcome
from handlers.notify.preview import Previewer
from handlers.queries.live_feed import LiveFeed
from handlers.queries.read_models import ReadModels

REACH_TIMEOUT_S = 5.0

C = TypeVar("C", bound=msgspec.Struct)
S = TypeVar("S")
E = TypeVar("E", bound=Event)

log = structlog.get_logger()


class Observer(Protocol):
    """Counts what happens; the metrics of the service."""

    def command(self, name: str, outcome: str, seconds: float) -> None: ...


class Done(NamedTuple):
    """A command that was not refused: the aggregate it was for, and the answer to its sender."""

    id: str
    answer: Any


@dataclass(frozen=True)
class Service:
    """The service behind HTTP, NATS and the command line."""

    executor: Executor
    store: EventStore
    read_models: ReadModels
    feed: LiveFeed
    previewer: Previewer
    observer: Observer
    new_id: Callable[[], str]

    async def reach(self, projection: str, position: int | None) -> None:
        """Wait until a read model shows `position`. Raises `Lagging`, `Unavailable`."""
        if position:
            await self.read_models.reach(projection, position, REACH_TIMEOUT_S)

    async def send(
        self, aggregate: AnyAggregate, name: str, ref: str | None, body: bytes, sender: Sender
    ) -> Done:
        """Run the command of this name, whose fields are a JSON object, on the aggregate that `ref`
        names; without a `ref`, on the one that it opens. Raises `Refused`, `Unavailable`.
        """
        command = decode_command(aggregate, name, body)
        if ref is not None:
            id_ = await self.executor.find(aggregate, ref)
        elif isinstance(command, aggregate.opens):
            id_ = opened_id(aggregate, command, sender.key, self.new_id)
        else:
            raise Refused(
                "field.missing",
                f"{aggregate.name} is required",
                field=aggregate.name,
                rule=f"Every command but {aggregate.opening} names the {aggregate.name} that it is"
                " for.",
            )
        outcome = await self.run(aggregate, id_, command, meta_of(id_, sender, self.new_id))
        return Done(id_, answer(aggregate, id_, command, outcome))

    async def run(
        self, aggregate: Aggregate[C, S, E], id_: str, command: C, meta: Meta
    ) -> Outcome[S]:
        """Run one command, watched. Raises `Refused`, `Unavailable`."""
        name, about = aggregate.command_name(command), {aggregate.name: id_}
        started, outcome = perf_counter(), "fault"
        try:
            result = await self.executor.run(aggregate, id_, command, meta)
            outcome = result.outcome
        except Refused as refused:
            outcome = "refused"
            log.info("command.refused", command=name, **about, code=refused.code)
            raise
        except Unavailable:
            outcome = "unavailable"
            raise
        finally:
            label = aggregate.qualified(name, ".")
            self.observer.command(label, outcome, perf_counter() - started)
        log.info(
            "command.done",
            command=name,
            **about,
            outcome=outcome,
            position=result.position,
            actor=meta.actor,
        )
        return result
