"""A whole service in the process of a benchmark, with servers of its own and the bill of each."""

import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from servers import processor_s

from adapters.config.settings import Config, LogSettings, NatsSettings
from adapters.embedded import embedded_servers
from adapters.main import Core
from adapters.runtime.admin_token import read_admin_token
from adapters.runtime.serve import running
from adapters.telemetry import configure_logging
from domain.access.grants import AccessRole

Bill = tuple[float, float, float]
"""Processor seconds: ours, PostgreSQL's, the NATS server's."""


class Live(NamedTuple):
    """The service, where it is reached and with which token, and the processes of its servers."""

    parts: Core
    http_url: str
    nats_url: str
    token: str
    nats_pid: int
    postgres_pid: int

    async def shown(self) -> None:
        """Return when all read models show what is written."""
        head = await self.parts.store.head()
        for each in self.parts.projectors.status():
            await self.parts.projectors.wait_for(each.name, head, 120)

    def busy(self) -> Bill:
        """What each has used so far."""
        return time.process_time(), processor_s(self.postgres_pid), processor_s(self.nats_pid)

    def bill_us(self, since: Bill, times: int) -> list[float]:
        """What each has used since then for one of so many."""
        used = zip(self.busy(), since, strict=True)
        return [(now - then) / times * 1e6 for now, then in used]


@asynccontextmanager
async def whole_service() -> AsyncIterator[Live]:
    """It with all its read models and no channel."""
    configure_logging(LogSettings(format="json", level="error"))
    with tempfile.TemporaryDirectory() as state:
        async with embedded_servers(Path(state)) as servers:
            config = Config(
                state=state,
                http="127.0.0.1:0",
                channels={},
                nats=NatsSettings(commands_as=AccessRole.INTEGRATION),
                nats_url=servers.nats_url,
                nats_admin_url=servers.nats_admin_url,
                database_url=servers.database_url,
            )
            async with running(config) as (parts, where):
                pids = servers.nats_pid, servers.postgres_pid
                token = read_admin_token(Path(state)) or ""
                yield Live(parts, where.http_url, servers.nats_url, token, *pids)


def in_words(bill: Sequence[float]) -> str:
    """A bill in microseconds."""
    names = ("ours", "PostgreSQL", "nats-server")
    return "   ".join(f"{us:5.0f} µs {name}" for us, name in zip(bill, names, strict=True))
