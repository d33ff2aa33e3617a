"""What the commands share: options, a connection to the service's servers, errors for people."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import Parameter

from adapters.cli.explaining import fail
from adapters.cli.over_http.failures import (
    NO_ACCESS,
    CommandFailed,
)
from adapters.cli.over_http.place import EMPTY, TOKEN, Named, check_servers
from adapters.cli.rights import needed
from adapters.clock import new_id
from adapters.config.loading import load
from adapters.config.policy_file import configured_policy
from adapters.config.settings import Config
from adapters.main import Core, Urls, core, servers
from adapters.registry import REGISTRY, Registry
from adapters.runtime.state_file import service_in
from adapters.runtime.state_folder import check_state, keep_private
from adapters.telemetry import configure_logging
from domain.access.grants import AccessRole, Permission
from domain.access.principal import Principal, Unauthentic
from domain.access.tokens import OWNER
from domain.kernel.decider import UNKNOWN
from domain.kernel.refusal import Refused
from domain.policy import Policy
from domain.sight import Viewer
from handlers.kernel.provenance import Caller
from handlers.projecting.projector import Lagging

Format = Literal["table", "json"]


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """Where the service keeps its data, and where its servers are."""

    config: Annotated[Path | None, Parameter(help="TOML file.", env_var="COMMANDPOST_CONFIG")] = (
        None
    )
    state: Annotated[str | None, Parameter(help="State folder [.commandpost].")] = None
    nats_url: Annotated[str | None, Parameter(help="A NATS server instead of ours.")] = None
    nats_admin_url: Annotated[
        str | None, Parameter(help="The same server as a user who may create streams.")
    ] = None
    database_url: Annotated[str | None, Parameter(help="A PostgreSQL instead of ours.")] = None
    url: Annotated[str | None, Parameter(show=False)] = None
    profile: Annotated[str | None, Parameter(show=False)] = None

    def load(self, **more: object) -> Config:
        """The configuration with these options on top. Raises `ConfigFault`."""
        given = {
            "state": self.state,
            "nats_url": self.nats_url,
            "nats_admin_url": self.nats_admin_url,
            "database_url": self.database_url,
            **more,
        }
        return load(self.config, os.environ, given, registry_in_use().products)

    def policy(self) -> Policy:
        """The one in force: that of the running service, else the configured one."""
        config = self.load()
        found = service_in(Path(config.state)) if config.nats_url is None else None
        return found.policy if found else configured_policy(config)


DEFAULTS = Options()
_REGISTRY: ContextVar[Registry] = ContextVar("registry", default=REGISTRY)


@contextmanager
def using(registry: Registry) -> Iterator[None]:
    """The commands within are those of a service that is made of this."""
    token = _REGISTRY.set(registry)
    try:
        yield
    finally:
        _REGISTRY.reset(token)


def registry_in_use() -> Registry:
    """What the service is made of."""
    return _REGISTRY.get()


@asynccontextmanager
async def connected(
    options: Options, *, begin: bool = False, following: bool = True
) -> AsyncIterator[Core]:
    """The parts of the service, for a command that whoever runs it may give; without `following`,
    for one that writes much and asks nothing: read models follow when it is done. Raises `Refused`,
    `Unavailable`.
    """
    _check_token()
    async with _connected(options, begin=begin, following=following) as parts:
        if os.environ.get(TOKEN):
            permission = needed(sys.argv[1:], parts.registry.public)
            principal = await _principal(parts)
            if permission is not None:
                principal.demand(permission)
        yield parts


def connected_alone(options: Options, *, begin: bool) -> AbstractAsyncContextManager[Core]:
    """The parts of the service, for the application within this process, which asks itself what
    whoever shows a token may do. Raises `Refused`, `Unavailable`.
    """
    return _connected(options, begin=begin)


async def check_rights(options: Options) -> None:
    """What `connected` checks, for a command that asks no service. Raises `Refused`,
    `Unavailable`.
    """
    _check_token()
    if os.environ.get(TOKEN):
        async with connected(options):
            pass


def _check_token() -> None:
    """An empty one is no wish to act as somebody who may do more. Ends the program."""
    if not os.environ.get(TOKEN, "x").strip():
        fail(EMPTY, NO_ACCESS)


@asynccontextmanager
async def _connected(
    options: Options, *, begin: bool, following: bool = True
) -> AsyncIterator[Core]:
    """The parts of the service, connected to the servers of a running one and deciding by its
    policy, or else connected to the configured or embedded ones for as long as the command lasts.
    A state folder that is not there is made only to `begin` something: where there is none, nothing
    can be asked.
    """
    _check_here(options)
    config = options.load()
    if not config.nats_url:
        check_state(Path(config.state), begin=begin)
        if begin:
            keep_private(Path(config.state))
    configure_logging(msgspec.structs.replace(config.log, level="error", format="console"))
    found = service_in(Path(config.state)) if config.nats_url is None else None
    registry = registry_in_use()
    if found:
        urls = Urls(found.nats_url, found.nats_admin_url, found.database_url)
        async with core(config, urls, policy=found.policy, registry=registry) as parts:
            parts.knows_reach(found.reach)
            yield parts
        return
    async with servers(config) as urls, core(config, urls, registry=registry) as parts:
        # Here, so that commands beside a service, which send nothing, start without the clients.
        from adapters.runtime.open_channels import reach_of  # noqa: PLC0415

        parts.knows_reach(reach_of(config.channels))
        await parts.projectors.prepare()
        if not following:
            yield parts
        projecting = asyncio.create_task(parts.projectors.run())
        try:
            if following:
                yield parts
            else:
                await _all_shown(parts)
        finally:
            projecting.cancel()
            await asyncio.wait([projecting])


def _check_here(options: Options) -> None:
    """Ends where a service is named by its URL alone: what needs its servers is run beside them."""
    config = str(options.config) if options.config else None
    servers = options.nats_url is not None
    named = Named(options.url, options.profile, options.state, config, servers)
    try:
        check_servers(named, os.environ, " ".join(sys.argv[1:3]))
    except CommandFailed as failed:
        fail(failed.why, failed.status)


async def _all_shown(parts: Core) -> None:
    """Wait until all read models show what was written, however much that is."""
    head = await parts.store.head()
    for status in parts.projectors.status():
        while True:
            try:
                await parts.service.reach(status.name, head)
                break
            except Lagging:
                continue


async def _principal(parts: Core) -> Principal:
    shown = os.environ.get(TOKEN)
    if not shown:
        return Principal(name=OWNER, role=AccessRole.ADMIN)
    await parts.gate.refresh()
    await parts.gate.look_at_people()
    try:
        return await parts.gate.admit(f"Bearer {shown.strip()}")
    except Unauthentic as refused:
        detail = (
            f"{refused.why}; an admin makes one with `commandpost token create`, and the owner of"
            " the state folder needs none"
        )
        raise Refused(refused.code, detail, field=TOKEN) from None


async def acting(parts: Core) -> str:
    """As whom a command acts that nobody else is named for. Raises `Refused`, `Unavailable`."""
    return (await _principal(parts)).actor if os.environ.get(TOKEN) else "command line"


async def sender(parts: Core, actor: str, key: str | None = None) -> Caller:
    """Who runs this command: whoever shows the token in the environment, or else the owner of the
    folder or the passwords that open the log. Raises `Refused`, `Unavailable`.
    """
    principal = await _principal(parts)
    viewer = await viewing(parts, *(() if actor == UNKNOWN else (actor,)))
    # `USER` names whoever is at the terminal, which is no claim to be somebody else.
    claims = principal.may(Permission.ON_BEHALF) or actor != os.environ.get("USER")
    acts = actor if claims and actor != UNKNOWN else None
    return Caller(new_id(), viewer, key, acts, principal)


async def viewing(parts: Core, *names: str) -> Viewer:
    """On whose behalf this command asks. The owner of the folder is also whoever they are at the
    terminal, or says that they are: the log is theirs to read. Raises `Refused`, `Unavailable`.
    """
    found = await parts.service.sights.viewer_of(await _principal(parts))
    if os.environ.get(TOKEN):
        return found
    own = {OWNER, os.environ.get("USER", OWNER), *names}
    seen = [await parts.service.sights.of_person(each) for each in sorted(own)]
    return msgspec.structs.replace(
        found,
        people=found.people.union(own, *(each.people for each in seen)),
        teams=found.teams.union(*(each.teams for each in seen)),
    )


async def caught_up(parts: Core, *projections: str) -> None:
    """Wait until read models show all that the log holds now. Raises `Lagging`, `Unavailable`."""
    head = await parts.store.head()
    for name in projections:
        await parts.service.reach(name, head)
