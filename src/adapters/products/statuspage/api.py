"""Statuspage's REST API v1 (developer.statuspage.io), as far as incidents need it."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, TypeVar

import httpx2
import msgspec

from adapters.products.kit.web import FORBIDDEN, Call, Web, check_url
from adapters.products.statuspage.settings import StatuspageSettings

READ_BYTES = 8 * 1024 * 1024
PAGE = 100
PAGES_MOST = 5
_T = TypeVar("_T")


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """What we have attached to an incident there: which of ours it is, the position of the latest
    news that it shows, and the intents that were published, the latest last.
    """

    incident_id: str
    shows: int = 0
    intents: tuple[str, ...] = ()


class Metadata(msgspec.Struct, frozen=True):
    """What anybody has attached."""

    commandpost: Ours | None = None


class Component(msgspec.Struct, frozen=True):
    """A part of the page."""

    id: str


class PublishedIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident on the page."""

    id: str
    status: str = ""
    metadata: Metadata | None = None
    components: tuple[Component, ...] | None = None

    @property
    def ours(self) -> Ours | None:
        return self.metadata.commandpost if self.metadata else None


class Api:
    """Speaks of one page."""

    def __init__(
        self,
        settings: StatuspageSettings,
        client: httpx2.AsyncClient,
        clock: Callable[[], datetime],
    ) -> None:
        # 404 without an incident in the path means that there is no such page.
        self._web = Web(client, clock, secrets=(settings.api_key,), unusable=FORBIDDEN | {404})
        self._page = (
            f"{check_url(settings.api_url, 'api_url').rstrip('/')}/pages/{settings.page_id}"
        )
        self._headers = {
            "authorization": f"OAuth {settings.api_key}",
            "content-type": "application/json",
        }

    async def unresolved(self) -> list[PublishedIncident]:
        """What is going on, as the page says."""
        return await self._asked("GET", "/incidents/unresolved", list[PublishedIncident])

    async def incidents(self) -> AsyncIterator[PublishedIncident]:
        """The incidents of the page, newest first, as far back as is looked."""
        for page in range(1, PAGES_MOST + 1):
            path = f"/incidents?limit={PAGE}&page={page}"
            found = await self._asked("GET", path, list[PublishedIncident])
            for each in found:
                yield each
            if len(found) < PAGE:
                return

    async def components(self) -> list[Component]:
        """The parts of the page."""
        return await self._asked("GET", f"/components?per_page={PAGE}", list[Component])

    async def create(self, fields: dict[str, Any]) -> PublishedIncident:
        return await self._asked("POST", "/incidents", PublishedIncident, {"incident": fields})

    async def update(self, incident: str, fields: dict[str, Any]) -> PublishedIncident:
        path = f"/incidents/{incident}"
        return await self._asked("PATCH", path, PublishedIncident, {"incident": fields})

    async def _asked(
        self, method: str, path: str, kind: type[_T], content: dict[str, Any] | None = None
    ) -> _T:
        """Raises `Transient`, `Unusable`, `Permanent`."""
        body = b"" if content is None else msgspec.json.encode(content)
        call = Call(method, f"{self._page}{path}", self._headers, body, READ_BYTES)
        answer = await self._web.take(call)
        return self._web.decoded(answer, kind)
