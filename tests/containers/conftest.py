"""The servers of these tests are containers; contracts and faults come from their own folders."""

import signal
from collections.abc import AsyncIterator, Iterator
from functools import cache

import pytest
from docker import DockerClient

from containers.engine import MissingError, Nats, engine, postgres

# Registered here a second time, they use the servers below instead of the embedded ones.
from contracts.conftest import connected, log, open_log  # noqa: F401
from support.service_process import CONFIG, Process, outside


@cache
def found() -> DockerClient | MissingError:
    """The engine, or why there is none; asked once."""
    try:
        return engine()
    except MissingError as missing:
        return missing


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Here and not in a fixture, so that the report has one line for all these tests."""
    if item.get_closest_marker("docker") and isinstance(missing := found(), MissingError):
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[DockerClient]:
    """The engine. Once containers run, SIGTERM ends the tests as Ctrl-C does: without a trace."""
    engine = found()
    assert isinstance(engine, DockerClient)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield engine
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def nats(docker_engine: DockerClient) -> Iterator[Nats]:
    with Nats().running() as running:
        yield running


@pytest.fixture
def own_nats(docker_engine: DockerClient) -> Iterator[Nats]:
    """A NATS of one test alone, to be killed."""
    with Nats().running() as running:
        yield running


@pytest.fixture(scope="session")
def nats_url(nats: Nats) -> str:
    return nats.url


@pytest.fixture(scope="session")
def nats_admin_url(nats: Nats) -> str:
    return nats.admin_url


@pytest.fixture(scope="session")
def database_url(docker_engine: DockerClient) -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture
async def service(own_nats: Nats, fresh_database: str) -> AsyncIterator[Process]:
    """`commandpost up` over containers: a NATS of its own, and a database of its own."""
    flags = ("--nats-url", own_nats.url, "--nats-admin-url", own_nats.admin_url)
    config = (
        f'{CONFIG}\n[nats]\ncommands_as = "integration"\nanswers_url = "{own_nats.answers_url}"\n'
    )
    async with outside(config, *flags, "--database-url", fresh_database) as running:
        yield running
