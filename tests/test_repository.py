"""The installation: what is imported is what is in this repository."""

import importlib
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["domain", "projections", "handlers", "adapters"])
def test_the_package_is_the_one_of_this_repository(name: str):
    package = importlib.import_module(name)
    assert Path(str(package.__file__)).resolve() == ROOT / "src" / name / "__init__.py"


@pytest.mark.parametrize("name", ["runtime", "embedded", "dev"])
def test_every_requirement_is_pinned_by_hash_and_names_no_address(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    entries = text.replace("\\\n", " ").splitlines()
    pinned = [line for line in entries if line and not line.lstrip().startswith("#")]
    assert pinned
    assert all("==" in line and "--hash=sha256:" in line for line in pinned)
    assert "://" not in text


def test_nothing_is_kept_that_is_to_be_ignored():
    """What tools leave behind, such as `.schemathesis/`, has no place in the history."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("this is no clone")
    assert listed.stdout == ""
