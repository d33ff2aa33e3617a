"""The entrances of the service: HTTP, and NATS with what consumes its streams."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial

import httpx2
import uvicorn
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from nats.errors import Error as NatsError

from adapters.browser.cookies import IN_PLAIN, Cookies, cookies_of
from adapters.config.settings import Config
from adapters.http.access import BY_ADDRESS, Access, access_of
from adapters.http.app import build, correlated, marked
from adapters.http.calendars import CalendarDesk, calendar_routes
from adapters.http.console import ConsoleParts, console_routes
from adapters.http.emergencies import emergency_routes
from adapters.http.followers import Followers, limits_of
from adapters.http.health import Health
from adapters.http.insights import insight_routes
from adapters.http.login_desk import LoginDesk
from adapters.http.logins import login_routes
from adapters.http.on_call import on_call_routes
from adapters.http.problems import document_of
from adapters.http.quarantine import quarantine_routes
from adapters.http.rates import RatesOfRequests, paced
from adapters.http.runbooks import runbook_routes
from adapters.http.signals import signal_routes
from adapters.http.slos import slo_routes
from adapters.http.status_page import status_page_routes
from adapters.http.tokens import token_routes
from adapters.http.transport.connections import BACKLOG, Connections, Limits, room_for
from adapters.http.transport.protocol import Http1Protocol
from adapters.http.webhooks import webhook_routes
from adapters.http.what_if_route import what_if_route
from adapters.main import Core
from adapters.oidc.flow import Flow
from adapters.oidc.issuer import Issuer, OidcClient
from adapters.status_page.publishing import Publisher
from adapters.status_page.snapshot import site_of
from adapters.storage.nats.broker import open_broker
from adapters.storage.nats.connection import connect
from domain.access.grants import AccessRole
from domain.access.principal import Principal
from domain.access.tokens import NATS, OWNER
from domain.kernel.roster import Roster
from handlers.entrance import over_nats
from handlers.inboxes import Inboxes
from handlers.ingest import consumer, heartbeats, note_changes, slo_alerts
from handlers.messaging import Broker, keep
from handlers.movement import Movement
from handlers.processes import timers

SHUTDOWN_S = 2  # for requests that are being handled
FAREWELL_S = 1  # for messages that are, and to say goodbye
TICKS_PER_S = 10
"""Of uvicorn's server."""


Routes = Sequence[HTTPRouteHandler]
"""What HTTP answers beside the incidents themselves."""


def public_routes(parts: Core, http_url: str) -> Routes:
    """The status page as configured; unless told otherwise, it is reached where we listen."""
    page = parts.config.status_page
    site = site_of(page.title, page.url or http_url, page.components)
    tally = parts.telemetry.tally
    publisher = Publisher(parts.status_page, site, parts.clock.now, tally)
    return status_page_routes(publisher, tally)


def login_routes_of(parts: Core, http_url: str, http: httpx2.AsyncClient) -> Routes:
    """How browsers log in: at the issuer that is configured, asked through `http`, or by a link."""
    config, flow = parts.config, None
    if (oidc := config.oidc) is not None:
        issuer = Issuer(oidc.issuer, OidcClient(oidc.client_id, oidc.client_secret), http)
        flow = Flow(oidc, issuer, config.public_url or http_url, parts.clock.now)

    async def people() -> Roster | None:
        return await parts.service.executor.rosters.now(fresh=True)

    cookies = cookies_of(config.public_url)
    return login_routes(LoginDesk(parts.gate, parts.access_keeper, cookies, flow, people))


def application(  # noqa: PLR0913 - what an application is made of
    parts: Core,
    health: Health,
    routes: Routes,
    access: Access = BY_ADDRESS,
    rates: RatesOfRequests | None = None,
    cookies: Cookies = IN_PLAIN,
    *,
    followers: Followers | None = None,
    otherwise: Principal | None = None,
) -> Litestar:
    """Everything that HTTP answers, and its description."""
    console = ConsoleParts(
        parts.service,
        parts.gate,
        parts.access_keeper,
        lambda: parts.clock.now(),  # noqa: PLW0108 - documents have none
        lambda: parts.projectors.status(),  # noqa: PLW0108 - likewise
    )
    return build(
        parts.service,
        health,
        parts.telemetry,
        [
            *webhook_routes(parts.receiver, parts.registry.products.sources),
            *signal_routes(parts.receiver, parts.registry.products.sources),
            *quarantine_routes(parts.translator, parts.store, parts.receiver),
            *token_routes(parts.gate, parts.access_keeper),
            *emergency_routes(parts.access_keeper),
            *calendar_routes(
                CalendarDesk(
                    parts.gate,
                    parts.access_keeper,
                    lambda: parts.clock.now(),  # noqa: PLW0108 - documents have none
                    lambda: parts.config.public_url,
                )
            ),
            what_if_route(parts.service, lambda: parts.clock.now()),  # noqa: PLW0108 - documents have none
            *insight_routes(parts.service, lambda: parts.clock.now()),  # noqa: PLW0108 - likewise
            *on_call_routes(lambda: parts.clock.now()),  # noqa: PLW0108 - likewise
            *slo_routes(parts.service, lambda: parts.clock.now()),  # noqa: PLW0108 - likewise
            *console_routes(console),
            *runbook_routes(lambda: parts.clock.now()),  # noqa: PLW0108 - likewise
            *routes,
        ],
        registry=parts.registry,
        gate=parts.gate,
        access=access,
        rates=rates,
        cookies=cookies,
        followers=followers,
        otherwise=otherwise,
    )


class HttpServer(uvicorn.Server):
    """uvicorn without signal handlers of its own: the service has one end, not two."""

    def __init__(self, parts: Core, health: Health, routes: Routes, rates: RatesOfRequests) -> None:
        config = parts.config
        known = [f"//{config.http}", *filter(None, (config.public_url, config.status_page.url))]
        access = access_of(config.http_server.hosts, config.http_server.origins, *known)
        asked = config.http_server
        limits = Limits(room_for(asked.connections), asked.connections_per_address, asked.proxies)
        self.followers = Followers(
            limits_of(asked.followers_per_principal, asked.followers, limits.in_all)
        )
        cookies = cookies_of(config.public_url)
        app = application(parts, health, routes, access, rates, cookies, followers=self.followers)
        super().__init__(
            uvicorn.Config(
                correlated(marked(app, parts.projectors.status)),
                http=Http1Protocol,
                backlog=BACKLOG,
                ws="none",
                log_config=None,
                access_log=False,
                lifespan="off",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=SHUTDOWN_S,
            )
        )
        self.server_state = self.connections = Connections(limits, parts.telemetry.tally)

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_PER_S == 0:
            self.connections.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def started_up(self, serving: "asyncio.Task[None]") -> None:
        while not self.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event
            await asyncio.sleep(0.005)


@asynccontextmanager
async def serve_nats(
    parts: Core, movement: Movement, rates: RatesOfRequests
) -> AsyncIterator[None]:
    """Commands, translation of signals, processes and their timers, over NATS."""
    entrance = await _entrance(parts, rates)
    broker = open_broker(parts.urls.nats, graceful_timeout_s=FAREWELL_S)
    heartbeats.subscribe(broker, parts.translator.heartbeats)
    alerts_of_slos = slo_alerts.SloAlerts(parts.store, parts.signals, parts.config.public_url)
    slo_alerts.subscribe(broker, alerts_of_slos)
    note_changes.subscribe(broker, parts.change_notes)
    timers.subscribe(broker, parts.runner.wake, parts.clock.now, parts.telemetry)
    js = parts.connection.jetstream()
    async with (
        keep(js, consumer.CONSUMER, movement=movement),
        keep(js, heartbeats.CONSUMER, movement=movement),
        keep(js, slo_alerts.CONSUMER, movement=movement),
        keep(js, note_changes.CONSUMER, movement=movement),
        keep(js, timers.CONSUMER, parts.timers.restore, movement),
    ):
        await parts.timers.take_over()
        await parts.runner.begin()
        await broker.start()
        await entrance.start()
        try:
            signals = parts.signals.waiting(consumer.CONSUMER.durable)
            parts.receiver.outcomes = parts.translator.outcomes
            async with (
                consumer.translating(signals, parts.translator),
                parts.translator.storms.watching(),
            ):
                yield
        finally:
            with suppress(NatsError, TimeoutError):  # there may be nobody to say goodbye to
                async with asyncio.timeout(FAREWELL_S):
                    await asyncio.gather(entrance.stop(), broker.stop())


def publisher(config: Config) -> Principal | None:
    """Who sends a command over NATS without a token: whoever NATS lets publish it, as configured.
    The embedded server's passwords stand in the state folder, whose owner may do everything.
    """
    if config.nats.commands_as is not None:
        return Principal(name=NATS, role=config.nats.commands_as)
    return None if config.nats_url else Principal(name=OWNER, role=AccessRole.ADMIN)


async def _entrance(parts: Core, rates: RatesOfRequests) -> Broker:
    """What takes commands and answers them, with rights to do that alone where NATS knows a user
    for it. Raises `CannotConnectError`.
    """
    url = parts.urls.nats_answers or parts.urls.nats
    await (await connect(url)).close()  # says clearly what is wrong; a broker tries for ever
    broker = open_broker(url, graceful_timeout_s=FAREWELL_S)
    withheld = parts.telemetry.counter(
        "answers_withheld", "Answers over NATS that were asked for elsewhere than at an inbox."
    )
    inboxes = Inboxes(parts.config.nats.inboxes, withheld.inc)
    admit = paced(partial(parts.gate.admit, otherwise=publisher(parts.config)), rates)
    for aggregate in parts.registry.public:
        over_nats.subscribe(broker, parts.service, aggregate, document_of, inboxes, admit)
    return broker
