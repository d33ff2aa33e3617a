"""From an HTTP request to the log, through the real signal store, consumer and event store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from litestar import Litestar

from adapters.clock import new_id
from adapters.embedded import embedded_nats
from adapters.http.webhooks import webhook_routes
from adapters.products.registry import PRODUCTS
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_store import JetStreamSignalStore
from adapters.storage.nats.streams import provision
from domain.alerting import Rulebook
from domain.alerting.quarantine import SignalQuarantined
from domain.incident import INCIDENT
from domain.incident.state import Closed
from domain.policy import DEFAULT
from domain.registry import AnyEvent
from handlers.ingest.announced_work import AnnouncedWork
from handlers.ingest.consumer import CONSUMER, translating
from handlers.ingest.receive import Receiver
from handlers.ingest.route import Router
from handlers.ingest.storms import StormKeeper
from handlers.ingest.translate import SignalTranslator, incident_id
from handlers.kernel.executor import Executor
from handlers.messaging import keep
from projections.maintenance.maintenances import SUPPRESSING
from support.answers import Answers
from support.patience import PATIENT_S


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the server's clock is real


async def _nothing(_: Any) -> list[Any]:
    return []


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[tuple[str, Requests]]:
    async with embedded_nats(tmp_path) as server:
        admin = await connect(server.admin_url)
        await provision(admin)
        await admin.close()
        app = await connect(server.url)
        yield server.url, await Requests(app).start()
        await app.close()


async def test_pages_become_incidents_and_what_is_not_understood_is_kept(
    log, new_desk, sign, served, pagerduty
):
    url, requests = log
    store = await open_store(requests, Codec(AnyEvent, UPCASTERS))
    signals = JetStreamSignalStore(requests)
    executor = Executor(store, JetStreamReferences(requests), clock, DEFAULT)
    sources: Any = new_desk().reception._sources
    tally: Any = lambda *_, **__: None  # noqa: E731
    storms = StormKeeper(executor, DEFAULT, sources, clock, new_id)
    rules = AnnouncedWork(Answers({SUPPRESSING: _nothing}), Rulebook(), clock)
    intake = SignalTranslator(
        signals=signals,
        store=store,
        executor=executor,
        router=Router(executor, new_desk().board, rules, DEFAULT, tally, storms),
        products=PRODUCTS.source_kinds,
        sources=sources,
        clock=clock,
        tally=tally,
    )
    reception = Receiver(signals, PRODUCTS.source_kinds, sources, tally)
    bodies = [
        pagerduty("resolved", event="E3", at="11:30:00"),
        pagerduty("acknowledged", event="E2", at="11:10:00"),
        b"not JSON",
        pagerduty("triggered"),
    ]
    js = await connect(url)
    async with (
        keep(js.jetstream(), CONSUMER),
        translating(signals.waiting(CONSUMER.durable), intake),
        served(Litestar(webhook_routes(reception, PRODUCTS.sources))) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        for body in bodies:
            headers = dict(sign("pagerduty", body, {}).headers)
            answer = await client.post("/v1/webhooks/pagerduty/pd", content=body, headers=headers)
            assert answer.status_code == 202
        async with asyncio.timeout(PATIENT_S):
            while await store.head() < len(bodies):  # noqa: ASYNC110 - the log tells nobody
                await asyncio.sleep(0.01)
    await js.close()

    incident = await executor.state(INCIDENT, incident_id("pagerduty", "pd", "Q1"))
    assert isinstance(incident, Closed)
    times = incident.facts.milestones
    assert (times.detected_at.minute, times.acknowledged_at.minute, times.resolved_at.minute) == (
        0,
        10,
        30,
    )
    (recorded,) = await store.load("signal.3")
    (event,) = recorded.commit.events
    assert isinstance(event, SignalQuarantined)
    assert event.code == "body.not_json"
