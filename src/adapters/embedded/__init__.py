"""Real servers without an installation: nats-server and PostgreSQL out of wheels, owned by us.

They listen on loopback only, keep their data in a state folder, and end with the process that
started them, however that ends. docs/decisions/0003-embedded-servers.md says why and how.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from adapters.embedded.life_cycle import EmbeddedServer
from adapters.embedded.nats_server import EmbeddedNats
from adapters.embedded.placement import erase_data
from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.processes import EmbeddedServerError
from adapters.embedded.supervision import Supervisor

__all__ = [
    "EmbeddedNats",
    "EmbeddedPostgres",
    "EmbeddedServerError",
    "Servers",
    "Supervisor",
    "embedded_nats",
    "embedded_postgres",
    "embedded_servers",
    "erase_data",
]


S = TypeVar("S", bound=EmbeddedServer[Any])


class Servers(msgspec.Struct, frozen=True):
    """Where two running servers are reached, and their process ids."""

    nats_url: str
    nats_admin_url: str
    nats_monitor_url: str
    database_url: str
    nats_pid: int
    postgres_pid: int
    nats_answers_url: str | None = None


@asynccontextmanager
async def embedded_servers(
    state: Path,
    *,
    sync_always: bool = False,
    inboxes: Sequence[str] = (),
    supervisor: Supervisor | None = None,
) -> AsyncIterator[Servers]:
    """Both servers over one state folder, started together; stopped at the end. With a `supervisor`
    one that ends earlier is started again, or else its failure ends the context, as a group.
    """
    nats = EmbeddedNats(state, sync_always=sync_always, inboxes=inboxes)
    postgres = EmbeddedPostgres(state)
    try:
        await _start_together(nats, postgres)
        async with _watch(supervisor, nats, postgres) if supervisor else nullcontext():
            yield Servers(
                nats_url=nats.url,
                nats_admin_url=nats.admin_url,
                nats_monitor_url=nats.monitor_url,
                database_url=postgres.url,
                nats_pid=nats.pid,
                postgres_pid=postgres.pid,
                nats_answers_url=nats.answers_url,
            )
    finally:
        await asyncio.gather(nats.stop(), postgres.stop())


def embedded_nats(
    state: Path, *, sync_always: bool = False
) -> AbstractAsyncContextManager[EmbeddedNats]:
    """A nats-server over a state folder; stopped at the end."""
    return _running(EmbeddedNats(state, sync_always=sync_always))


def embedded_postgres(state: Path) -> AbstractAsyncContextManager[EmbeddedPostgres]:
    """A PostgreSQL over a state folder; stopped at the end."""
    return _running(EmbeddedPostgres(state))


@asynccontextmanager
async def _running(server: S) -> AsyncIterator[S]:
    try:
        yield await server.start()
    finally:
        await server.stop()


@asynccontextmanager
async def _watch(supervisor: Supervisor, *servers: EmbeddedServer[Any]) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        watch = group.create_task(supervisor.run(*servers))
        yield
        watch.cancel()


async def _start_together(nats: EmbeddedNats, postgres: EmbeddedPostgres) -> None:
    """Start both; the first failure is raised as itself, once the other start has ended."""
    starts = [asyncio.ensure_future(nats.start()), asyncio.ensure_future(postgres.start())]
    try:
        await asyncio.gather(*starts)
    except BaseException:
        for start in starts:
            start.cancel()
        await asyncio.gather(*starts, return_exceptions=True)
        raise
