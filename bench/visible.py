"""From an acknowledged command to its row in the read model, and over HTTP, in one run.

    python bench/visible.py [commands]

One client, one command at a time against the whole service with all its projectors. `raw` is the
round trip of a plain append to the same server; the ratio is that of the medians.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx2
import uvloop

from adapters.clock import new_id, utc_now
from adapters.config.settings import Config, LogSettings
from adapters.runtime.admin_token import read_admin_token
from adapters.runtime.serve import running
from adapters.telemetry import configure_logging
from domain.incident import INCIDENT
from domain.incident.commands import AddNote, Declare
from domain.incident.events import Declared
from domain.kernel.commit import Commit
from domain.policy import Severity
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Append

NOTE = "Error rates on checkout are back to normal since the rollback."


async def timed(work: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Milliseconds of each run, one after the other."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        found.append((time.perf_counter() - start) * 1000)
    return found


def line(name: str, found: list[float], base: float) -> str:
    ordered = sorted(found)
    p50, p99 = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return f"{name:34} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   ({p50 / base:5.2f} x raw)"


def meta() -> Meta:
    key = new_id()
    return Meta(command_id=key, actor="ada@example.com", correlation_id=key)


async def main(times: int) -> None:
    configure_logging(LogSettings(format="json", level="error"))
    with tempfile.TemporaryDirectory() as state:
        config = Config(state=state, http="127.0.0.1:0", channels={})
        async with running(config) as (parts, where), httpx2.AsyncClient() as client:
            client.headers["Authorization"] = f"Bearer {read_admin_token(Path(state))}"
            executor, incident = parts.service.executor, new_id()
            first = await executor.run(
                INCIDENT, incident, Declare(title="checkout is down"), meta()
            )
            for name in ("board", "timeline"):
                await parts.service.reach(name, first.position)

            async def append() -> None:
                key, now = new_id(), utc_now()
                declared = Declared(
                    occurred_at=now,
                    number=1,
                    title=NOTE,
                    severity=Severity.SEV2,
                    policy_version="bench",
                )
                commit = Commit(
                    id=key,
                    actor="bench",
                    correlation_id=key,
                    recorded_at=now,
                    events=(declared,),
                )
                await parts.store.append(Append(f"incident.{key}", 0, commit))

            lags: dict[str, list[float]] = {"board": [], "timeline": []}

            async def shown(name: str) -> None:
                outcome = await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())
                acknowledged = time.perf_counter()
                await parts.service.read_models.reach(name, outcome.position, 5.0)
                lags[name].append((time.perf_counter() - acknowledged) * 1000)

            async def over_http() -> None:
                url = f"{where.http_url}/v1/incidents/{incident}"
                answer = await client.post(f"{url}/add_note", json={"text": NOTE})
                position = answer.json()["position"]
                await client.get(url, params={"min_position": position})

            await timed(over_http, 20)
            raw = await timed(append, times)
            base = statistics.median(raw)
            print(f"{times} times each, one client")
            print(line("raw append", raw, base))
            for name, found in lags.items():
                await timed(lambda name=name: shown(name), times)
                print(line(f"acknowledged → visible, {name}", found, base))
            http = await timed(over_http, times)
            print(line("POST, then GET that shows it", http, base))


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
