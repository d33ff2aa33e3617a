"""The public status page over HTTP: for everybody, so nothing here depends on who asks."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from adapters.http.problems import RETRY_AFTER_S
from adapters.status_page import statuspage_api
from adapters.status_page.pages import CONTENT_SECURITY_POLICY, unavailable
from adapters.status_page.publishing import HTML, Document, Publisher
from handlers.kernel.ports import Tally, Unavailable

CACHE_CONTROL = "public, max-age=10, stale-while-revalidate=60, stale-if-error=86400"
PAGE_MAX = 9_999

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
PAGE_HEADERS = _EVERYWHERE | {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
DATA_HEADERS = _EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

REQUESTS = "status_page_requests"
"""Counted by `document` and `outcome`: fresh, stale, unchanged, missing, unavailable."""

_FOR_ALL = {"open": "the page is for everybody"}

Find = Callable[[], Awaitable[Document | None]]


def status_page_routes(publisher: Publisher, tally: Tally) -> list[Any]:
    """`/status`, its history, uptime and incidents, the feeds, and Statuspage's API below it."""
    answer = _Answers(publisher, tally)

    @get("/status", include_in_schema=False, opt=_FOR_ALL)
    async def index(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer.page(request, "index", publisher.index)

    @get("/status/history", include_in_schema=False, opt=_FOR_ALL)
    async def history(request: Request[Any, Any, Any]) -> Response[bytes]:
        number = _number(request.query_params.get("page", "1"))
        return await answer.page(request, "history", lambda: publisher.history(number))

    @get("/status/history/page/{number:str}", include_in_schema=False, opt=_FOR_ALL)
    async def earlier(request: Request[Any, Any, Any], number: FromPath[str]) -> Response[bytes]:
        page = _number(number)
        return await answer.page(request, "history", lambda: publisher.history(page))

    @get("/status/uptime", include_in_schema=False, opt=_FOR_ALL)
    async def uptime(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer.page(request, "uptime", publisher.uptime)

    @get("/status/incidents/{ref:str}", include_in_schema=False, opt=_FOR_ALL)
    async def incident(request: Request[Any, Any, Any], ref: FromPath[str]) -> Response[bytes]:
        return await answer.page(request, "incident", lambda: publisher.incident(ref))

    @get("/status/history.atom", include_in_schema=False, opt=_FOR_ALL)
    async def atom(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer.data(request, "feed", publisher.atom)

    @get("/status/history.json", include_in_schema=False, opt=_FOR_ALL)
    async def json_feed(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer.data(request, "feed", publisher.json_feed)

    def api(name: str) -> Any:
        @get(f"/status/api/v2/{name}.json", include_in_schema=False, opt=_FOR_ALL)
        async def document(request: Request[Any, Any, Any]) -> Response[bytes]:
            return await answer.data(request, "api", lambda: publisher.api(name))

        return document

    return [
        index,
        history,
        earlier,
        uptime,
        incident,
        atom,
        json_feed,
        *map(api, statuspage_api.DOCUMENTS),
    ]


class _Answers:
    """Turns documents into responses, and counts them."""

    def __init__(self, publisher: Publisher, tally: Tally) -> None:
        self._publisher = publisher
        self._tally = tally

    async def page(self, request: Request[Any, Any, Any], kind: str, find: Find) -> Response[bytes]:
        """A page, the one page for all that is not there, or that nothing is known yet."""
        try:
            document = await find()
            if document is None:
                self._count(kind, "missing")
                gone = await self._publisher.missing()
                assert gone is not None
                headers = PAGE_HEADERS | {"Cache-Control": CACHE_CONTROL}
                return Response(gone.body, status_code=404, media_type=HTML, headers=headers)
        except Unavailable:
            self._count(kind, "unavailable")
            body = unavailable(self._publisher.site.title).encode()
            headers = PAGE_HEADERS | _LATER
            return Response(body, status_code=503, media_type=HTML, headers=headers)
        return self._document(request, kind, document, PAGE_HEADERS)

    async def data(self, request: Request[Any, Any, Any], kind: str, find: Find) -> Response[bytes]:
        """A document for programs; without one, the problem document that others give as well."""
        try:
            document = await find()
        except Unavailable:
            self._count(kind, "unavailable")
            raise
        assert document is not None, "feeds and the API are always there"
        return self._document(request, kind, document, DATA_HEADERS)

    def _document(
        self, request: Request[Any, Any, Any], kind: str, document: Document, more: dict[str, str]
    ) -> Response[bytes]:
        stale_s = self._publisher.stale_s()
        headers = more | {
            "Cache-Control": CACHE_CONTROL,
            "ETag": document.etag,
            "Last-Modified": format_datetime(document.modified_at, usegmt=True),
        }
        if stale_s is not None:
            headers |= {"Age": str(int(stale_s)), "Warning": '110 - "Response is Stale"'}
        if has_already(request, document):
            self._count(kind, "unchanged")
            return Response(b"", status_code=304, headers=headers, media_type=document.media_type)
        self._count(kind, "fresh" if stale_s is None else "stale")
        return Response(document.body, headers=headers, media_type=document.media_type)

    def _count(self, kind: str, outcome: str) -> None:
        self._tally(REQUESTS, document=kind, outcome=outcome)


_LATER = {"Cache-Control": "no-store", "Retry-After": str(RETRY_AFTER_S)}


def has_already(request: Request[Any, Any, Any], document: Document) -> bool:
    """Whether the asker has this very content (RFC 9110, 13.2.2): its tag decides; only without
    one, the time.
    """
    tags = request.headers.get("if-none-match")
    if tags is not None:
        given = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in given or document.etag in given
    since = _http_date(request.headers.get("if-modified-since", ""))
    return since is not None and document.modified_at <= since


def _http_date(text: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _number(text: str) -> int:
    """The number of a page; 0, which there is not, for anything else."""
    digits = (
        text if text.isascii() and text.isdecimal() and len(text) <= len(str(PAGE_MAX)) else "0"
    )
    return int(digits)
