"""A published history brought into the log, against plain JetStream publishes, in one run.

    python bench/history_import.py [incidents]

Each incident is declared, updated five times, resolved, and has its times put right: a step is one
command, decided by the domain and appended under the optimistic lock. No read model follows. Slices
take turns; the bill of one is ours + the server's.
"""

import json
import sys
import time
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import uvloop
from append import commit, rate
from servers import compared
from slices import Way, show, take_turns

from adapters.clock import utc_now
from adapters.history import import_file
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.references import JetStreamReferences
from domain.policy import DEFAULT
from handlers.kernel.executor import Executor

CLIENTS = 64


def incident(number: int) -> dict[str, Any]:
    """One outage of a day, in the form of the Google Cloud status history."""

    def at(hour: int) -> str:
        return datetime(2025, 6, 3, hour, tzinfo=UTC).isoformat()

    posts = [
        {"when": at(14 - n), "status": "SERVICE_DISRUPTION", "text": f"Report {n}"}
        for n in range(5)
    ]
    end = {"when": at(15), "status": "AVAILABLE", "text": "Over"}
    times = {"begin": at(8), "created": at(9), "end": at(15), "modified": at(16)}
    return {"id": f"b{number}", "external_desc": "Slow", "updates": [end, *posts], **times}


async def main(incidents: int) -> None:
    async with compared() as (requests, codec, plain, folder, pid):
        references, files = JetStreamReferences(requests), count()
        executor = Executor(await open_store(requests, codec), references, utc_now, DEFAULT)
        body, js = codec.encode(commit(0, 0)), plain.jetstream()

        async def imported() -> float:
            file, number = folder / "feed.json", next(files)
            feed = [incident(number * incidents + n) for n in range(incidents)]
            file.write_text(json.dumps(feed))
            began = time.perf_counter()
            written = (await import_file("gcp-status", file, executor)).written
            return written / (time.perf_counter() - began)

        write = partial(rate, lambda n, _: js.publish(f"bench.{n}", body), CLIENTS, 1.0)
        print("steps per second (share of js.publish), and the bill of one")
        ways: dict[str, Way] = {"js.publish": write, "import": imported}
        show(f"{CLIENTS} clients:", await take_turns(ways, pid))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
