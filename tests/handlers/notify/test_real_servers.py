"""The whole way on real servers: log, read models, workers, a receiver that checks signatures."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from standardwebhooks import Webhook as Verifier

from adapters.clock import new_id, utc_now
from adapters.embedded import embedded_nats
from adapters.products.webhook import CHANNEL
from adapters.products.webhook.settings import WebhookSettings
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.nats.connection import connect
from adapters.storage.nats.event_store import open_store
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import provision
from adapters.storage.postgres.outbox import PostgresIntents
from adapters.storage.postgres.pool import Pool, open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.templates import Templates
from domain.incident import INCIDENT
from domain.incident import commands as c
from domain.notification import Audience
from domain.policy import DEFAULT, Severity
from domain.policy.reach import Subscription
from domain.registry import AnyEvent
from domain.sight import SERVICE
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from handlers.kernel.ports import EventStore
from handlers.kernel.transact import Transactor
from handlers.notify.channels import Result
from handlers.notify.render import Renderer
from handlers.notify.worker import DeliveryDependencies, DeliveryWorker
from projections.outbox.deliveries import DELIVERIES, Delivery
from projections.outbox.intents import INTENTS
from support.http_server import Answer, Receiver, receiving
from support.patience import eventually

SECRET = "whsec_" + "c2VjcmV0IG9mIHRoaXMgdGVzdCBhbG9uZQ=="
CATALOG = (INTENTS, DELIVERIES)


@dataclass
class Site:
    """A service reduced to its notifications."""

    store: EventStore
    executor: Executor
    url: str
    pool: Pool
    receiver: Receiver
    results: Counter[str]

    def delivery(self, _channel: str, result: Result, _age_s: float) -> None:
        self.results[result] += 1

    @asynccontextmanager
    async def running(self, workers: int = 1) -> AsyncIterator[None]:
        """Projectors and workers, each worker as in a process of its own."""
        models = Projectors(self.url, self.pool, self.store, CATALOG)
        await models.prepare()
        async with AsyncExitStack() as stack:
            tasks = [asyncio.create_task(models.run())]
            for _ in range(workers):
                settings = WebhookSettings(url=self.receiver.url, secret=SECRET)
                opening = CHANNEL.open("ops", settings, sys.stdout, utc_now)
                (webhook,) = await stack.enter_async_context(opening)
                dependencies = DeliveryDependencies(
                    store=self.store,
                    transactor=Transactor(self.store, utc_now, DEFAULT),
                    intents=PostgresIntents(self.pool),
                    renderer=Renderer(self.store, Templates(), DEFAULT),
                    clock=utc_now,
                    new_id=new_id,
                    chance=lambda: 0.0,
                    observer=self,
                )
                wanted = Subscription((Audience.ENGINEERING,), Severity.SEV4)
                worker = DeliveryWorker(webhook, wanted, dependencies)
                await worker.activate()
                tasks.append(asyncio.create_task(worker.run()))
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def run(self, incident: str, command: c.Command) -> None:
        meta = Meta(command_id=new_id(), actor="ana", correlation_id="k")
        await self.executor.run(INCIDENT, incident, command, meta)

    async def delivered(self) -> list[Delivery]:
        return await PostgresIntents(self.pool).deliveries(SERVICE, status="delivered")


@pytest.fixture
async def site(tmp_path: Path, fresh_database: str) -> AsyncIterator[Site]:
    async with (
        embedded_nats(tmp_path) as server,
        receiving() as receiver,
        await open_pool(fresh_database, size=4) as pool,
    ):
        admin = await connect(server.admin_url)
        await provision(admin)
        await admin.close()
        connection = await connect(server.url)
        requests = await Requests(connection).start()
        store = await open_store(requests, Codec(AnyEvent, UPCASTERS))
        executor = Executor(store, JetStreamReferences(requests), utc_now, DEFAULT)
        yield Site(store, executor, fresh_database, pool, receiver, Counter())
        await connection.close()


async def test_from_a_declaration_to_a_receipt_and_never_again_after_a_rebuild(
    site: Site,
) -> None:
    """With two workers at once, a receiver that fails at first, and a database that is lost."""
    incidents = [new_id() for _ in range(5)]
    site.receiver.answer = Answer(status=503)

    async def tried() -> bool:
        return len(site.receiver.requests) >= 5

    async def all_delivered() -> bool:
        return len(await site.delivered()) == 10

    async with site.running(workers=2):
        for incident in incidents:
            await site.run(incident, c.Declare(title="Errors", severity=Severity.SEV1))
        await eventually(tried)
        site.receiver.answer = Answer()
        for incident in incidents:
            await site.run(
                incident, c.Resolve(resolution="rolled back", override="nobody else is there")
            )
        await eventually(all_delivered)

    bodies = [Verifier(SECRET).verify(it.body, it.headers) for it in site.receiver.requests]
    kinds = Counter((body["data"]["incident_id"], body["type"]) for body in bodies)
    assert {incident for incident, _ in kinds} == set(incidents)
    assert site.results["delivered"] == 10
    assert len({it.headers["webhook-id"] for it in site.receiver.requests}) == 10
    before = len(site.receiver.requests)
    receipts = {(it.intent_id, it.receipt, it.position) for it in await site.delivered()}

    connection = await asyncpg.connect(site.url)
    for schema in (INTENTS.schema, DELIVERIES.schema, "commandpost"):
        await connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
    await connection.close()

    another = new_id()

    async def another_delivered() -> bool:
        return len(await site.delivered()) == 11

    async with site.running():
        await site.run(another, c.Declare(title="New", severity=Severity.SEV4))
        await eventually(another_delivered)
    assert len(site.receiver.requests) == before + 1
    kept = {(it.intent_id, it.receipt, it.position) for it in await site.delivered()}
    assert receipts < kept
