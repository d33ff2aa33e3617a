"""Commands per second against plain JetStream publishes on the same server, in one run.

    python bench/commands.py [seconds per slice]

A command is decided by the domain and appended under the optimistic lock; every client awaits its
acknowledgement. Hot: the aggregate is remembered, so the command is one round trip. Cold: it is
read from the log first (20 events). `js.publish` and `ask` write a commit of the same size to a
stream of the same settings. Slices take turns; the bill of one is ours + the server's.
"""

import asyncio
import sys
from functools import partial
from itertools import count

import uvloop
from append import NOTE, Write, commit, rate
from servers import compared
from slices import Way, show, take_turns

from adapters.clock import new_id, utc_now
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.references import JetStreamReferences
from domain.incident import INCIDENT
from domain.incident.commands import AddNote, Declare
from domain.policy import DEFAULT
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor

HISTORY = 20
PATTERN = (1, 16, 64)
COLD = 4_000


def meta() -> Meta:
    key = new_id()
    return Meta(command_id=key, actor="ada@example.com", correlation_id=key)


async def declared(executor: Executor, number: int) -> list[str]:
    """Ids of new incidents with `HISTORY` events each."""

    async def one() -> str:
        incident = new_id()
        await executor.run(INCIDENT, incident, Declare(title="checkout is down"), meta())
        for _ in range(HISTORY - 1):
            await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())
        return incident

    ids: list[str] = []
    while len(ids) < number:
        ids += await asyncio.gather(*(one() for _ in range(min(64, number - len(ids)))))
    return ids


def hot(executor: Executor, incidents: list[str]) -> Write:
    """Each client goes on with an incident of its own."""
    return lambda n, _: executor.run(INCIDENT, incidents[n], AddNote(text=NOTE), meta())


def cold(executor: Executor, incidents: list[str]) -> Write:
    """Each command meets an incident that was not met before."""
    turn = count()
    return lambda *_: executor.run(
        INCIDENT, incidents[next(turn) % len(incidents)], AddNote(text=NOTE), meta()
    )


async def main(seconds: float) -> None:
    async with compared() as (requests, codec, plain, _, pid):
        store = await open_store(requests, codec)
        references = JetStreamReferences(requests)
        body, js = codec.encode(commit(0, 0)), plain.jetstream()
        first = Executor(store, references, utc_now, DEFAULT)
        incidents = await declared(first, COLD)
        print(
            f"commands per second (share of js.publish), the bill; a commit has {len(body)} bytes"
        )
        for clients in PATTERN:

            async def unknown(clients: int = clients) -> float:
                unmet = cold(_forgetful(store, references), incidents)
                return await rate(unmet, clients, seconds / 2)

            write = partial(rate, clients=clients, seconds=seconds)
            ways: dict[str, Way] = {
                "js.publish": partial(write, lambda n, _: js.publish(f"bench.{n}", body)),
                "ask": partial(write, lambda n, _: requests.ask(f"bench.{n}", body)),
                "hot": partial(write, hot(first, incidents[-64:])),
                "cold": unknown,
            }
            show(f"{clients:3} clients:", await take_turns(ways, pid))


def _forgetful(store: JetStreamEventStore, references: JetStreamReferences) -> Executor:
    """An executor that remembers no aggregate."""
    return Executor(store, references, utc_now, DEFAULT)


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
