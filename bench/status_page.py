"""Requests for the status page per second against a static response of the service, in one run.

    python bench/status_page.py [seconds per figure]

Clients keep their connections and ask as fast as they are answered, while an incident is updated in
public every second. The questions that PostgreSQL was asked for the page are counted beside.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import suppress
from typing import Any

import httpx2
import uvloop

from adapters import main as main_module
from adapters.clock import new_id
from adapters.config.settings import Config, LogSettings
from adapters.runtime.serve import running
from adapters.storage.postgres.read_models import PostgresReadModels
from adapters.telemetry import configure_logging
from domain.incident import INCIDENT
from domain.incident.commands import Declare, PostUpdate
from domain.policy.audience import Audience
from handlers.entrance.service import Service
from handlers.kernel.asks import Meta
from projections.status_page.published import CHANGES

CLIENTS = 16
HEAD = "GET {path} HTTP/1.1\r\nHost: bench\r\n{more}\r\n"


class Counted(PostgresReadModels):
    """Counts what is asked for the page."""

    asked = 0

    async def ask(self, question: Any, /, **given: Any) -> list[Any]:  # type: ignore[override]
        Counted.asked += question is CHANGES
        return await super().ask(question, **given)


main_module.PostgresReadModels = Counted  # type: ignore[misc]


def meta() -> Meta:
    key = new_id()
    return Meta(command_id=key, actor="ada@example.com", correlation_id=key)


async def rate(port: int, path: str, seconds: float, more: str = "") -> float:
    """Responses per second to `CLIENTS` connections, read as bytes: the client must not be what
    is measured.
    """
    request = HEAD.format(path=path, more=more).encode()
    end, answered = time.perf_counter() + seconds, 0

    async def client() -> None:
        nonlocal answered
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            _, _, rest = head.lower().partition(b"content-length: ")
            if rest and not head.startswith(b"HTTP/1.1 304"):
                await reader.readexactly(int(rest.partition(b"\r")[0]))
            answered += 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return answered / (time.perf_counter() - began)


async def publish(service: Service, incident: str) -> None:
    """A public update every second."""
    while True:
        told = PostUpdate(text=f"We are on it: {new_id()}", audiences=(Audience.CUSTOMERS,))
        await service.executor.run(INCIDENT, incident, told, meta())
        await asyncio.sleep(1)


async def main(seconds: float) -> None:
    configure_logging(LogSettings(format="json", level="error"))
    with tempfile.TemporaryDirectory() as state:
        config = Config(state=state, http="127.0.0.1:0", channels={})
        async with running(config) as (parts, where), httpx2.AsyncClient() as client:
            service, incident = parts.service, new_id()
            declare = Declare(title="checkout is down", services=("checkout",))
            await service.executor.run(INCIDENT, incident, declare, meta())
            publishing = asyncio.create_task(publish(service, incident))
            page = f"{where.http_url}/status"
            shown = await client.get(page)
            while shown.status_code != 200 or "We are" not in shown.text:
                await asyncio.sleep(0.1)
                shown = await client.get(page)

            port = int(where.http_url.rpartition(":")[2])
            began, asked = time.perf_counter(), Counted.asked
            static = await rate(port, "/health/live", seconds)
            print(f"{CLIENTS} clients; the page has {len(shown.content):,} bytes")
            print(f"{'static response (/health/live)':34} {static:8,.0f} /s")
            for name, path, more in (
                ("/status", "/status", ""),
                ("/status/incidents/INC-1", "/status/incidents/INC-1", ""),
                ("/status/history.atom", "/status/history.atom", ""),
                ("/status/api/v2/summary.json", "/status/api/v2/summary.json", ""),
            ):
                found = await rate(port, path, seconds, more)
                print(f"{name:34} {found:8,.0f} /s   ({found / static:4.2f} x static)")
            took = time.perf_counter() - began
            print(
                f"questions to PostgreSQL for all of it: {(Counted.asked - asked) / took:4.2f} /s"
            )
            publishing.cancel()
            with suppress(asyncio.CancelledError):
                await publishing


if __name__ == "__main__":
    uvloop.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0))
