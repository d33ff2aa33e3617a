"""Running the service: every task that lives as long as it does, and an orderly end."""

import asyncio
import gc
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from adapters.clock import SYSTEM, Clock, new_id, utc_now
from adapters.config.settings import Config
from adapters.http.answers import answer_routes
from adapters.http.contact_checks import contact_check_routes
from adapters.http.health import Health
from adapters.http.product_routes import product_routes
from adapters.http.rates import rates_of_requests
from adapters.http.transport.listen_socket import open_listener
from adapters.main import Core, Urls, core, servers
from adapters.products.kit.channel import Host
from adapters.products.kit.outgoing import is_this_machine
from adapters.products.kit.web import client
from adapters.registry import REGISTRY, Registry
from adapters.runtime.admin_token import FILE as TOKEN_FILE
from adapters.runtime.admin_token import keep_admin_token
from adapters.runtime.answer_secret import answer_secrets
from adapters.runtime.background import (
    forget_heartbeats,
    judge_objectives,
    keep_deadlines,
    keep_pages,
    note_changes,
    note_holders,
    open_postmortems,
    restore_references,
    tell_backlog,
    watch,
    watch_descriptors,
    watch_heartbeats,
    watch_log,
    watch_quarantine,
)
from adapters.runtime.configuration_trail import note_configuration
from adapters.runtime.counters import read_counters
from adapters.runtime.dead_mans_switch import tell_alive
from adapters.runtime.delivery import activate_workers
from adapters.runtime.ending import end_on_signals
from adapters.runtime.endpoints import (
    SHUTDOWN_S,
    HttpServer,
    Routes,
    login_routes_of,
    public_routes,
    serve_nats,
)
from adapters.runtime.lost_signals import pass_over_lost, watch_signals
from adapters.runtime.open_channels import (
    Opened,
    carriers_of,
    channel_routes,
    open_channels,
    reach_of,
)
from adapters.runtime.service_changes import note_service_changes
from adapters.runtime.state_file import RunningService, announce
from adapters.runtime.state_folder import keep_private
from handlers.kernel.ports import Unavailable
from handlers.movement import Movement
from handlers.notify.answer_links import AnswerLinks

IN_PLAIN = (
    "Tokens cross that network unencrypted: put a proxy with TLS before it, and name the"
    ' address of the proxy as public_url = "https://…", or listen on 127.0.0.1.'
)
WORK = (
    *(note_changes, watch_quarantine, forget_heartbeats, watch_signals),
    *(tell_backlog, open_postmortems, note_holders, keep_pages, judge_objectives),
    *(note_service_changes, read_counters),
)
"""What begins once the read models are there."""

log = structlog.get_logger()


@asynccontextmanager
async def running(
    config: Config, clock: Clock = SYSTEM, registry: Registry = REGISTRY
) -> AsyncIterator[tuple[Core, RunningService]]:
    """The whole service, ready, until the context ends or one of its parts fails for good."""
    # What may be wrong with the configuration is found before any server is started.
    with open_listener(config.http) as listener:
        async with (
            open_channels(
                config.channels, sys.stdout, utc_now, registry.products, config.outgoing.networks
            ) as channels,
            _own_servers(config) as urls,
            core(config, urls, clock, registry=registry) as parts,
        ):
            reach = reach_of(config.channels)
            parts.knows_reach(reach)
            where = RunningService(
                http_url=listener.url,
                listens=listener.address if listener.everywhere else None,
                nats_url=urls.nats,
                nats_admin_url=urls.nats_admin,
                database_url=urls.database,
                pid=os.getpid(),
                policy=parts.policy,
                reach=reach,
            )
            for gap in reach.gaps(parts.policy):
                log.warning("audience.unreached", reason=gap, advice="see docs/channels.md")
            await restore_references(parts)
            await keep_admin_token(parts, Path(config.state))
            await note_configuration(parts)
            with suppress(Unavailable):  # the watch looks again
                await pass_over_lost(parts)
            await watch_heartbeats(parts)
            links = AnswerLinks(answer_secrets(config), config.public_url)
            async with client(config.outgoing.networks) as http:
                host = Host(parts.service, http, clock.now, new_id)
                asked = channel_routes(registry.products, config.channels, host)
                routes = [
                    *public_routes(parts, listener.url),
                    *login_routes_of(parts, listener.url, http),
                    *product_routes(asked),
                    *contact_check_routes(carriers_of(channels), parts.clock.now),
                    *answer_routes(links, parts.clock.now),
                ]
                async with _tasks(parts, listener.sock, (channels, links), routes):
                    with announce(Path(config.state), where):
                        yield parts, where


@asynccontextmanager
async def _own_servers(config: Config) -> AsyncIterator[Urls]:
    """The servers, in a state folder that is ours alone."""
    keep_private(Path(config.state))
    async with servers(config, supervised=True) as urls:
        yield urls


async def serve_until_signalled(config: Config, registry: Registry = REGISTRY) -> RunningService:
    """Run in the foreground until a signal asks for the end."""
    stop = asyncio.Event()
    end_on_signals(stop.set)
    async with running(config, registry=registry) as (_, where):
        print_urls(where, config)
        log.info("service.ready", http=where.http_url, pid=where.pid)
        await stop.wait()
        log.info("service.stopping")
    log.info("service.stopped")
    gc.freeze()  # else the interpreter goes through all of it once more, for seconds if busy
    return where


def print_urls(where: RunningService, config: Config) -> None:
    """What a person needs to know first."""
    print(f"Commandpost is ready: {where.http_url}")
    for path in ("/v1/incidents", "/status", "/openapi.json", "/metrics", "/health/ready"):
        print(f"  {where.http_url}{path}", flush=True)
    print(f"The token of the first administrator: {Path(config.state) / TOKEN_FILE}", flush=True)
    if where.listens:
        print(f"It listens on {where.listens}: every network that this machine is in can reach it.")
    if listens_in_plain(where.http_url, where.listens, config):
        print(IN_PLAIN, flush=True)
        log.warning("http.in_plain", http=where.listens or where.http_url, advice=IN_PLAIN)


def listens_in_plain(url: str, everywhere: str | None, config: Config) -> bool:
    """Whether others can hear tokens go by: we speak no TLS, it listens beyond this machine, and
    the configuration names no proxy that speaks it before us.
    """
    host = urlsplit(url).hostname or ""
    beyond = everywhere is not None or not is_this_machine(host)
    behind = (config.public_url or "").startswith("https://")
    return beyond and not behind


@asynccontextmanager
async def _tasks(
    parts: Core,
    sock: socket.socket,
    ways: tuple[Sequence[Opened], AnswerLinks],
    routes: Routes,
) -> AsyncIterator[None]:
    """All loops of the service. A fault in one of them ends the service, loudly."""
    movement = Movement()
    health = Health(parts.store, parts.write_check, parts.projectors.status, movement)
    _measure(parts, health)
    rates = rates_of_requests(parts.config.http_server.requests_per_minute)
    http = HttpServer(parts, health, routes, rates)
    _measure_http(parts, http)
    built = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        background = [
            group.create_task(_project(parts, built), name="projectors"),
            group.create_task(parts.service.feed.run(), name="feed"),
            *(
                group.create_task(_after(built, partial(work, parts, movement)), name=work.__name__)
                for work in WORK
            ),
            group.create_task(keep_deadlines(parts, movement, built), name="deadlines"),
            group.create_task(parts.status_page.run(), name="status page"),
            group.create_task(parts.gate.run(), name="access"),
            # Not before the directory is built: who asks too early lets it rest for seconds.
            group.create_task(_after(built, parts.gate.watch_people), name="people"),
        ]
        workers = await activate_workers(parts, *ways)
        background += [
            group.create_task(watch(health, parts, workers), name="watch"),
            group.create_task(watch_descriptors(health), name="descriptors"),
            group.create_task(watch_log(parts, workers), name="log watch"),
            group.create_task(_after(built, partial(tell_alive, parts, health)), name="switch"),
        ]
        async with serve_nats(parts, movement, rates):
            delivering = [
                group.create_task(_after(built, worker.run), name="delivery") for worker in workers
            ]
            serving = group.create_task(http.serve([sock]), name="http")
            background.append(serving)
            await http.started_up(serving)
            try:
                yield
            finally:
                parts.service.feed.end()
                http.should_exit = True
                for task in delivering:
                    task.cancel()  # each finishes what it sends, beside the requests
                with suppress(asyncio.CancelledError):
                    await asyncio.wait([serving], timeout=SHUTDOWN_S)
        for task in background:
            task.cancel()


def _measure(parts: Core, health: Health) -> None:
    parts.telemetry.watch(
        "commandpost_projection_lag",
        "Commits that a read model is behind the head of the log.",
        ("projection",),
        health.lags,
    )
    parts.telemetry.watch(
        "commandpost_projection_failed",
        "1 where a read model has failed and follows no more.",
        ("projection",),
        health.failures,
    )


def _measure_http(parts: Core, http: HttpServer) -> None:
    parts.telemetry.watch(
        "commandpost_http_connections",
        "HTTP connections, by what they wait for.",
        ("waits",),
        http.connections.count,
    )
    parts.telemetry.watch(
        "commandpost_http_followers",
        "Live streams that are followed.",
        (),
        http.followers.count,
    )


async def _after(event: asyncio.Event, run: Callable[[], Awaitable[None]]) -> None:
    await event.wait()
    await run()


async def _project(parts: Core, built: asyncio.Event) -> None:
    """Build what is missing in one pass over the log, then follow it. Commands do not wait."""
    with suppress(Unavailable):  # then each projector builds its own, when it can
        await parts.projectors.prepare()
    built.set()
    await parts.projectors.run()
