"""Login of browsers over HTTP: at the issuer that is configured, or by a link that is good once."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import Request, Response, get, post

from adapters.browser.login_pages import HEADERS, login_page
from adapters.http.authentication import address_of, rates_of
from adapters.http.login_desk import HTML, PAGE, LoginDesk
from adapters.http.problems import RETRY_AFTER_S, status_of
from adapters.http.rates import origin_of
from adapters.oidc.fault import LoginFault
from adapters.oidc.flow import CALLBACK
from domain.kernel.refusal import Refused
from handlers.kernel.ports import Unavailable

Work = Callable[[Request[Any, Any, Any]], Awaitable[Response[Any]]]

_PROVES = {"open": "it is where one proves who one is"}

log = structlog.get_logger(__name__)


def login_routes(desk: LoginDesk) -> list[Any]:
    """`/login` with what is below it, and `/logout`."""

    @get(PAGE, include_in_schema=False, opt=_PROVES)
    async def page(request: Request[Any, Any, Any]) -> Response[Any]:
        return await _as_page(desk, request, desk.show)

    @post(f"{PAGE}/link", include_in_schema=False, status_code=303, opt=_PROVES)
    async def link(request: Request[Any, Any, Any]) -> Response[Any]:
        return await _as_page(desk, request, desk.open_link)

    @get(f"{PAGE}/oidc", include_in_schema=False, status_code=303, opt=_PROVES)
    async def begin(request: Request[Any, Any, Any]) -> Response[Any]:
        return await _as_page(desk, request, desk.send_to_issuer)

    @get(CALLBACK, include_in_schema=False, status_code=303, opt=_PROVES)
    async def callback(request: Request[Any, Any, Any]) -> Response[Any]:
        answer = await _as_page(desk, request, desk.end_at_issuer)
        answer.set_cookie(desk.cookies.forget(desk.cookies.login))
        return answer

    @post("/logout", include_in_schema=False, status_code=303, opt=_PROVES)
    async def logout(request: Request[Any, Any, Any]) -> Response[Any]:
        return await _as_page(desk, request, desk.log_out)

    return [page, link, begin, callback, logout]


async def _as_page(desk: LoginDesk, request: Request[Any, Any, Any], work: Work) -> Response[Any]:
    """What is answered; a refusal as a page, which says it in words. Raises `ProblemError`."""
    rates_of(request).logins.admit(origin_of(address_of(request)))
    try:
        return await work(request)
    except LoginFault as fault:
        status, code, said = fault.status, fault.code, fault.detail
    except Refused as refused:
        status, code, said = status_of(refused), refused.code, refused.detail
    except Unavailable:
        status, code = 503, "service.unavailable"
        said = "The log of this service cannot be reached at the moment: try again."
    log.info("login.refused", code=code, status=status)
    more = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    page = login_page(desk.issuer, said[:1].upper() + said[1:], code)
    return Response(page, status_code=status, media_type=HTML, headers=HEADERS | more)
