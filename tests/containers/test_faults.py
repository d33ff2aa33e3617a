"""The faults of the embedded NATS, upon a container: `server` is the one of this folder, and its
`kill` is `docker kill`.
"""

import pytest

from faults.test_kill_nats_store import *  # noqa: F403

pytestmark = pytest.mark.docker
