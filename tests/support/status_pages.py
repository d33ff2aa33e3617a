"""A status page over incidents that a test gives."""

from collections import Counter
from datetime import datetime, timedelta

from adapters.status_page.publishing import Publisher
from adapters.status_page.snapshot import Site, StatusSnapshot
from adapters.status_page.statuspage_api import DOCUMENTS
from domain.status_page.components import Component
from domain.status_page.public_incident import PublicIncident
from handlers.queries.public_status import PublicStatus, StatusPage
from support.spec import NOON

COMPONENTS = (
    Component(name="Checkout", services=("checkout", "payments"), group="Shop"),
    Component(name="Search", services=("search",), description="Finds things", group="Shop"),
    Component(name="API", services=("api",)),
)
SITE = Site(title="Example", url="https://status.example.com", components=COMPONENTS)


def known(*incidents: PublicIncident, as_of: datetime = NOON, version: int = 1) -> PublicStatus:
    return PublicStatus(
        incidents=tuple(sorted(incidents, key=lambda each: -each.number)),
        as_of=as_of,
        since=NOON - timedelta(days=400),
        version=version,
    )


def snapshot_of(
    *incidents: PublicIncident, site: Site = SITE, stale: bool = False
) -> StatusSnapshot:
    return StatusSnapshot(site=site, known=known(*incidents), today=NOON.date(), stale=stale)


class Desk:
    """A publisher whose knowledge and clock a test sets."""

    def __init__(self, site: Site = SITE) -> None:
        self.now = NOON
        self.counted: Counter[str] = Counter()
        self.page = StatusPage(None, None, lambda: self.now)  # type: ignore[arg-type]
        self.publisher = Publisher(self.page, site, lambda: self.now, self._tally)

    def _tally(self, name: str, **labels: str) -> None:
        self.counted[labels["document"]] += 1

    def knows(self, *incidents: PublicIncident, as_of: datetime | None = None) -> None:
        last = self.page.known
        version = last.version + 1 if last else 1
        self.page.known = known(*incidents, as_of=as_of or self.now, version=version)


async def all_documents(publisher: Publisher, refs: list[str]) -> dict[str, bytes]:
    """Everything that can be had, by name."""
    found = {
        "index": await publisher.index(),
        "missing": await publisher.missing(),
        "atom": await publisher.atom(),
        "feed": await publisher.json_feed(),
        **{f"history {n}": await publisher.history(n) for n in (1, 2)},
        **{name: await publisher.api(name) for name in DOCUMENTS},
        **{ref: await publisher.incident(ref) for ref in refs},
    }
    return {name: document.body for name, document in found.items() if document}
