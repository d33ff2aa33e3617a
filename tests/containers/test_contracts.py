"""The contract of the event store, kept with NATS from its image as with the embedded one."""

import pytest

from contracts.test_event_store import *  # noqa: F403

pytestmark = [pytest.mark.docker, pytest.mark.parametrize("log", ["jetstream"], indirect=True)]
