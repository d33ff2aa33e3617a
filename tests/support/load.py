"""A load of commands by well-behaved clients: each repeats a request, with its key, until it is
answered, and remembers what was acknowledged.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx2

from handlers.ingest.translate import incident_id
from projections.registry import ALL
from support.patience import PATIENT_S, eventually, until
from support.service_process import Process
from support.webhooks import appears, page, signature

CLIENTS = 8
DECLARE_EVERY = 10


class Load:
    """Clients that send until told to stop; `acknowledged` is key → answer."""

    def __init__(self, urls: Sequence[str], shared: str, shown: dict[str, str]) -> None:
        self._shared = shared
        self._stop = asyncio.Event()
        self._clients = [httpx2.AsyncClient(base_url=url, timeout=4, headers=shown) for url in urls]
        self.acknowledged: dict[str, Any] = {}
        self.declared: list[str] = [shared]
        self.paged: list[str] = []
        self.unanswered = 0

    async def run(self) -> None:
        await asyncio.gather(self._pager(), *(self._client(number) for number in range(CLIENTS)))
        for client in self._clients:
            await client.aclose()

    async def stop(self) -> None:
        """Let each client have its last answer."""
        self._stop.set()

    async def more(self, count: int, within_s: float = PATIENT_S) -> Self:
        """Wait until so many more commands are acknowledged."""
        wanted = len(self.acknowledged) + count
        await until(lambda: len(self.acknowledged) >= wanted, within_s)
        return self

    async def _client(self, number: int) -> None:
        """Half of what a client does is on an incident that all share, half on its own."""
        own, sent = "", 0
        while not self._stop.is_set():
            key = f"client{number}-{sent}"
            headers = {"Idempotency-Key": key}
            if sent % DECLARE_EVERY == 0:
                answer = await self._surely("/v1/incidents", said(title=key), headers)
                own = answer["id"]
                self.declared.append(own)
            else:
                ref = self._shared if sent % 2 else own
                path = f"/v1/incidents/{ref}/add_note"
                answer = await self._surely(path, said(text=key), headers)
            self.acknowledged[key] = answer
            sent += 1

    async def _pager(self) -> None:
        """A paging product: it delivers until it gets its 2xx."""
        while not self._stop.is_set():
            alert = f"alert-{len(self.paged)}"
            body = page("triggered", alert, f"event-{alert}")
            await self._surely("/v1/webhooks/pagerduty/pd", body, signature(body))
            self.paged.append(alert)
            await asyncio.sleep(0.05)

    async def _surely(self, path: str, body: bytes, headers: dict[str, str]) -> Any:
        turn = hash(body)
        while True:
            client = self._clients[turn % len(self._clients)]
            turn += 1
            try:
                typed = {"content-type": "application/json", **headers}
                response = await client.post(path, content=body, headers=typed)
            except httpx2.TransportError:
                self.unanswered += 1
                await asyncio.sleep(0.02)
                continue
            if response.status_code < 300:
                return response.json()
            assert response.status_code == 503, response.text
            assert int(response.headers["retry-after"]) >= 1
            self.unanswered += 1
            await asyncio.sleep(0.05)


def said(**fields: str) -> bytes:
    return json.dumps(fields).encode()


@asynccontextmanager
async def load(service: Process, *more: Process) -> AsyncIterator[Load]:
    """Clients of a service (or of several) for as long as the context lasts."""
    shared = (await service.declare("Shared"))["id"]
    clients = Load([one.where["http_url"] for one in (service, *more)], shared, service.shown)
    running = asyncio.create_task(clients.run())
    try:
        yield clients
        assert not running.done() or running.exception() is None
        await clients.stop()
        await asyncio.wait_for(running, PATIENT_S)
    finally:
        running.cancel()


async def assert_exactly_once(service: Process, done: Load) -> None:
    """What was acknowledged is in the log at the place that was told, once; nothing else is."""
    written: Counter[tuple[str, int]] = Counter()
    for incident in done.declared:
        for event in await service.events(incident):
            said = event["event"]
            written[said.get("text") or said["title"], event["position"]] += 1
    del written["Shared", (await service.events(done.declared[0]))[0]["position"]]
    told = Counter((key, answer["position"]) for key, answer in done.acknowledged.items())
    assert written == told
    assert len(done.declared) == len(set(done.declared))
    for alert in done.paged:
        (event,) = await appears(service, incident_id("pagerduty", "pd", alert), 1, 20)
        assert event["event"]["tag"].startswith("incident.alert_received.")


async def assert_verified(service: Process) -> None:
    """`commandpost verify` finds every read model the same as a fresh fold of the log."""
    verified = await service.cli("verify", "--format", "json")
    assert verified.status == 0, verified
    assert [verdict["differences"] for verdict in verified.json] == [[]] * len(ALL)


async def assert_caught_up(service: Process) -> None:
    """All read models follow, and show the head of the log, soon and by themselves."""

    async def there() -> bool:
        report = await service.get("/health/ready")
        return all(model["phase"] == "following" and model["lag"] == 0
                   for model in report["read_models"].values())  # fmt: skip

    await eventually(there)
    position = await service.head()
    for path in ("/v1/incidents", "/v1/statistics"):
        await service.get(path, min_position=position)
