"""How many files a command and a notification go through; what counts: scripts/trace_files.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from house.tree import modules, ours

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "trace_files.py"
COMMAND_FILES_MAX = 13
NOTIFICATION_FILES_MAX = 15
KNOWN_TO_VALUES = {
    *("domain.policy", "domain.policy.audience"),
    *("domain.kernel.subject", "domain.kernel.recipient"),
}
Ways = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def traced() -> Ways:
    """In a process of its own: while it is traced, nothing else runs in it."""
    done = subprocess.run(
        [sys.executable, SCRIPT, "--json"], capture_output=True, check=True, timeout=120
    )
    found: Ways = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize(
    ("name", "files_max"),
    [("command", COMMAND_FILES_MAX), ("notification", NOTIFICATION_FILES_MAX)],
)
def test_one_goes_through_few_files(traced: Ways, name: str, files_max: int):
    files = traced[name]["counted"]
    assert len(files) >= 5, "the tracer sees something"
    assert len(files) <= files_max, files


def test_what_is_not_counted_as_values_are_values(traced: Ways):
    values = {file for way in traced.values() for file in way["values"]}
    assert values, "there are some"
    found = {file: module for module in modules().values() if (file := module.place) in values}
    names = {module.name for module in found.values()}
    known = {file: ours(module) - names - KNOWN_TO_VALUES for file, module in found.items()}
    assert not any(known.values()), known
