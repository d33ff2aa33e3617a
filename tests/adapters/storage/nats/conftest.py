"""Connections and throw-away streams on the servers of the test session."""

from collections.abc import AsyncIterator

import pytest

from adapters.storage.nats.connection import NatsConnection, connect
from adapters.storage.nats.requests import Requests
from adapters.storage.nats.streams import log_stream, provision
from support.patience import PATIENT_S


@pytest.fixture
async def connection(nats_url: str) -> AsyncIterator[NatsConnection]:
    """Of the application user."""
    connection = await connect(nats_url)
    yield connection
    await connection.close()


@pytest.fixture
async def requests(connection: NatsConnection) -> Requests:
    return await Requests(connection, timeout_s=PATIENT_S).start()


@pytest.fixture
async def admin(nats_admin_url: str) -> AsyncIterator[NatsConnection]:
    connection = await connect(nats_admin_url)
    yield connection
    await connection.close()


@pytest.fixture
async def stream(admin: NatsConnection, unique: str) -> AsyncIterator[str]:
    """The name of an empty stream with the subjects `<name>.*`, from which may be deleted."""
    name = f"T{unique}"
    config = log_stream(name, [f"{name}.*"], message_bytes_max=1 << 20, deny_delete=False)
    await provision(admin, (config,))
    yield name
    await admin.jetstream().delete_stream(name)
