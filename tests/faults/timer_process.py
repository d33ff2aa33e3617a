"""A service that is woken by timers until it is killed; run by the tests beside it.

Usage: python timer_process.py NATS_URL. Prints `ready` when it listens. The effect of a wake-up is
a commit whose id follows from the timer, so that a second wake-up finds it and adds nothing.
"""

import asyncio
import os
import sys

import structlog

from adapters.clock import utc_now
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.requests import Requests
from adapters.telemetry import Telemetry
from domain.incident.events import NoteAdded
from domain.kernel.commit import Commit
from domain.registry import AnyEvent
from handlers.kernel.ports import Append, Conflict, EventStore
from handlers.messaging import Broker, keep
from handlers.processes.timers import CONSUMER, Timer, subscribe


def effect_id(timer: Timer) -> str:
    return f"{timer.name} {timer.due_at.isoformat()}"


async def act(store: EventStore, timer: Timer) -> None:
    """Read the aggregate, ask "what now?", and append what is not there yet."""
    stream = f"incident.{timer.key}"
    while True:
        history = await store.load(stream)
        if any(recorded.commit.id == effect_id(timer) for recorded in history):
            return
        now = utc_now()
        commit = Commit(
            id=effect_id(timer),
            actor=str(os.getpid()),
            correlation_id=timer.key,
            recorded_at=now,
            events=(NoteAdded(occurred_at=now, text="woken"),),
        )
        try:
            await store.append(Append(stream, history[-1].position if history else 0, commit))
        except Conflict:
            continue
        return


async def main(nats_url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    connection = await connect(nats_url)
    store = await open_store(
        await Requests(connection, timeout_s=1.0).start(), Codec(AnyEvent, UPCASTERS)
    )

    async def on_fired(timer: Timer) -> None:
        await act(store, timer)

    async with keep(connection.jetstream(), CONSUMER):
        broker = Broker(
            nats_url, logger=None, pending_size=-1, max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,  # type: ignore[arg-type]
        )  # fmt: skip
        subscribe(broker, on_fired, utc_now, Telemetry())
        await broker.start()
        print("ready", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
