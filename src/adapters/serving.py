"""Running the service: every task that lives as long as it does, and an orderly end."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
import uvicorn
from fast_depends.msgspec import MsgSpecSerializer
from faststream.nats import NatsBroker
from nats.errors import Error as NatsError

from adapters.channels import Opened, open_channels
from adapters.clock import SYSTEM, Clock, new_id, utc_now
from adapters.config import Config
from adapters.couriers import circuits, couriers_of
from adapters.http.app import build, correlated
from adapters.http.health import Health
from adapters.http.listening import listening
from adapters.http.problems import document_of
from adapters.http.quarantine import quarantine_routes
from adapters.http.slack import slack_routes
from adapters.http.webhooks import webhook_routes
from adapters.main import Core, core, servers
from adapters.slack.desk import Desk, open_desk
from adapters.whereabouts import Running, announced
from handlers import subscribers, timers, translating
from handlers.consuming import kept
from handlers.ports import Unavailable
from handlers.processes import conductor

WATCH_S = 1.0
WATCHDOG_S = 30.0
SHUTDOWN_S = 10

log = structlog.get_logger()


@asynccontextmanager
async def running(config: Config, clock: Clock = SYSTEM) -> AsyncIterator[tuple[Core, Running]]:
    """The whole service, ready, until the context ends or one of its parts fails for good."""
    # What may be wrong with the configuration is found before any server is started.
    with listening(config.http) as (sock, http_url):
        async with (
            open_channels(config.channels, sys.stdout, utc_now) as channels,
            servers(config, supervised=True) as urls,
            core(config, urls, clock) as parts,
        ):
            where = Running(
                http_url=http_url,
                nats_url=urls.nats,
                nats_admin_url=urls.nats_admin,
                database_url=urls.database,
                pid=os.getpid(),
            )
            await _restore_references(parts)
            settings = list(config.channels.values())
            async with (
                open_desk(parts.service, settings, utc_now, new_id) as desk,
                _tasks(parts, sock, channels, desk),
            ):
                with announced(Path(config.state), where):
                    yield parts, where


async def serve_until_signalled(config: Config) -> Running:
    """Run in the foreground until SIGINT, SIGTERM or SIGHUP (a closed terminal)."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    async with running(config) as (_, where):
        print_urls(where)
        log.info("service.ready", http=where.http_url, pid=where.pid)
        await stop.wait()
        log.info("service.stopping")
    log.info("service.stopped")
    return where


def print_urls(where: Running) -> None:
    """What a person needs to know first."""
    print(f"Commandpost is ready: {where.http_url}")
    for path in ("/v1/incidents", "/openapi.json", "/metrics", "/health/ready"):
        print(f"  {where.http_url}{path}", flush=True)


@asynccontextmanager
async def _tasks(
    parts: Core, sock: socket.socket, channels: Sequence[Opened], desk: Desk
) -> AsyncIterator[None]:
    """All loops of the service. A fault in one of them ends the service, loudly."""
    health = Health(parts.store, parts.projectors.status)
    parts.telemetry.watch(
        "commandpost_projection_lag",
        "Commits that a read model is behind the head of the log.",
        ("projection",),
        health.lags,
    )
    http = _Http(parts, health, desk)
    built = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        background = [
            group.create_task(_project(parts, built), name="projectors"),
            group.create_task(parts.service.feed.run(), name="feed"),
            group.create_task(_watch(health, parts), name="watch"),
            group.create_task(_after(built, partial(_watchdog, parts)), name="watchdog"),
        ]
        couriers = await couriers_of(parts, channels)
        parts.telemetry.watch(
            "commandpost_channel_circuit",
            "0: the channel is used; 1: it is tried again; 2: it has failed and rests.",
            ("channel",),
            partial(circuits, couriers),
        )
        async with _endpoints(parts):
            background += [
                group.create_task(_after(built, courier.run), name="courier")
                for courier in couriers
            ]
            serving = group.create_task(http.serve([sock]), name="http")
            background.append(serving)
            await http.started_up(serving)
            try:
                yield
            finally:
                parts.service.feed.end()
                http.should_exit = True
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([serving], timeout=SHUTDOWN_S)
        for task in background:
            task.cancel()


async def _after(event: asyncio.Event, run: Callable[[], Awaitable[None]]) -> None:
    await event.wait()
    await run()


async def _project(parts: Core, built: asyncio.Event) -> None:
    """Build what is missing in one pass over the log, then follow it. Commands do not wait."""
    with suppress(Unavailable):  # then each projector builds its own, when it can
        await parts.projectors.prepare()
    built.set()
    await parts.projectors.run()


class _Http(uvicorn.Server):
    """uvicorn without signal handlers of its own: the service has one end, not two."""

    def __init__(self, parts: Core, health: Health, desk: Desk) -> None:
        app = build(
            parts.service,
            health,
            parts.telemetry,
            [
                *webhook_routes(parts.reception),
                *quarantine_routes(parts.service.views, parts.intake, parts.store),
                *slack_routes(desk),
            ],
        )
        super().__init__(
            uvicorn.Config(
                correlated(app),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_S,
            )
        )

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def started_up(self, serving: "asyncio.Task[None]") -> None:
        while not self.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.005)


@asynccontextmanager
async def _endpoints(parts: Core) -> AsyncIterator[None]:
    """Commands and translation over NATS."""
    broker = NatsBroker(
        parts.urls.nats.split(","),
        serializer=MsgSpecSerializer(),
        logger=None,
        pending_size=-1,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.1,  # type: ignore[arg-type] # the client takes fractions
        ping_interval=5,
        graceful_timeout=SHUTDOWN_S,
    )
    subscribers.subscribe(broker, parts.service, new_id, document_of)
    translating.subscribe(broker, parts.signals, parts.intake)
    conductor.subscribe(broker, parts.conductor)
    timers.subscribe(broker, parts.conductor.woken, parts.clock.now, parts.telemetry)
    js = parts.connection.jetstream()
    async with (
        kept(js, translating.FEED),
        kept(js, conductor.FEED),
        kept(js, timers.FEED, parts.timers.restore),
    ):
        await parts.conductor.begin()
        await broker.start()
        try:
            yield
        finally:
            with suppress(NatsError, TimeoutError):  # there may be nobody to say goodbye to
                async with asyncio.timeout(SHUTDOWN_S):
                    await broker.stop()


async def _watch(health: Health, parts: Core) -> None:
    """Keep the head of the log and the size of the quarantine fresh for those who measure."""
    quarantined = parts.telemetry.gauge("quarantine_size", "Signals that wait in quarantine.")
    while True:
        report = await health.report()
        parts.telemetry.ready.set(report["status"] != "unready")
        with suppress(Unavailable):
            quarantined.set(len(await parts.service.views.quarantine()))
        await asyncio.sleep(WATCH_S)


async def _watchdog(parts: Core) -> None:
    """Processes of incidents that are not over, or were resolved not long ago, are asked about."""
    horizon = timedelta(
        days=1,
        seconds=max(level.postmortem_within_s or 0 for level in parts.policy.levels.values()),
    )

    async def unfinished() -> list[str]:
        return await parts.service.views.unfinished(parts.clock.now() - horizon)

    await conductor.watch(parts.conductor, unfinished, WATCHDOG_S)


async def _restore_references(parts: Core) -> None:
    """If the numbers were lost, take them from the log, before a new one is claimed."""
    if await parts.store.head() and await parts.references.is_empty():
        pairs = [
            (number, stream.partition(".")[2])
            async for batch in parts.store.read()
            for stream, number in _numbers(batch)
        ]
        if pairs:
            log.warning("references.restored", missing=await parts.references.restore(pairs))


def _numbers(batch: list) -> Iterator[tuple[str, int]]:  # type: ignore[type-arg]
    for recorded in batch:
        for event in recorded.commit.events:
            number = getattr(event, "number", None)
            if number:
                yield recorded.stream, number
