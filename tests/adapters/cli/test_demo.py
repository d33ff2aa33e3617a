"""The demo empties a folder, so it must be sure that the folder is its own."""

import os

import msgspec
import pytest

from adapters.cli.demo import MARK, _empty
from adapters.config.settings import ConfigFault
from adapters.runtime.state_file import STATE_FILE, RunningService


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigFault, match="holds something"):
        _empty(tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_folder_whose_service_runs_is_left_alone(tmp_path):
    (tmp_path / MARK).touch()
    where = RunningService(
        http_url="", nats_url="", nats_admin_url="", database_url="", pid=os.getpid()
    )
    (tmp_path / STATE_FILE).write_bytes(msgspec.json.encode(where))
    with pytest.raises(ConfigFault, match=f"process {os.getpid()}"):
        _empty(tmp_path)
    assert (tmp_path / MARK).exists()


def test_a_new_folder_and_that_of_an_earlier_demo_are_fresh_afterwards(tmp_path):
    state = tmp_path / "state"
    _empty(state)
    (state / "nats").mkdir()
    _empty(state)
    assert [path.name for path in state.iterdir()] == [MARK]
