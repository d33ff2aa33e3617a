"""The logs of embedded servers: private, and no larger than they may be."""

import os
import stat
from pathlib import Path

import pytest

from adapters.embedded import server_log
from adapters.embedded.server_log import LOGS_KEPT, ServerLog


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerLog:
    monkeypatch.setattr(server_log, "LOG_LIMIT_BYTES", 1_000)
    return ServerLog(tmp_path / "log" / "nats.log")


def test_nobody_else_reads_them_nor_those_of_an_earlier_release(log: ServerLog):
    log.path.parent.mkdir(mode=0o755)
    log.path.write_text("old")
    log.path.with_name("nats.log.1").write_text("older")
    log.open().close()
    for path in log.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.path.parent.stat().st_mode) == 0o700


def test_a_running_server_goes_on_in_an_empty_file(log: ServerLog):
    with log.open() as output:
        for number in range(8):
            output.write(f"{number} ".encode() + b"x" * 1_200 + b"\n")
            output.flush()
            log.rotate()
            assert log.path.stat().st_size == 0
        output.write(b"the last line\n")
        output.flush()
        assert log.tail() == "the last line"
    older = sorted(each.name for each in log.path.parent.iterdir() if each != log.path)
    assert older == [f"nats.log.{number}" for number in range(1, LOGS_KEPT + 1)]
    assert all(each.stat().st_size <= 1_000 for each in log.path.parent.iterdir())
    assert {stat.S_IMODE(os.stat(each).st_mode) for each in log.path.parent.iterdir()} == {0o600}


def test_a_small_one_stays(log: ServerLog):
    with log.open() as output:
        output.write(b"one\n")
    log.rotate()
    assert log.path.read_text() == "one\n"
