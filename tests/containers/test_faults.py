"""The faults of the embedded NATS, upon a container, where `kill` is `docker kill`."""

import pytest

from containers.engine import Nats
from faults.test_kill_nats_store import *  # noqa: F403

pytestmark = pytest.mark.docker


@pytest.fixture
def server(own_nats: Nats) -> Nats:
    """Instead of the embedded one, which came with the tests."""
    return own_nats
