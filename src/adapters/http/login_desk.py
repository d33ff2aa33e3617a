"""What is done about logins of browsers: sessions are begun, shown and ended."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from litestar import Request, Response
from litestar.datastructures import Cookie

from adapters.browser.cookies import LOGIN_S, Cookies
from adapters.browser.login_pages import HEADERS, LoggedIn, login_page, own_page
from adapters.clock import new_secret
from adapters.http.body import read_body
from adapters.oidc.fault import LoginFault
from adapters.oidc.flow import Flow
from domain.access.principal import Principal, Unauthentic
from domain.access.sessions import Session
from domain.kernel.roster import Roster
from domain.sight import PUBLIC
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.access.logins import HOUR, login_of
from handlers.kernel.provenance import Caller

HTML = "text/html"
FORM_BYTES_MAX = 4_096
PAGE = "/login"
NO_ISSUER = LoginFault(
    404,
    "login.no_issuer",
    "no issuer is configured here ([oidc] in the configuration); `commandpost login` prints a link",
)


class LoginDesk(NamedTuple):
    """Answers who logs in. Without a `flow`, no issuer is configured. `people` is the directory, as
    fresh as can be.
    """

    gate: Gate
    keeper: AccessKeeper
    cookies: Cookies
    flow: Flow | None
    people: Callable[[], Awaitable[Roster | None]]

    @property
    def issuer(self) -> str | None:
        """How people know where they log in."""
        return urlsplit(self.flow.settings.issuer).netloc if self.flow else None

    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Who one is, or how to log in. Raises `Unavailable`."""
        who = await self._principal(request)
        body = own_page(_shown(who)) if who else login_page(self.issuer)
        return Response(body, media_type=HTML, headers=HEADERS)

    async def open_link(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Log in by a link. Raises `Refused`, `Unavailable`."""
        form = parse_qs((await read_body(request, FORM_BYTES_MAX)).decode("ascii", "replace"))
        code = form.get("code", [""])[0].strip().rpartition("#")[2]
        return self._logged_in(request, *await self.keeper.open_link(_by_login(request), code))

    async def send_to_issuer(self, _: Request[Any, Any, Any]) -> Response[Any]:
        """Begin a login at the issuer. Raises `LoginFault`."""
        if self.flow is None:
            raise NO_ISSUER
        secret = new_secret("cpl_")
        where = await self.flow.begin(secret)
        return _sent_to(where, self.cookies.keep(self.cookies.login, secret, LOGIN_S))

    async def end_at_issuer(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Log in who comes back from the issuer. Raises `LoginFault`, `Refused`, `Unavailable`."""
        if self.flow is None:
            raise NO_ISSUER
        kept = self.cookies.given(request, self.cookies.login)
        found = await self.flow.finish(kept, dict(request.query_params))
        login = login_of(found, await self.people())
        until = self.gate.now() + HOUR * self.flow.settings.session_hours
        begun = await self.keeper.begin_session(_by_login(request), login, until)
        return self._logged_in(request, *begun)

    async def log_out(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """End the session of this browser. Raises `Unavailable`."""
        who = await self._principal(request)
        if who is not None and who.digest is not None:
            sender = Caller(request.state.correlation_id, PUBLIC, principal=who)
            await self.keeper.end_session(sender, who.digest)
        return _sent_to(PAGE, self.cookies.forget(self.cookies.session))

    async def _principal(self, request: Request[Any, Any, Any]) -> Principal | None:
        secret = self.cookies.given(request, self.cookies.session)
        try:
            return await self.gate.admit_session(secret) if secret else None
        except Unauthentic:
            return None

    def _logged_in(
        self, request: Request[Any, Any, Any], session: Session, secret: str
    ) -> Response[Any]:
        """To the page that was asked for before, else to who one is."""
        seconds = int((session.expires_at - self.gate.now()).total_seconds())
        where = self.cookies.asked_for(request) or PAGE
        answer = _sent_to(where, self.cookies.keep(self.cookies.session, secret, seconds))
        if where != PAGE:
            answer.set_cookie(self.cookies.forget(self.cookies.place))
        return answer


def _by_login(request: Request[Any, Any, Any]) -> Caller:
    return Caller(request.state.correlation_id, PUBLIC, actor="login")


def _sent_to(where: str, cookie: Cookie) -> Response[Any]:
    headers = HEADERS | {"Location": where}
    return Response(b"", status_code=303, media_type=HTML, headers=headers, cookies=[cookie])


def _shown(who: Principal) -> LoggedIn:
    may = tuple(sorted(who.permissions))
    return LoggedIn(who.actor, who.name, who.role, may, bool(who.extra))
