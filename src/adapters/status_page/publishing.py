"""Documents by name, made once for each snapshot, and not by the event loop."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from adapters.status_page import feeds, pages, statuspage_api, uptime_page
from adapters.status_page.snapshot import Site, StatusSnapshot
from handlers.kernel.ports import Tally, Unavailable
from handlers.queries.public_status import PublicStatus, StatusPage

KEPT = 500  # documents of a snapshot; the history is long, and few read all of it

HTML = "text/html"
JSON = "application/json"
JSON_FEED = "application/feed+json"
ATOM = "application/atom+xml"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be served. `etag` follows from the content alone; `modified_at` is when this
    process first had that content, in whole seconds.
    """

    media_type: str
    body: bytes
    etag: str
    modified_at: datetime


class Publisher:
    """Makes documents of what the status page knows, and keeps them as long as they are true. All
    of them raise `Unavailable` while nothing is known; None is a document that there is not.
    """

    def __init__(
        self,
        page: StatusPage,
        site: Site,
        clock: Callable[[], datetime],
        tally: Tally,
    ) -> None:
        self.site = site
        self._page = page
        self._clock = clock
        self._tally = tally
        self._snapshot: StatusSnapshot | None = None
        self._documents: dict[str, Document] = {}
        self._before: dict[str, Document] = {}
        self._making = asyncio.Lock()

    async def uptime(self) -> Document | None:
        """How much of the time each component was up."""
        return await self._document("uptime", HTML, uptime_page.uptime)

    async def index(self) -> Document | None:
        """The page for now."""
        return await self._document("index", HTML, pages.index)

    async def history(self, number: int) -> Document | None:
        """A page of the history, counted from 1."""
        name = f"history {number}"
        return await self._document(name, HTML, lambda snapshot: pages.history(snapshot, number))

    async def incident(self, ref: str) -> Document | None:
        """The page of a public incident."""
        name = f"incident {ref}"
        return await self._document(name, HTML, lambda snapshot: pages.incident(snapshot, ref))

    async def missing(self) -> Document | None:
        """What is shown instead of a page that is not there."""
        return await self._document("missing", HTML, pages.missing)

    async def atom(self) -> Document | None:
        """The history for feed readers."""
        return await self._document("atom", ATOM, feeds.atom)

    async def json_feed(self) -> Document | None:
        """The same as JSON Feed."""
        return await self._document("feed", JSON_FEED, feeds.json_feed)

    async def api(self, name: str) -> Document | None:
        """A document of Statuspage's API."""
        make = statuspage_api.DOCUMENTS[name]
        return await self._document(
            name, JSON, lambda snapshot: msgspec.json.encode(make(snapshot))
        )

    def stale_s(self) -> float | None:
        """The age of what is shown, where readers must be told of it."""
        known, now = self._page.known, self._clock()
        return known.age_s(now) if known and known.stale(now) else None

    async def _document(
        self, name: str, media_type: str, make: Callable[[StatusSnapshot], str | bytes | None]
    ) -> Document | None:
        self._current()
        if (kept := self._documents.get(name)) is not None:
            return kept
        async with self._making:  # one at a time: many askers are no reason for many threads
            snapshot = self._current()
            if (kept := self._documents.get(name)) is not None:
                return kept
            made = await asyncio.to_thread(make, snapshot)
            if made is None:
                return None
            document = self._dated(name, media_type, made)
            if self._current() is snapshot:
                self._keep(name, document)
            return document

    def _dated(self, name: str, media_type: str, made: str | bytes) -> Document:
        self._tally("status_page_renders", document=name.partition(" ")[0])
        body = made.encode() if isinstance(made, str) else made
        etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        before = self._before.get(name)
        modified_at = self._clock().astimezone(UTC).replace(microsecond=0)
        if before is not None and before.etag == etag:
            modified_at = before.modified_at
        return Document(media_type=media_type, body=body, etag=etag, modified_at=modified_at)

    def _keep(self, name: str, document: Document) -> None:
        if len(self._documents) >= KEPT:
            del self._documents[next(iter(self._documents))]
        self._documents[name] = document

    def _current(self) -> StatusSnapshot:
        """The snapshot that holds now; what was made of another one is made again."""
        known, now = self._page.known, self._clock()
        if known is None:
            raise Unavailable("the status is not known yet")
        stale, today, last = known.stale(now), now.astimezone(UTC).date(), self._snapshot
        until = counted_until(known, now)
        if (
            last is None
            or (last.known.version, last.known.since) != (known.version, known.since)
            or (last.stale, last.today, last.until) != (stale, today, until)
            or (stale and last.known.as_of != known.as_of)
        ):
            self._before, self._documents = self._before | self._documents, {}
            last = StatusSnapshot(
                site=self.site, known=known, today=today, stale=stale, until=until
            )
            self._snapshot = last
            while len(self._before) > KEPT:
                del self._before[next(iter(self._before))]
        return last


def counted_until(known: PublicStatus, now: datetime) -> datetime:
    """Until when uptime is counted: the hour, so that pages stay as they are while nothing happens,
    or the minute while something is down. What is not known any more is not counted.
    """
    at = min(now, known.as_of) if known.stale(now) else now
    return at.replace(minute=at.minute if known.goes_on else 0, second=0, microsecond=0)
