"""Real servers for every test that asks for them, and names that keep tests apart on them.

COMMANDPOST_TEST_NATS_URL (with COMMANDPOST_TEST_NATS_ADMIN_URL, else the same) and
COMMANDPOST_TEST_DATABASE_URL run the suite against other servers than the embedded ones.
"""

import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from adapters.embedded import Servers, embedded_nats, embedded_postgres, erase_data

# How long an example takes says how busy the machine is.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

# A shell starts what runs in the background with Ctrl-C ignored, and so would be all processes that
# the tests start to interrupt them.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


LONGEST_FIRST = ("docs", "chaos", "journeys", "faults", "simulation")
"""Folders whose tests mostly wait, for servers and processes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest begins first: no process is left alone with it at the end, and others
    compute meanwhile.
    """
    place = {folder: place for place, folder in enumerate(LONGEST_FIRST)}
    tests = Path(__file__).parent
    items.sort(key=lambda item: place.get(item.path.relative_to(tests).parts[0], len(place)))


@pytest.fixture(scope="session")
async def servers() -> AsyncIterator[Servers]:
    """One nats-server and one PostgreSQL for the whole session (process id 0: not ours)."""
    nats_url = os.environ.get("COMMANDPOST_TEST_NATS_URL", "")
    admin_url = os.environ.get("COMMANDPOST_TEST_NATS_ADMIN_URL", nats_url)
    database_url = os.environ.get("COMMANDPOST_TEST_DATABASE_URL", "")
    monitor_url, nats_pid, postgres_pid = "", 0, 0
    async with AsyncExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="commandpost-tests-")))
        stack.callback(erase_data, state)
        if not nats_url:
            nats = await stack.enter_async_context(embedded_nats(state))
            nats_url, admin_url, monitor_url = nats.url, nats.admin_url, nats.monitor_url
            nats_pid = nats.pid
        if not database_url:
            postgres = await stack.enter_async_context(embedded_postgres(state))
            database_url, postgres_pid = postgres.url, postgres.pid
        yield Servers(
            nats_url=nats_url,
            nats_admin_url=admin_url,
            nats_monitor_url=monitor_url,
            database_url=database_url,
            nats_pid=nats_pid,
            postgres_pid=postgres_pid,
        )


@pytest.fixture(scope="session")
def nats_url(servers: Servers) -> str:
    """For the application user."""
    return servers.nats_url


@pytest.fixture(scope="session")
def nats_admin_url(servers: Servers) -> str:
    """For provisioning and cleaning up: may change and delete streams."""
    return servers.nats_admin_url


@pytest.fixture(scope="session")
def database_url(servers: Servers) -> str:
    """A database that tests share; `fresh_database` is one of your own."""
    return servers.database_url


@pytest.fixture
def unique() -> str:
    """A short suffix that no other test has, for names of streams, subjects and schemas."""
    return secrets.token_hex(4)


@pytest.fixture
async def fresh_database(database_url: str, unique: str) -> AsyncIterator[str]:
    """The URL of an empty database, dropped after the test."""
    name = f"test_{unique}"
    server = await asyncpg.connect(database_url)
    try:
        await server.execute(f"CREATE DATABASE {name}")
        yield urlsplit(database_url)._replace(path=f"/{name}").geturl()
        await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await server.close()


@pytest.fixture(scope="session")
def recorded() -> Path:
    """Recorded public bodies; see the README beside them."""
    folder = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "webhooks"
    if not folder.is_dir():
        pytest.skip("there is no ../shared/data: recorded public bodies are not here")
    return folder
