"""The HTTP application: routes, errors, correlation ids."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import quote

import structlog
from litestar import Litestar, Request, Response, Router
from litestar.datastructures import Headers, MutableScopeHeaders, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.types import ASGIApp, ControllerRouterHandler, Message, Receive, Scope, Send

from adapters.browser.cookies import IN_PLAIN, Cookies
from adapters.clock import new_id
from adapters.http.access import BY_ADDRESS, Access, check_host, check_site
from adapters.http.aggregates import looking_route
from adapters.http.authentication import let_in
from adapters.http.body import TooLargeError, TooSlowError, on_too_large, on_too_slow
from adapters.http.commands import command_routes
from adapters.http.followers import Followers
from adapters.http.health import Health
from adapters.http.operations import live, metrics, openapi, ready
from adapters.http.postmortem_documents import PostmortemDocuments, TimelinePictures
from adapters.http.previews import Previews
from adapters.http.problems import (
    ProblemError,
    on_fault,
    on_http,
    on_lagging,
    on_problem,
    on_refused,
    on_unavailable,
)
from adapters.http.queries import Queries
from adapters.http.rates import RatesOfRequests, rates_of_requests
from adapters.http.resources import resource_routes
from adapters.http.what_was_known import known_at_a_time
from adapters.interfaces.openapi import document, query_parameters
from adapters.registry import Registry
from adapters.telemetry import Telemetry
from domain.access.principal import Principal
from domain.kernel.refusal import Refused
from handlers.access.gate import Gate
from handlers.entrance.service import Service
from handlers.kernel.ports import Unavailable
from handlers.kernel.provenance import correlation_of
from handlers.projecting.projector import Lagging, Status
from handlers.queries.freshness import ASKED, explain_stale
from handlers.queries.parameters import LOOKING_BACK, only_now

CORRELATION = "X-Correlation-ID"
WARNING = "Warning"
FOR_PROGRAMS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""On every answer, each of them that it does not give itself, as pages do: a browser that is led to
one shows, keeps and runs nothing of it (OWASP, REST Security Cheat Sheet).
"""
_FOR_PROGRAMS = tuple(
    (name.lower().encode("latin-1"), value.encode("latin-1"))
    for name, value in FOR_PROGRAMS.items()
)


def correlated(app: ASGIApp) -> ASGIApp:
    """Take the sender's correlation id, or make one; put it on every log line from here on, and
    give it back, so that a person can search the logs for it.
    """

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers.from_scope(scope)
        asked = headers.get(CORRELATION) or headers.get("X-Request-ID")
        correlation_id = correlation_of(asked, new_id)
        scope.setdefault("state", {})["correlation_id"] = correlation_id

        bare = scope.get("method") == "HEAD"
        if bare:  # RFC 9110, 9.3.2: what GET answers, without its content
            scope = cast("Scope", {**scope, "method": "GET"})

        answered = False

        async def send_with_id(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                headers[CORRELATION] = correlation_id
                given = {name.lower() for name, _ in headers.headers}
                headers.headers += (each for each in _FOR_PROGRAMS if each[0] not in given)
            elif bare and message["type"] == "http.response.body":
                if answered:
                    return
                answered = True  # also of a stream, which would go on for ever
                message = cast("Message", {**message, "body": b"", "more_body": False})
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id):
            await app(scope, receive, send_with_id)

    return middleware


def marked(app: ASGIApp, statuses: Callable[[], list[Status]]) -> ASGIApp:
    """Put `Warning: 110` (RFC 7234, 5.5.1: the response is stale) on answers made of read models
    that do not follow the log.
    """

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        asked: set[str] = set()
        token = ASKED.set(asked)

        async def send_marked(message: Message) -> None:
            if asked and message["type"] == "http.response.start":
                stale = explain_stale(asked, statuses())
                if stale is not None:
                    headers = MutableScopeHeaders.from_message(message)
                    headers[WARNING] = f'110 commandpost "{stale}"'
            await send(message)

        try:
            await app(scope, receive, send_marked)
        finally:
            ASKED.reset(token)

    return middleware


_LOOKED_AT = re.compile(r"/v1/(incidents|postmortems)/([^/]+)")
"""What messages link to, and what people have a page for."""


async def check_request(request: Request[Any, Any, Any]) -> Response[bytes] | None:
    """What every request must be like. Raises `ProblemError`, `Refused`. The framework gives a hook
    that is not `async` to a thread, which costs more than all the rest of a short request. A
    browser that follows the link of a message is led to the page of what it is about.
    """
    access: Access = request.app.state.access
    check_host(request, access)
    check_site(request, access)
    wanted = request.headers.get("accept", "")
    if wanted.startswith("text/html") and request.method == "GET":
        one = _LOOKED_AT.fullmatch(request.url.path)
        if one and not request.url.query:
            headers = {"Location": f"/{one[1]}/{quote(one[2], safe='')}", "Vary": "Accept"}
            return Response(b"", status_code=303, headers=headers, media_type="text/html")
    await let_in(request, request.app.state.gate, request.app.state.sights)
    _check_parameters(request)
    return None


def _check_parameters(request: Request[Any, Any, Any]) -> None:
    """Refuse a query parameter that the route does not have: a misspelt filter must not answer
    with everything. What a sender says in a query (`any_query`) is kept as it is.
    """
    operation = getattr(request.route_handler, "operation_id", None)
    free = request.route_handler.opt.get("any_query", False)
    if free or operation not in request.app.state.parameters:
        return
    known: frozenset[str] = request.app.state.parameters[operation]
    for name in request.query_params:
        if name not in known and name in LOOKING_BACK and request.method == "GET":
            raise only_now(name)
        if name not in known:
            raise Refused(
                "query.invalid",
                f"there is no query parameter {name}",
                field=name,
                rule=f"one of {', '.join(sorted(known))}" if known else "no query parameters",
            )


def build(  # noqa: PLR0913 - what an application is made of
    service: Service,
    health: Health,
    telemetry: Telemetry,
    more: Sequence[ControllerRouterHandler] = (),
    *,
    registry: Registry,
    gate: Gate,
    access: Access = BY_ADDRESS,
    rates: RatesOfRequests | None = None,
    cookies: Cookies = IN_PLAIN,
    followers: Followers | None = None,
    otherwise: Principal | None = None,
) -> Litestar:
    """The application, to be served `correlated`, so that refusals of the router are as well;
    `more` are the routes of webhooks and other entrances. `gate` knows who asks, `rates` how fast
    one may (None: as usual), `cookies` what browsers keep, `followers` who follows live streams;
    `otherwise` is who shows no token, where that is let in: within one process alone.
    """
    commands = [route for each in registry.public for route in command_routes(each)]
    commands += [looking_route(each) for each in registry.public if each.name not in registry.shown]
    # One router: only so may two controllers share a path, one for each method.
    routes = [
        Router(
            "/",
            route_handlers=[
                *(*commands, PostmortemDocuments, TimelinePictures, Previews, Queries),
                known_at_a_time,
            ],
        ),
        *(live, ready, metrics, openapi),
        *resource_routes(registry.read_models),
        *more,
    ]
    provided = {"service": service, "health": health, "telemetry": telemetry}
    injected = {name: _provide(value) for name, value in provided.items()}
    app = Litestar(
        routes,
        dependencies=injected,
        before_request=check_request,
        exception_handlers={
            ProblemError: on_problem,
            Refused: on_refused,
            Lagging: on_lagging,
            Unavailable: on_unavailable,
            TooLargeError: on_too_large,
            TooSlowError: on_too_slow,
            HTTPException: on_http,
            Exception: on_fault,
        },
        openapi_config=None,  # the framework would serve its own view of it, with pages in HTML
        state=State(),
        logging_config=None,
    )
    app.state.access, app.state.gate, app.state.otherwise = access, gate, otherwise
    app.state.cookies, app.state.sights = cookies, service.sights
    app.state.rates, app.state.followers = rates or rates_of_requests(), followers or Followers()
    app.state.openapi = cache(lambda: document(_described(routes, injected)))
    app.state.parameters = query_parameters(app)
    return app


def _described(
    routes: Sequence[ControllerRouterHandler], injected: Mapping[str, Provide]
) -> Litestar:
    """The same routes with the framework's own description of them. To make it takes as long as a
    quarter of a start, so it is made for whoever asks for the document.
    """
    return Litestar(routes, dependencies=injected, openapi_config=_OPENAPI, logging_config=None)


_OPENAPI = OpenAPIConfig(
    title="Commandpost",
    version="1",
    description="Event-sourced incident coordination.",
    use_handler_docstrings=True,
    render_plugins=[],
)


def _provide(value: Any) -> Provide:
    return Provide(lambda: value, use_cache=True, sync_to_thread=False)
