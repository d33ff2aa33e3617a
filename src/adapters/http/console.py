"""The console over HTTP: each page at its path, its forms beside it, and the files that pages load.

A page is for people, so all that may come of it is a page: who is not logged in is shown where, and
what they had typed is kept.
"""

import gzip
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import structlog
from litestar import Request, Response, get, post
from litestar.params import FromPath

from adapters.browser.cookies import LOGIN_S, Cookies
from adapters.console.all_pages import PAGES, navigation
from adapters.console.shell import Frame, headers_of, rendered
from adapters.console.static_files import PATH, served_as
from adapters.console.visit import Build, ConsolePage, Shown, Visit
from adapters.http.app import check_request
from adapters.http.authentication import known
from adapters.http.body import TooLargeError, TooSlowError, read_body
from adapters.http.problems import RETRY_AFTER_S, ProblemError, status_of
from domain.access.grants import Permission
from domain.access.principal import Principal
from domain.kernel.refusal import Refused
from handlers.access.gate import Gate
from handlers.access.keeper import AccessKeeper
from handlers.entrance.outage import outage_of
from handlers.entrance.service import Service
from handlers.kernel.ports import Unavailable
from handlers.projecting.projector import Lagging, Status
from handlers.queries.freshness import ASKED, explain_stale

HTML = "text/html"
FORM_BYTES_MAX = 262_144
FIELDS_MAX = 200
ZIPPED_FROM_BYTES = 1_024
FORM = "form"
"""Under this name the state of a request has the fields that were sent."""
KEPT_FOR_GOOD = "public, max-age=31536000, immutable"

Asked = Request[Any, Any, Any]
Fields = Mapping[str, Sequence[str]]

log = structlog.get_logger(__name__)


class ConsoleParts(NamedTuple):
    """What pages are made with. `statuses` says how read models are doing."""

    service: Service
    gate: Gate
    keeper: AccessKeeper
    clock: Callable[[], datetime]
    statuses: Callable[[], list[Status]]


def console_routes(console: ConsoleParts, pages: Sequence[ConsolePage] = PAGES) -> list[Any]:
    """The routes of all pages, and of what they load."""
    found: list[Any] = [_static()]
    for page in pages:
        if page.build is not None:
            found.append(_shown_at(console, page, page.build))
        if page.take is not None:
            found.append(_taken_at(console, page, page.take))
    return found


def _options(console: ConsoleParts, page: ConsolePage, needs: Permission | None) -> dict[str, Any]:
    async def before(request: Asked) -> Response[bytes] | None:
        return await _let_in(console, request)

    path = page.path.replace("}", ":str}")
    opt = {"name": f"console {page.path}", "needs": needs}
    return {"path": path, "include_in_schema": False, "opt": opt, "before_request": before}


def _shown_at(console: ConsoleParts, page: ConsolePage, build: Build) -> Any:
    @get(**_options(console, page, page.needs))
    async def show(request: Asked) -> Response[bytes]:
        return await _answer(console, request, build, {})

    return show


def _taken_at(console: ConsoleParts, page: ConsolePage, take: Build) -> Any:
    @post(**_options(console, page, page.changes or page.needs), status_code=200)
    async def accept(request: Asked) -> Response[bytes]:
        try:
            form = await _form(request)
        except ProblemError as problem:
            return await _problem_page(console, request, problem.status, problem.code,
                                       problem.detail)  # fmt: skip
        return await _answer(console, request, take, form)

    return accept


def _static() -> Any:
    @get(
        f"{PATH}/{{name:str}}",
        include_in_schema=False,
        opt={"open": "style and scripts are the same for everybody"},
    )
    async def static(request: Asked, name: FromPath[str]) -> Response[bytes]:
        found = served_as(name)
        if found is None:
            raise ProblemError(404, "path.unknown", "Not Found", field="path")
        headers = {"Cache-Control": KEPT_FOR_GOOD, "Vary": "Accept-Encoding"}
        if _takes_gzip(request):
            zipped = {"Content-Encoding": "gzip", **headers}
            return Response(found.zipped, media_type=found.media_type, headers=zipped)
        return Response(found.plain, media_type=found.media_type, headers=headers)

    return static


async def _let_in(console: ConsoleParts, request: Asked) -> Response[bytes] | None:
    """As for every request; what is refused is answered as a page."""
    try:
        await check_request(request)
    except ProblemError as problem:
        if problem.status != 401:
            return await _problem_page(console, request, problem.status, problem.code,
                                       problem.detail, problem.headers)  # fmt: skip
        form = await _form(request) if request.method == "POST" else {}
        shown = Shown("log_in.html", {"form": form, "here": _here(request)}, 401)
        answer = _as_response(console, request, shown, problem.headers)
        if request.method == "GET" and "hx-request" not in request.headers:
            cookies: Cookies = request.app.state.cookies
            answer.set_cookie(cookies.keep(cookies.place, _here(request), LOGIN_S))
        return answer
    except Refused as refused:
        who = await known(request, console.gate)
        request.state.principal = who
        return await _problem_page(console, request, status_of(refused), refused.code,
                                   refused.detail)  # fmt: skip
    except Unavailable as error:
        return await _unavailable(console, request, error)
    return None


async def _answer(
    console: ConsoleParts, request: Asked, work: Build, form: Fields
) -> Response[bytes]:
    state = request.state
    visit = Visit(
        service=console.service,
        gate=console.gate,
        keeper=console.keeper,
        principal=state.principal,
        viewer=state.viewer,
        now=console.clock(),
        path=request.url.path,
        correlation_id=state.correlation_id,
        names={name: str(value) for name, value in request.path_params.items()},
        query=request.query_params.dict(),
        form=form,
    )
    try:
        return _as_response(console, request, await work(visit))
    except Refused as refused:
        return await _problem_page(console, request, status_of(refused), refused.code,
                                   refused.detail)  # fmt: skip
    except Unavailable as error:
        return await _unavailable(console, request, error)
    except Lagging as error:
        return await _problem_page(console, request, 503, "read_model.lagging",
                                   f"The view behind this page has not caught up: {error}.",
                                   {"Retry-After": str(RETRY_AFTER_S)})  # fmt: skip
    except Exception:  # as `on_fault` has it, for people
        log.exception("console.fault")
        return await _problem_page(console, request, 500, "service.fault",
                                   "the service met a fault; it has been logged")  # fmt: skip


async def _unavailable(
    console: ConsoleParts, request: Asked, error: Unavailable
) -> Response[bytes]:
    log.warning("console.unavailable", error=str(error))
    found = outage_of(error)
    retry = {"Retry-After": str(found.retry_after_s)}
    return await _problem_page(console, request, 503, found.code, found.detail, retry)


async def _problem_page(
    console: ConsoleParts, request: Asked, status: int, code: str, detail: str,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:  # fmt: skip
    said = detail[:1].upper() + detail[1:]
    form = await _form(request) if request.method == "POST" else {}
    values = {"status": status, "code": code, "detail": said, "form": form, "here": _here(request)}
    return _as_response(console, request, Shown("problem.html", values, status), headers)


def _as_response(
    console: ConsoleParts, request: Asked, shown: Shown, more: Mapping[str, str] | None = None
) -> Response[bytes]:
    nonce = secrets.token_urlsafe(16)
    headers = {**headers_of(nonce), **(more or {})}
    if shown.to is not None:
        return Response(b"", status_code=shown.status, media_type=HTML,
                        headers=headers | {"Location": shown.to})  # fmt: skip
    body = rendered(shown.template, _frame(console, request, nonce), **shown.values).encode()
    if len(body) >= ZIPPED_FROM_BYTES and _takes_gzip(request):
        body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
    return Response(body, status_code=shown.status, media_type=HTML, headers=headers)


def _frame(console: ConsoleParts, request: Asked, nonce: str) -> Frame:
    who: Principal | None = getattr(request.state, "principal", None)
    asked = ASKED.get()
    return Frame(
        nonce=nonce,
        path=request.url.path,
        now=console.clock(),
        actor=who.actor if who else None,
        role=str(who.role) if who else "",
        nav=navigation(who) if who else (),
        stale=explain_stale(asked, console.statuses()) if asked else None,
        logged_in=bool(who and who.session),
    )


async def _form(request: Asked) -> Fields:
    """The fields that were sent, read once. Raises `ProblemError`."""
    known: Fields | None = request.state.get(FORM)
    if known is not None:
        return known
    request.state[FORM] = {}
    try:
        body = await read_body(request, FORM_BYTES_MAX)
        found: Fields = parse_qs(body.decode(), max_num_fields=FIELDS_MAX)
    except TooLargeError:
        raise ProblemError(413, "body.too_large", "the form is too big", field="body") from None
    except (TooSlowError, ValueError):
        raise ProblemError(400, "body.damaged", "the form came damaged", field="body") from None
    request.state[FORM] = found
    return found


def _here(request: Asked) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def _takes_gzip(request: Asked) -> bool:
    given = request.headers.get("accept-encoding", "")
    return any(part.split(";")[0].strip().lower() == "gzip" for part in given.split(","))
