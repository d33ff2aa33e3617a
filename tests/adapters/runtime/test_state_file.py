"""Where a running service is reached, and when that is not to be known."""

import os
from pathlib import Path

import pytest

from adapters.config.settings import ConfigFault
from adapters.runtime.state_file import STATE_FILE, RunningService, announce, service_in


def test_a_service_is_found_as_long_as_it_runs(tmp_path: Path):
    where = RunningService(
        pid=os.getpid(), http_url="h", nats_url="n", nats_admin_url="a", database_url="d"
    )
    with announce(tmp_path, where):
        assert service_in(tmp_path) == where
    assert service_in(tmp_path) is None


@pytest.mark.parametrize("left", [b"", b"{", b'{"pid": 999999999}'])
def test_what_a_dead_one_left_is_no_service(tmp_path: Path, left: bytes):
    (tmp_path / STATE_FILE).write_bytes(left)
    assert service_in(tmp_path) is None


def test_the_file_of_one_that_runs_and_cannot_be_read_is_an_error(tmp_path: Path):
    (tmp_path / STATE_FILE).write_bytes(b'{"pid": %d, "policy": {}}' % os.getpid())
    with pytest.raises(ConfigFault, match="another one"):
        service_in(tmp_path)
