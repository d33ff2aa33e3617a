"""A Docker engine and what runs on it for these tests; what is missing is named."""

import asyncio
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from docker import DockerClient
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException
from testcontainers.core import docker_client
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from adapters.embedded.processes import free_port
from support.deployed_nats import PASSWORDS

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # testcontainers warns of itself
    from testcontainers.community.nats import NatsContainer
    from testcontainers.community.postgres import PostgresContainer

ROOT = Path(__file__).resolve().parents[2]
NATS = "nats:2.15"
POSTGRES = "postgres:18"
HOST = "127.0.0.1"
PATIENCE_S = 10
START_S = 30

# Its image may be out of reach where ours are not. We remove what we start ourselves.
testcontainers_config.ryuk_disabled = True
testcontainers_config.sleep_time = 0.1
testcontainers_config.max_tries = int(START_S / 0.1)


class MissingError(Exception):
    """Why containers cannot be had here; the message names what is missing."""


class Nats:
    """nats-server in a container, as the project deploys it, on a port that survives a restart."""

    def __init__(self) -> None:
        self._port = free_port()
        self._container = (
            NatsContainer(NATS, ready_timeout_secs=START_S)
            .with_envs(NATS_DATA="/data", **PASSWORDS)
            .with_copy_into_container(ROOT / "deploy" / "nats.conf", "/commandpost.conf")
            .with_command(["--config", "/commandpost.conf"])
        )
        _publish(self._container, 4222, self._port)

    @property
    def url(self) -> str:
        """For the application user."""
        return self._url("app")

    @property
    def admin_url(self) -> str:
        """For provisioning and cleaning up."""
        return self._url("admin")

    @property
    def answers_url(self) -> str:
        """For the part of the service that answers commands."""
        return self._url("answers")

    def _url(self, user: str) -> str:
        return f"nats://{user}:{PASSWORDS[f'NATS_{user.upper()}_PASSWORD']}@{HOST}:{self._port}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        with _started(self._container):
            yield self

    async def kill(self) -> None:
        """`docker kill`: SIGKILL, and nothing is flushed or said to clients."""
        await asyncio.to_thread(self._container.get_wrapped_container().kill)
        assert await asyncio.to_thread(self._container.wait) == 128 + 9

    async def restart(self) -> None:
        """`docker start`: the same disk, the same port."""
        await asyncio.to_thread(self._container.get_wrapped_container().start)
        await asyncio.to_thread(_greeted, self._port)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL in a container, as the project deploys it; its URL."""
    port = free_port()
    container = PostgresContainer(
        POSTGRES, username="commandpost", password="of-the-database", dbname="commandpost"
    )
    _publish(container, 5432, port)
    with _started(container):
        yield f"postgresql://commandpost:of-the-database@{HOST}:{port}/commandpost"


def engine() -> DockerClient:
    """An engine that answers, has the images, runs them and publishes ports where we are: a socket
    that answers proves none of the rest. Raises `MissingError`.
    """
    where = docker_client.get_docker_host() or "unix:///var/run/docker.sock"
    try:
        client = docker_client.DockerClient(timeout=PATIENCE_S).client
    except (DockerException, RequestException) as error:
        raise MissingError(f"no Docker engine answers at {where}: {_line(error)}") from error
    prefix = testcontainers_config.hub_image_name_prefix
    for image in (NATS, POSTGRES):
        have(client, prefix + image)
    try:
        _try(client, prefix + NATS)
    except (DockerException, RequestException) as error:
        raise MissingError(f"the engine at {where} cannot run {NATS}: {_line(error)}") from error
    except TimeoutError as error:
        raise MissingError(f"{NATS}, run by the engine at {where}, is not on {HOST}") from error
    return client


def have(client: DockerClient, image: str) -> None:
    """Make sure of an image. Raises `MissingError`."""
    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image)
        except (DockerException, RequestException) as error:
            why = f"image {image} is not here and cannot be pulled: {_line(error)}"
            raise MissingError(why) from error


def _try(client: DockerClient, image: str) -> None:
    """Run a NATS without anything of ours, and hear from it. Raises `TimeoutError`."""
    port = free_port()
    container = client.containers.create(image, ports={"4222/tcp": (HOST, port)})
    try:
        container.start()
        _greeted(port)
    finally:
        container.remove(force=True, v=True)


def _greeted(port: int) -> None:
    """Wait until NATS speaks: the engine takes connections before the server in the container."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((HOST, port), timeout=1) as connection:
                if connection.recv(4) == b"INFO":
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError


def _publish(container: DockerContainer, inside: int, outside: int) -> None:
    """On loopback alone, which testcontainers has no call for; and nothing but this port."""
    container.ports = {f"{inside}/tcp": (HOST, outside)}  # type: ignore[dict-item]
    container.with_kwargs(network="bridge")  # else one is guessed where we run in a container


@contextmanager
def _started(container: DockerContainer) -> Iterator[None]:
    """A container for as long as the context lasts, removed with its volumes however it ends."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # as above
            container.start()
        yield
    finally:
        container.stop(force=True, delete_volume=True)


def _line(error: Exception) -> str:
    """An error in one line that fits into a report."""
    return " ".join(str(error).split())[:300]
