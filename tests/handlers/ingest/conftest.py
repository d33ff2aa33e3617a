"""An intake on stores in memory, and deliveries to feed it."""

import asyncio
import hashlib
import hmac
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any, NamedTuple

import msgspec
import pytest
import uvicorn
from litestar import Litestar

from adapters.products.generic.presets import all_presets
from adapters.products.generic.settings import GenericSource
from adapters.products.registry import PRODUCTS
from adapters.storage.memory.event_store import (
    MemoryEventStore,
    MemoryReferences,
    MemorySignalStore,
)
from domain.alerting import QUARANTINE
from domain.alerting.quarantine import QuarantineState, stream_of
from domain.alerting.rules import Rulebook
from domain.incident import INCIDENT, Incident
from domain.maintenance.planned_work import MaintenanceLine
from domain.policy import DEFAULT, Policy
from handlers.ingest.announced_work import AnnouncedWork
from handlers.ingest.receive import InboundRequest, Receiver, SourceSettings
from handlers.ingest.route import Router
from handlers.ingest.storms import StormKeeper
from handlers.ingest.translate import SignalOutcome, SignalTranslator, incident_id
from handlers.kernel.executor import Executor
from handlers.kernel.ports import Signal, SignalStore, Unavailable
from handlers.projecting.folder import Folder
from projections.incident.board import BOARD, OPEN_OF_SERVICE, OfService
from projections.maintenance.maintenances import SUPPRESSING
from support.answers import Answers

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET = "a-public-test-secret"


class Source(NamedTuple):
    """What intake needs of the configuration of a source."""

    kind: str
    secrets: tuple[str, ...]
    opens: str = "incident"
    per: str = "alert"
    service_labels: tuple[str, ...] = ()


SOURCES: dict[str, SourceSettings] = {
    "pd": Source(kind="pagerduty", secrets=("a-retired-test-secret", SECRET)),
    "og": Source(kind="opsgenie", secrets=(SECRET,)),
    "triage": Source(kind="pagerduty", secrets=(SECRET,), opens="triage"),
    "am": Source(kind="alertmanager", secrets=(SECRET,)),
    "groups": Source(kind="alertmanager", secrets=(SECRET,), per="group"),
    "gf": Source(kind="grafana", secrets=(SECRET,)),
    "sp": Source(kind="statuspage", secrets=(SECRET,)),
    "shop": Source(kind="cloudevents", secrets=(SECRET,)),
    "tools": Source(kind="events_v2", secrets=(SECRET,)),
    "mapped": GenericSource(
        kind="generic", secrets=(SECRET,), alerts="items", key="id", state="is", title="what",
        severity="bad", service="of", labels="tags", at="since", links="[url]", details="more",
    ),
    **{
        preset: GenericSource(kind="generic", secrets=(SECRET,), preset=preset)
        for preset in all_presets()
    },
}  # fmt: skip


class Desk:
    """Reception and intake together; `down` makes the log unavailable."""

    def __init__(
        self, products: Any = PRODUCTS.source_kinds, policy: Policy = DEFAULT, **rulebook: Any
    ) -> None:
        self.now = NOON
        self.counted: Counter[tuple[str, ...]] = Counter()
        self.signals: SignalStore = MemorySignalStore(lambda: self.now)
        self.store = _Interruptible()
        self.executor = Executor(self.store, MemoryReferences(), lambda: self.now, policy)
        self.reception = Receiver(self.signals, products, SOURCES, self.count)
        self.board = _Board(self.store)
        book = msgspec.convert(rulebook, Rulebook)
        self.announced: list[MaintenanceLine] | None = []  # None: it cannot be asked for
        read_models = Answers({OPEN_OF_SERVICE: self.board.incidents, SUPPRESSING: self._announced})
        rules = AnnouncedWork(read_models, book, lambda: self.now)
        ids = count(1)
        self.storms = StormKeeper(
            self.executor, policy, SOURCES, lambda: self.now, lambda: f"storm-{next(ids)}"
        )
        self.intake = SignalTranslator(
            signals=self.signals,
            store=self.store,
            executor=self.executor,
            router=Router(self.executor, read_models, rules, policy, self.count, self.storms),
            products=products,
            sources=SOURCES,
            clock=lambda: self.now,
            tally=self.count,
        )

    async def _announced(self, _: Any) -> list[MaintenanceLine]:
        if self.announced is None:
            raise Unavailable("the test has taken the read models away")
        return self.announced

    def count(self, name: str, **labels: str) -> None:
        self.counted[name, *labels.values()] += 1

    async def accept(self, source: str, body: bytes, **headers: str) -> int:
        """Deliver a body as its authentic sender would."""
        product = SOURCES[source].kind
        return await self.reception.accept(product, source, signed(product, body, headers))

    async def signal(self, position: int) -> Signal:
        found = await self.signals.get(position)
        assert found is not None
        return found

    async def deliver(self, source: str, body: bytes, **headers: str) -> SignalOutcome:
        """Accept a body and translate it."""
        position = await self.accept(source, body, **headers)
        return await self.intake.translate(await self.signal(position))

    async def incident(self, source: str, alert_id: str) -> Incident:
        product = SOURCES[source].kind
        return await self.executor.state(INCIDENT, incident_id(product, source, alert_id))

    async def fate(self, position: int) -> QuarantineState:
        state = QUARANTINE.initial
        for recorded in await self.store.load(stream_of(position)):
            state = QUARANTINE.fold(state, recorded.commit.events)
        return state

    async def commits(self) -> int:
        return await self.store.head()


class _Board:
    """The open incidents of services, as the read model has them; `down`: it cannot be asked."""

    def __init__(self, store: MemoryEventStore) -> None:
        self._store = store
        self.down = False
        self.asked = 0

    async def incidents(self, asked: OfService) -> list[str]:
        self.asked += 1
        if self.down:
            raise Unavailable("the test has taken the board away")
        log = [recorded async for batch in self._store.read() for recorded in batch]
        folder = Folder(BOARD)
        rows = folder.fold(folder.select(log)).rows.get("concerned", {}).values()
        found = [row for row in rows if row and row[0] == asked.service]
        newest = sorted(found, key=lambda row: int(row[2]), reverse=True)
        return [row[1] for row in newest[: asked.limit]]


class _Interruptible(MemoryEventStore):
    """Also counts the commits of each stream that were loaded."""

    down = False

    def __init__(self) -> None:
        super().__init__()
        self.loaded: Counter[str] = Counter()

    async def load(self, stream: str, after: int = 0) -> Any:
        if self.down:
            raise Unavailable("the test has taken the log away")
        found = await super().load(stream, after)
        self.loaded[stream] += len(found)
        return found

    async def commit_at(self, stream: str, position: int) -> Any:
        if self.down:
            raise Unavailable("the test has taken the log away")
        return await super().commit_at(stream, position)

    async def append_together(self, writes: Sequence[Any]) -> list[int]:
        if self.down:
            raise Unavailable("the test has taken the log away")
        return await super().append_together(writes)


def signed(product: str, body: bytes, headers: dict[str, str]) -> InboundRequest:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    if product == "pagerduty":
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        shown = {"x-pagerduty-signature": f"v1={digest}"}
    else:
        shown = {"x-commandpost-secret": SECRET}
    return InboundRequest(shown | names, {}, body)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture(scope="session")
def new_desk() -> Callable[..., Desk]:
    """For tests that need several, or one for each example."""
    return Desk


@pytest.fixture(scope="session")
def sign() -> Callable[[str, bytes, dict[str, str]], InboundRequest]:
    return signed


@pytest.fixture(scope="session")
def pagerduty() -> Callable[..., bytes]:
    """Writes a V3 body: `pagerduty("acknowledged", event="E2", at="12:00:03")`."""

    def body(
        kind: str, *, event: str = "E1", incident: str = "Q1", at: str = "11:00:00", **data: Any
    ) -> bytes:
        reference = {"id": incident, "type": "incident", "title": "Checkout is slow"}
        return msgspec.json.encode(
            {
                "event": {
                    "id": event,
                    "event_type": f"incident.{kind}",
                    "occurred_at": f"2026-05-04T{at}Z",
                    "agent": {"id": "PU1", "summary": "Ada", "type": "user_reference"},
                    "data": {**reference, "urgency": "high", **data},
                }
            }
        )

    return body


@pytest.fixture(scope="session")
def opsgenie() -> Callable[..., bytes]:
    """Writes an alert body: `opsgenie("Close", minute=3)`; minute None leaves the time out."""

    def body(action: str, *, alert: str = "a-1", minute: int | None = 0, **more: Any) -> bytes:
        at = datetime(2026, 5, 4, 11, minute or 0, tzinfo=UTC).timestamp()
        times = (
            {} if minute is None else {"createdAt": int(at * 10**3), "updatedAt": int(at) * 10**9}
        )
        said = {"alertId": alert, "message": "Disk is full", **times, **more}
        return msgspec.json.encode({"action": action, "alert": said})

    return body


@pytest.fixture(scope="session")
def alertmanager() -> Callable[..., bytes]:
    """Writes a body of alerts, each `(fingerprint, minute it fired, minute it ended or None)`;
    `labels` are those of all of them.
    """

    def body(*alerts: tuple[str, int, int | None], group: str = "g", **labels: str) -> bytes:
        said = [
            {
                "status": "firing" if ended is None else "resolved",
                "fingerprint": fingerprint,
                "labels": {"alertname": f"Alert {fingerprint}", **labels},
                "startsAt": f"2026-05-04T11:{started:02}:00Z",
                "endsAt": f"2026-05-04T11:{ended:02}:00Z"
                if ended is not None
                else "0001-01-01T00:00:00Z",
            }
            for fingerprint, started, ended in alerts
        ]
        return msgspec.json.encode({"version": "4", "groupKey": group, "alerts": said})

    return body


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[int]:
    """The application on a real uvicorn, on a free loopback port."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


@pytest.fixture(scope="session")
def served() -> Callable[[Litestar], AbstractAsyncContextManager[int]]:
    """Serves an application on a real uvicorn, in this event loop, and gives its port."""
    return serving
