"""A log in memory that histories are imported into, and small feeds written as Python values."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.history import FEEDS
from adapters.history.plan import incident_id
from adapters.storage.memory.event_store import MemoryEventStore, MemoryReferences
from domain.incident import INCIDENT
from domain.incident.state import Facts, Undeclared, status
from domain.kernel.commit import Event, Recorded
from domain.policy import DEFAULT
from handlers.ingest.history_import import ImportSummary, import_history
from handlers.kernel.asks import Meta
from handlers.kernel.executor import Executor
from projections.incident.lines import Entry, entries, in_order

NOW = datetime(2030, 1, 1, tzinfo=UTC)


class Log:
    """Imports feeds and tells what the log then says. `feed` is the default feed."""

    def __init__(self) -> None:
        self.store = MemoryEventStore()
        self.executor = Executor(self.store, MemoryReferences(), lambda: NOW, DEFAULT)
        self.feed = "github-status"

    async def take(self, *incidents: dict[str, Any]) -> ImportSummary:
        """Import incidents given as values."""
        if self.feed == "github-status":
            return await self.read("\n".join(map(json.dumps, incidents)).encode())
        return await self.read(json.dumps(incidents).encode())

    async def read(self, raw: bytes) -> ImportSummary:
        return await import_history(FEEDS[self.feed](raw), self.executor)

    async def by_hand(self, external_id: str, command: Any) -> None:
        """Run a command as a person."""
        meta = Meta(command_id=f"hand-{id(command)}", actor="ada", correlation_id="hand")
        await self.executor.run(INCIDENT, incident_id(self.feed, external_id), command, meta)

    async def commits(self, external_id: str) -> list[Recorded[Event]]:
        return await self.store.load(INCIDENT.stream(incident_id(self.feed, external_id)))

    async def events(self, external_id: str, *kinds: type) -> list[Event]:
        found: Iterable[Event] = (
            event for r in await self.commits(external_id) for event in r.commit.events
        )
        return [event for event in found if not kinds or isinstance(event, kinds)]

    async def timeline(self, external_id: str) -> list[Entry]:
        return in_order(line for r in await self.commits(external_id) for line in entries(r))

    async def status(self, external_id: str) -> str:
        return status(await self.executor.state(INCIDENT, incident_id(self.feed, external_id)))

    async def facts(self, external_id: str) -> Facts:
        incident = await self.executor.state(INCIDENT, incident_id(self.feed, external_id))
        assert not isinstance(incident, Undeclared), f"{external_id} was not imported"
        return incident.facts


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def gcp(log: Log) -> Log:
    log.feed = "gcp-status"
    return log


@pytest.fixture(scope="session")
def histories() -> Path:
    """The recorded histories of real companies, which are not part of the project."""
    folder = Path(__file__).parents[4] / "shared/data/history"
    if not folder.is_dir():
        pytest.skip(f"no recorded histories: there is no folder {folder}")
    return folder
