"""Commands where no service runs: the application itself, over the log of the state folder or of
servers that are named, for as long as a command lasts. Nothing is sent, and nothing happens by the
clock: that is the work of a service.
"""

import argparse
import asyncio
import http.client
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import uvloop

from adapters.cli.explaining import explain_failures
from adapters.cli.over_http import output
from adapters.cli.over_http.dispatch import finished
from adapters.cli.over_http.exchange import Reply, Service
from adapters.cli.over_http.failures import USAGE, CommandFailed
from adapters.cli.over_http.place import TOKEN, Place, given_token
from adapters.cli.session import Options, connected_alone, using
from adapters.http.app import correlated, marked
from adapters.http.health import Health
from adapters.main import Core
from adapters.registry import Registry
from adapters.runtime.ending import interruptible
from adapters.runtime.endpoints import application
from domain.access.grants import AccessRole
from domain.access.principal import Principal
from domain.access.tokens import OWNER
from handlers.movement import Movement

INSIDE = "http://127.0.0.1"
STARTED = (
    "no service runs over {folder}: its servers run for this command alone, and nobody is told of"
    " anything until `commandpost up` does"
)


class Within:
    """The application within this process, asked from the thread that a command runs in."""

    def __init__(self, client: httpx2.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Reply:
        """As over a socket."""
        asking = self._client.request(method, target, headers=dict(headers), content=body)
        found = asyncio.run_coroutine_threadsafe(asking, self._loop).result()
        return Reply(found.status_code, dict(found.headers), found.content)

    def stream(self, target: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """Nothing happens while nobody else is there. Raises `CommandFailed`."""
        del target, headers
        raise CommandFailed(USAGE, "no service runs, so there is nothing to follow")


def run_alone(
    given: argparse.Namespace, command: Callable[[Service], int], registry: Registry
) -> int:
    """Run a command; its exit status."""
    token = given_token(os.environ)
    options = Options(
        Path(given.config) if given.config else _config_of_environment(),
        given.state,
        given.nats_url,
        given.nats_admin_url,
        given.database_url,
    )
    begin = bool(getattr(given, "begins", False))
    with explain_failures(), using(registry):
        return uvloop.run(interruptible(_run(command, options, token, begin=begin)))


def _config_of_environment() -> Path | None:
    named = os.environ.get("COMMANDPOST_CONFIG")
    return Path(named) if named else None


async def _run(
    command: Callable[[Service], int], options: Options, token: str | None, *, begin: bool
) -> int:
    async with connected_alone(options, begin=begin) as parts:
        if sys.stderr.isatty():
            output.remark(f"commandpost: {STARTED.format(folder=parts.config.state)}")
        if token is not None:
            await parts.gate.refresh()
            await parts.gate.look_at_people()
        place = Place(INSIDE, token, TOKEN, owner=token is None)
        async with _within(parts) as wire:
            return await asyncio.to_thread(finished, command, Service(wire, place))


@asynccontextmanager
async def _within(parts: Core) -> AsyncIterator[Within]:
    health = Health(parts.store, parts.write_check, parts.projectors.status, Movement())
    owner = Principal(name=OWNER, role=AccessRole.ADMIN)
    app = application(parts, health, (), otherwise=owner)
    transport = httpx2.ASGITransport(correlated(marked(app, parts.projectors.status)))  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url=INSIDE, timeout=None) as client:
        yield Within(client, asyncio.get_running_loop())
