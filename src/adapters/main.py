"""The composition root: what is made of what, from top to bottom."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from adapters.clock import SYSTEM, Clock, new_id, new_secret
from adapters.config.policy_file import configured_policy
from adapters.config.settings import Config
from adapters.registry import REGISTRY, Registry
from adapters.routing import routed
from adapters.storage.codec import Codec
from adapters.storage.codec.upcasters import UPCASTERS
from adapters.storage.directory_rows import DirectoryRows
from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.event_store import JetStreamEventStore, open_store
from adapters.storage.nats.references import JetStreamReferences
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.signal_store import JetStreamSignalStore
from adapters.storage.nats.stray_references import StrayReferences
from adapters.storage.nats.streams import all_streams, check, provision
from adapters.storage.nats.timers import JetStreamTimers
from adapters.storage.nats.write_check import WriteCheck
from adapters.storage.postgres.pool import Pool, open_pool
from adapters.storage.postgres.projectors import Projectors
from adapters.storage.postgres.read_models import PostgresReadModels
from adapters.storage.postgres.snapshots import PostgresSnapshots, open_snapshots
from adapters.storage.postgres.token_use import PostgresTokenUse
from adapters.storage.remembered_directory import RememberedDirectory
from adapters.telemetry import Telemetry
from adapters.templates import Templates, open_templates
from domain.kernel.roster import RosterPerson
from domain.policy import Policy
from domain.policy.reach import Reach
from domain.registry import event_union
from domain.sight import PUBLIC
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.access.sights import Sights
from handlers.entrance.service import Service
from handlers.ingest.note_changes import ChangeNotes
from handlers.ingest.quarantine_keeper import QuarantineKeeper
from handlers.ingest.receive import Receiver
from handlers.ingest.translate import SignalTranslator
from handlers.kernel.executor import Executor
from handlers.notify.preview import Previewer
from handlers.notify.render import service_link
from handlers.paging.look_up import PagingLookUp
from handlers.processes.backlog_keeper import BacklogKeeper
from handlers.processes.holders_keeper import HoldersKeeper
from handlers.processes.postmortem_keeper import PostmortemKeeper
from handlers.processes.runner import ProcessDependencies, ProcessRunner
from handlers.projecting.set_aside import LogKeeper
from handlers.queries.live_feed import LiveFeed
from handlers.queries.public_status import StatusPage
from projections.directory.administration import ACTS_BEHIND
from projections.directory.roster import ROSTER

CLOSE_S = 1.0
"""For a farewell to a server, which may hang."""


@dataclass(frozen=True)
class Urls:
    """Where the servers are. `nats_admin` may create streams (None: they have been provisioned),
    `nats_answers` (where there is such a user) take commands and answer them; each is used for that
    alone. `complaint`: what keeps an embedded server from writing, "" if nothing does.
    """

    nats: str
    nats_admin: str | None
    database: str
    complaint: Callable[[], str] = str
    nats_answers: str | None = None


@dataclass(frozen=True)
class Core:
    """The parts that every command of the command line needs, connected."""

    config: Config
    registry: Registry
    policy: Policy
    clock: Clock
    urls: Urls
    connection: NatsConnection
    store: JetStreamEventStore
    write_check: WriteCheck
    signals: JetStreamSignalStore
    references: JetStreamReferences
    stray_references: StrayReferences
    pool: Pool
    projectors: Projectors
    telemetry: Telemetry
    service: Service
    translator: SignalTranslator
    timers: JetStreamTimers
    runner: ProcessRunner
    receiver: Receiver
    status_page: StatusPage
    templates: Templates

    def __post_init__(self) -> None:
        """What is decided knows whom names mean."""
        service = self.service
        service.executor.rosters = RememberedDirectory(
            DirectoryRows(service.read_models, self.store)
        )
        service.executor.address = partial(service_link, self.config.public_url)
        PagingLookUp(service.executor, service.read_models, self.store).answer()

    @cached_property
    def gate(self) -> Gate:
        """Who knows whoever shows a token."""
        gate = Gate(self.service.executor, self.clock.now, self._people)
        gate.uses = PostgresTokenUse(self.pool)
        return gate

    async def _people(self) -> tuple[RosterPerson, ...]:
        """Those of the directory. Not by way of what decisions know of it, which rests for seconds
        when it is asked in vain.
        """
        (found,) = await self.service.read_models.ask(PUBLIC, ROSTER)
        return found.people

    @cached_property
    def access_keeper(self) -> AccessKeeper:
        """Who makes tokens, and revokes them."""
        executor = self.service.executor
        keeper = AccessKeeper(executor, self.store, self.gate, new_id, new_secret)
        ask = self.service.read_models.ask
        keeper.administration = lambda after: ask(PUBLIC, ACTS_BEHIND, after=after)
        return keeper

    def knows_reach(self, reach: Reach | None) -> None:
        """What is decided from now on knows whom channels tell."""
        self.service.executor.transactor.reach = reach

    @cached_property
    def log_keeper(self) -> LogKeeper:
        """Who looks after what of the log cannot be read."""
        transactor = self.service.executor.transactor
        return LogKeeper(self.store, self.projectors, transactor, self.registry.aggregates, new_id)

    @cached_property
    def change_notes(self) -> ChangeNotes:
        """Who writes changes of systems on timelines."""
        service = self.service
        return ChangeNotes(service.executor, self.store, service.read_models, self.clock.now)

    @cached_property
    def backlog_keeper(self) -> BacklogKeeper:
        """Who tells teams what stands in their backlog."""
        models, clock = self.service.read_models, self.clock.now
        transactor = self.service.executor.transactor
        return BacklogKeeper(self.store, models, transactor, self.policy, clock, new_id)

    @cached_property
    def postmortem_keeper(self) -> PostmortemKeeper:
        """Who opens post-mortems that incidents ask for."""
        service = self.service
        return PostmortemKeeper(service.executor, service.read_models, self.clock.now)

    @cached_property
    def holders_keeper(self) -> HoldersKeeper:
        """Who notes that somebody with a role has left, or is back."""
        return HoldersKeeper(self.service.executor, self.service.read_models, new_id)

    @cached_property
    def quarantine_keeper(self) -> QuarantineKeeper:
        """Who tells what waits in quarantine."""
        executor = self.service.executor
        return QuarantineKeeper(self.service.read_models, executor.transactor, new_id)


@asynccontextmanager
async def servers(config: Config, *, supervised: bool = False) -> AsyncIterator[Urls]:
    """The configured servers, or embedded ones for as long as the context lasts; `supervised` ones
    are started again when they end before.
    """
    if config.nats_url and config.database_url:
        admin, answers = config.nats_admin_url, config.nats.answers_url
        yield Urls(config.nats_url, admin, config.database_url, nats_answers=answers)
        return
    from adapters.embedded import Supervisor, embedded_servers  # noqa: PLC0415 - an optional dependency

    supervisor = Supervisor()
    async with embedded_servers(
        Path(config.state),
        sync_always=config.nats.sync == "always",
        inboxes=config.nats.inboxes,
        supervisor=supervisor if supervised else None,
    ) as embedded:
        yield Urls(
            embedded.nats_url,
            embedded.nats_admin_url,
            embedded.database_url,
            supervisor.complaint,
            embedded.nats_answers_url,
        )


async def provision_streams(admin: str, replicas: int, registry: Registry = REGISTRY) -> None:
    """Make and widen the streams, as the user of the URL `admin`. Repeated, it changes nothing.

    Raises `CannotConnectError`, `DriftError`.
    """
    connection = await connect(admin, name="commandpost-provision")
    try:
        await provision(connection, all_streams(registry.aggregates), replicas=replicas)
    finally:
        await connection.close()


async def _connect(
    stack: AsyncExitStack, urls: Urls, config: Config, registry: Registry
) -> tuple[NatsConnection, Requests, Pool, PostgresSnapshots]:
    if urls.nats_admin:
        await provision_streams(urls.nats_admin, config.replicas, registry)
    connection = await connect(urls.nats)
    stack.push_async_callback(_leave, connection)
    if not urls.nats_admin:
        await check(connection, all_streams(registry.aggregates), replicas=config.replicas)
    pool = await open_pool(urls.database)
    stack.push_async_callback(_close, pool)
    requests = await Requests(connection).start()
    requests.writes.explain = urls.complaint
    snapshots = await stack.enter_async_context(open_snapshots(pool))
    return connection, requests, pool, snapshots


@asynccontextmanager
async def core(
    config: Config,
    urls: Urls,
    clock: Clock = SYSTEM,
    policy: Policy | None = None,
    registry: Registry = REGISTRY,
) -> AsyncIterator[Core]:
    """Everything connected, and provisioned or found to be; nothing running yet. Without `policy`,
    the configured one decides. `registry` is what the service is made of.
    """
    policy, telemetry, now = policy or configured_policy(config), Telemetry(), clock.now
    templates = open_templates(config.templates, telemetry.template_fault)
    async with AsyncExitStack() as stack:
        connection, requests, pool, snapshots = await _connect(stack, urls, config, registry)
        codec, store = await _log(requests, config, registry)
        signals, references = JetStreamSignalStore(requests), JetStreamReferences(requests)
        projectors = Projectors(urls.database, pool, store, registry.projections(policy), snapshots)
        sources, largest = registry.products.source_kinds, config.http_server.signal_body_bytes
        read_models = PostgresReadModels(pool, projectors, codec)
        executor = Executor(store, references, now, policy, telemetry.append, snapshots)
        preview = Previewer(store, templates, policy, now, config.public_url)
        router, tally = routed(executor, read_models, config, telemetry, now), telemetry.tally
        feed = LiveFeed(projectors.log, projectors.watch.report)
        sights = Sights(executor, read_models, now)
        service = Service(executor, store, read_models, feed, preview, telemetry, new_id, sights)
        timers = JetStreamTimers(requests, real_time=clock.real, replicas=config.replicas)
        process = ProcessDependencies(store, executor, timers, now, policy, telemetry, snapshots)
        yield Core(
            config=config,
            registry=registry,
            policy=policy,
            clock=clock,
            urls=urls,
            connection=connection,
            store=store,
            write_check=WriteCheck(requests, store, references, now, new_id),
            signals=signals,
            references=references,
            stray_references=StrayReferences(requests),
            pool=pool,
            projectors=projectors,
            telemetry=telemetry,
            service=service,
            translator=SignalTranslator(
                signals=signals,
                store=store,
                executor=executor,
                router=router,
                products=sources,
                sources=config.sources,
                clock=now,
                tally=tally,
            ),
            timers=timers,
            runner=ProcessRunner(registry.aggregates, process),
            receiver=Receiver(signals, sources, config.sources, tally, largest, policy),
            status_page=StatusPage(read_models, store, now),
            templates=templates,
        )


async def _log(
    requests: Requests, config: Config, registry: Registry
) -> tuple[Codec, JetStreamEventStore]:
    aggregates, grouped = registry.aggregates, config.nats.sync == "always"
    codec = Codec(event_union(aggregates), UPCASTERS)
    return codec, await open_store(requests, codec, grouped=grouped, aggregates=aggregates)


async def _leave(connection: NatsConnection) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await connection.close()


async def _close(pool: Pool) -> None:
    try:
        async with asyncio.timeout(CLOSE_S):
            await pool.close()
    except TimeoutError:
        pool.terminate()
