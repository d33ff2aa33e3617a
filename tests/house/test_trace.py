"""How many files a command and a notification go through; what counts: scripts/trace_files.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "trace_files.py"
COMMAND_FILES_MAX = 13
NOTIFICATION_FILES_MAX = 19


@pytest.fixture(scope="module")
def counted() -> dict[str, list[str]]:
    """In a process of its own: while it is traced, nothing else runs in it."""
    done = subprocess.run(
        [sys.executable, SCRIPT, "--json"], capture_output=True, check=True, timeout=120
    )
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("name", "files_max"),
    [("command", COMMAND_FILES_MAX), ("notification", NOTIFICATION_FILES_MAX)],
)
def test_one_goes_through_few_files(counted: dict[str, list[str]], name: str, files_max: int):
    files = counted[name]
    assert len(files) >= 5, "the tracer sees something"
    assert len(files) <= files_max, files
