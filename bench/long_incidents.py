"""Commands on incidents with long histories: the first after a restart, and what each costs.

    python bench/long_incidents.py [commits ...]

After a restart nobody remembers the incident: the executor, the process runner and each read model
must know again how it stands. A raw append to the same server in the same run is what they are
compared with. Figures are medians of several restarts; the processor bill is that of our process.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import uvloop
from append import NOTE, commit

from adapters.clock import new_id
from adapters.config.settings import Config, LogSettings
from adapters.main import Core, Urls, core, servers
from adapters.telemetry import configure_logging
from domain.incident import INCIDENT
from domain.incident.commands import AddNote, Declare
from handlers.kernel.asks import Meta
from handlers.kernel.ports import Append

RESTARTS = 5
COMMANDS = 200


def meta() -> Meta:
    key = new_id()
    return Meta(command_id=key, actor="ada@example.com", correlation_id=key)


@asynccontextmanager
async def service(config: Config, urls: Urls) -> AsyncIterator[Core]:
    """All parts as after a start, with all read models following."""
    async with core(config, urls) as parts:
        await parts.projectors.prepare()
        following = asyncio.create_task(parts.projectors.run())
        try:
            await visible(parts, await parts.store.head())
            yield parts
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def visible(parts: Core, position: int) -> None:
    """All read models show a position."""
    for status in parts.projectors.status():
        await parts.projectors.wait_for(status.name, position, 60)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    await work()
    return (time.perf_counter() - began) * 1000


async def raw_ms(parts: Core) -> float:
    """An append, one after the other."""
    return statistics.median(
        [
            await timed(lambda: parts.store.append(Append(f"incident.{new_id()}", 0, commit(0, 0))))
            for _ in range(COMMANDS)
        ]
    )


async def grow(parts: Core, commits: int) -> str:
    """An incident with so many commits."""
    incident, executor = new_id(), parts.service.executor
    outcome = await executor.run(INCIDENT, incident, Declare(title="it is slow"), meta())
    for _ in range(commits - 1):
        outcome = await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())
    await visible(parts, outcome.position)
    return incident


async def after_restart(config: Config, urls: Urls, incident: str) -> dict[str, float]:
    """Milliseconds of the first command, until all read models show it, and of the processes."""
    async with service(config, urls) as parts:
        executor, found = parts.service.executor, {}
        began, cpu = time.perf_counter(), time.process_time()
        outcome = await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())
        found["our CPU for it"] = (time.process_time() - cpu) * 1000
        found["command"] = (time.perf_counter() - began) * 1000
        found["then shown by all"] = await timed(lambda: visible(parts, outcome.position))
        found["processes"] = await timed(lambda: parts.runner.attend(INCIDENT.name, incident))
        return found


async def bill(parts: Core, incident: str) -> float:
    """Our processor time for a command, until all know of it, in milliseconds."""
    executor = parts.service.executor

    async def one() -> None:
        outcome = await executor.run(INCIDENT, incident, AddNote(text=NOTE), meta())
        await parts.runner.attend(INCIDENT.name, incident)
        await visible(parts, outcome.position)

    await one()
    began = time.process_time()
    for _ in range(COMMANDS):
        await one()
    return (time.process_time() - began) / COMMANDS * 1000


async def main(lengths: list[int]) -> None:
    configure_logging(LogSettings(format="json", level="error"))
    with tempfile.TemporaryDirectory() as state:
        config = Config(state=state, http="127.0.0.1:0", channels={})
        async with servers(config) as urls:
            async with service(config, urls) as parts:
                incidents = {length: await grow(parts, length) for length in lengths}
                raw = await raw_ms(parts)
            print(f"a raw append takes {raw:.2f} ms")
            for length, incident in incidents.items():
                found = defaultdict(list)
                for _ in range(RESTARTS):
                    for name, ms in (await after_restart(config, urls, incident)).items():
                        found[name].append(ms)
                shown = [
                    f"{name} {(ms := statistics.median(all_)):6.1f} ms ({ms / raw:5.1f} x raw)"
                    for name, all_ in found.items()
                ]
                print(f"{length:6,} commits, first after a restart: {'   '.join(shown)}")
            async with service(config, urls) as parts:
                for length, incident in incidents.items():
                    ms = await bill(parts, incident)
                    print(f"{length:6,} commits, processor time of a command: {ms:5.2f} ms")


if __name__ == "__main__":
    uvloop.run(main([int(word) for word in sys.argv[1:]] or [20, 1_000, 5_000]))
