"""The servers of these tests are containers; contracts and faults come from their own folders."""

from collections.abc import AsyncIterator, Iterator

import pytest
from containers.engine import Nats, engine, postgres
from docker import DockerClient
from outside import CONFIG, Outside, outside

# Registered here a second time, they use the servers below instead of the embedded ones.
from contracts.conftest import connected, log, open_log  # noqa: F401


@pytest.fixture(scope="session")
def docker_engine() -> DockerClient:
    """Asked once; without it, all tests here are skipped for the reason that it gives."""
    return engine()


@pytest.fixture(scope="session")
def nats(docker_engine: DockerClient) -> Iterator[Nats]:
    with Nats().running() as running:
        yield running


@pytest.fixture
def server(docker_engine: DockerClient) -> Iterator[Nats]:
    """A NATS of one's own, to be killed."""
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
async def service(server: Nats, fresh_database: str) -> AsyncIterator[Outside]:
    """`commandpost up` over containers: a NATS of its own, and a database of its own."""
    flags = ("--nats-url", server.url, "--nats-admin-url", server.admin_url)
    async with outside(CONFIG, *flags, "--database-url", fresh_database) as running:
        yield running
