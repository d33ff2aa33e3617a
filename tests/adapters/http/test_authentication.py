"""All routes, generated from the application, times all roles: each cell is let in or refused.

Nothing stands behind the routes here: whoever is let in meets a service that has nothing.
"""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx2
import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from adapters.browser.cookies import IN_PLAIN
from adapters.clock import utc_now
from adapters.console.all_pages import PAGES
from adapters.http.app import correlated
from adapters.http.authentication import PERMISSIONS as OF_ROUTES
from adapters.http.authentication import is_command, name_of, permission_of
from adapters.http.contact_checks import contact_check_routes
from adapters.http.login_desk import LoginDesk
from adapters.http.logins import login_routes
from adapters.http.product_routes import product_routes
from adapters.http.rates import Rate, Rates, RatesOfRequests
from adapters.http.status_page import status_page_routes
from adapters.products.kit.channel import Host
from adapters.registry import REGISTRY
from adapters.runtime.endpoints import application
from adapters.runtime.open_channels import channel_routes
from adapters.status_page.publishing import Publisher
from domain.access.grants import PERMISSIONS, AccessRole, Permission
from domain.kernel.refusal import Refused
from domain.permissions import COMMANDS, permission_for
from domain.sight import SERVICE
from handlers.entrance.service import Service
from handlers.kernel.provenance import Caller
from support.access import OPEN_SIGHTS, bearer, gate, secret_of

NOBODY: Any = None
OPEN = {
    "/assets",
    "/health/live",
    "/status",
    "/login",
    "/logout",
    "/v1/webhooks",
    "/v1/signals",
    "/v1/calendars",
    "/v1/slack",
    "/v1/trackers",
    "/v1/twilio",
    "/v1/telegram",
    "/v2/enqueue",
    "/v2/change/enqueue",
}
"""Where no token is asked for, each with what is below it: whoever adds to it, says why."""


class Refusing:
    """Any service: it may be asked for everything, and does not know it."""

    def __getattr__(self, name: str) -> Any:
        raise Refused("nothing.there", f"this service has no {name}")


class Cell(NamedTuple):
    """A route as it is called, and what it needs; None: any token, or none where it is open."""

    method: str
    path: str
    open: bool
    needs: Permission | None
    page: bool = False


def app() -> Litestar:
    parts: Any = SimpleNamespace(
        registry=REGISTRY,
        service=Service(*[Refusing()] * 7, OPEN_SIGHTS),  # type: ignore[arg-type]
        telemetry=Refusing(),
        receiver=Refusing(),
        translator=Refusing(),
        store=Refusing(),
        clock=SimpleNamespace(now=utc_now),
        gate=gate(),
        access_keeper=Refusing(),
    )
    publisher: Publisher = Refusing()  # type: ignore[assignment]
    host = Host(NOBODY, NOBODY, NOBODY, NOBODY)
    slack = product_routes(channel_routes(REGISTRY.products, {}, host))
    nothing: Any = Refusing()
    logins = login_routes(LoginDesk(gate(), nothing, IN_PLAIN, None, nothing))
    checks = contact_check_routes({}, utc_now)
    routes = [*slack, *logins, *checks, *status_page_routes(publisher, NOBODY)]
    often = Rates(Rate(per_minute=1_000_000, burst=1_000_000))
    return application(parts, NOBODY, routes, rates=RatesOfRequests(often, often, often))


def cells() -> list[Cell]:
    found: list[Cell] = []
    for route in APP.routes:
        for handler in getattr(route, "route_handlers", ()):
            path = route.path.replace("{ref:str}", "INC-1").replace("{position:int}", "1")
            path = path.replace("{which:str}", "ada").replace("{source:str}", "pd")
            for method in handler.http_methods - {"OPTIONS"}:
                is_open = bool(handler.opt.get("open"))
                if not is_command(handler):
                    needs = None if is_open else permission_of(handler)
                    found.append(Cell(method, path, is_open, needs, "needs" in handler.opt))
                    continue
                aggregate = handler.opt["aggregate"]
                for name in aggregate.commands:
                    if "{command" in path:
                        sent = path.replace("{command:str}", name)
                    elif name == aggregate.opening:
                        sent = path
                    else:
                        continue
                    found.append(Cell(method, sent, False, permission_for(aggregate, name)))
    return found


APP = app()
CELLS = cells()


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(correlated(APP), raise_app_exceptions=False)  # type: ignore[arg-type]
    # Who is let in meets stubs, and to print where each of them fails takes minutes.
    with capture_logs():
        async with httpx2.AsyncClient(base_url="http://localhost", transport=transport) as opened:
            yield opened


async def asked(client: httpx2.AsyncClient, cell: Cell, **headers: str) -> httpx2.Response:
    body = {"content": b"{}"} if cell.method == "POST" else {}
    typed = {"content-type": "application/json"} if cell.method == "POST" else {}
    return await client.request(cell.method, cell.path, headers={**typed, **headers}, **body)  # type: ignore[arg-type]


def test_every_route_is_in_the_table_or_says_why_it_is_open():
    names = {
        name_of(handler)
        for route in APP.routes
        for handler in getattr(route, "route_handlers", ())
        if "OPTIONS" not in handler.http_methods
        and not handler.opt.get("open")
        and not is_command(handler)
        and "needs" not in handler.opt
    }
    assert names == OF_ROUTES.keys()


def test_every_page_of_the_console_needs_a_permission():
    pages = [cell for cell in CELLS if cell.page]
    assert len(pages) > len(PAGES)
    assert all(cell.needs in Permission for cell in pages)


def test_what_is_open_is_what_has_a_proof_of_its_own():
    paths = {cell.path for cell in CELLS if cell.open}
    assert {path for path in paths if not any(path.startswith(each) for each in OPEN)} == set()
    assert all(any(path.startswith(each) for path in paths) for each in OPEN - {"/v1/slack"})


def test_all_commands_are_walked():
    assert sum(cell.method == "POST" and cell.needs is not None for cell in CELLS) > len(COMMANDS)


async def test_without_a_token_nothing_answers_that_is_not_open(client: httpx2.AsyncClient):
    for cell in CELLS:
        answer = await asked(client, cell)
        if cell.open:
            assert answer.json().get("code", "") not in {"token.missing", "permission.missing"} if (
                answer.headers.get("content-type", "").startswith("application")
            ) else True, cell  # fmt: skip
            continue
        if cell.page:
            assert (answer.status_code, "Log in" in answer.text) == (401, True), cell
            continue
        assert (answer.status_code, answer.json()["code"]) == (401, "token.missing"), cell
        assert answer.headers["www-authenticate"].startswith("Bearer"), cell
        assert "admin-token" in answer.json()["detail"], cell


@pytest.mark.parametrize("role", AccessRole)
async def test_each_role_is_let_in_where_it_may(client: httpx2.AsyncClient, role: AccessRole):
    shown = bearer(secret_of(role))
    for cell in CELLS:
        if cell.open:
            continue
        answer = await asked(client, cell, **shown)
        refused = answer.status_code == 403
        may = cell.needs is None or cell.needs in PERMISSIONS[role]
        assert refused is not may, (cell, answer.text)
        assert answer.status_code != 401, cell
        if refused and cell.page:
            assert "permission.missing" in answer.text
        elif refused:
            problem = answer.json()
            assert (problem["code"], problem["rule"]) == ("permission.missing", cell.needs)
            assert "admin" in problem["detail"]


async def test_a_token_in_the_query_is_none(client: httpx2.AsyncClient):
    secret = secret_of(AccessRole.ADMIN)
    for name in ("token", "access_token"):
        answer = await client.get("/v1/incidents", params={name: secret})
        assert answer.json()["code"] == "token.missing"
        assert secret not in answer.text


async def test_what_no_table_knows_takes_an_admin():
    from toys.lamp.aggregate import LAMP  # noqa: PLC0415

    assert permission_for(LAMP, "switch") is Permission.SERVICE_MANAGE
    assert permission_for(LAMP, "unheard_of") is None
    assert Caller("c", SERVICE).principal is None


async def test_who_asks_too_often_is_told_when_to_come_again_and_others_go_on(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    """Whoever shows no token that counts has the share of the address."""
    few = Rates(Rate(per_minute=1, burst=2))
    monkeypatch.setattr(
        APP.state, "rates", RatesOfRequests(few, Rates(Rate(1, 1)), few), raising=False
    )

    async def status(**headers: str) -> int:
        return (await client.get("/v1/whoami", headers=headers)).status_code

    viewer = bearer(secret_of(AccessRole.VIEWER))
    assert [await status(**viewer) for _ in range(3)][-1] == 429
    again = await client.get("/v1/whoami", headers=viewer)
    assert (again.json()["code"], int(again.headers["retry-after"]) > 0) == ("rate.exceeded", True)
    assert await status(**bearer(secret_of(AccessRole.ADMIN))) != 429
    assert [await status() for _ in range(2)] == [401, 429]


async def test_an_answer_for_programs_shows_runs_and_keeps_nothing(client: httpx2.AsyncClient):
    for path in ("/v1/incidents", "/nowhere", "/health/live"):
        headers = (await client.get(path)).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert (headers["x-content-type-options"], headers["cache-control"]) == (
            "nosniff", "no-store",
        )  # fmt: skip


async def test_a_stranger_who_comes_too_often_hears_of_tokens_and_who_has_one_is_let_in(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    """Behind one proxy all have one address: who mistypes a token takes nothing from others."""
    rates = RatesOfRequests(Rates(Rate(100, 100)), Rates(Rate(1, 2)), Rates(Rate(9, 9)))
    monkeypatch.setattr(APP.state, "rates", rates, raising=False)
    for _ in range(2):
        assert (await client.get("/v1/whoami")).status_code == 401
    refused = (await client.get("/v1/whoami", headers=bearer("x"))).json()
    assert (refused["status"], refused["code"]) == (429, "rate.exceeded")
    assert "this is no token of this service" in refused["detail"]
    assert "admin-token" in refused["detail"]
    assert refused["rule"] == "60 requests a minute of an address without a token that counts"
    shown = bearer(secret_of(AccessRole.VIEWER))
    assert (await client.get("/v1/whoami", headers=shown)).status_code == 200
