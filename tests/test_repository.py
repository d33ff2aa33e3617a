"""The installation: what is imported is what is in this repository."""

import importlib
import json
import re
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


def test_the_bill_of_materials_is_that_of_the_lock_file(tmp_path: Path):
    """`make sbom` writes it; twice the same, so it has no date and no random number."""
    again = tmp_path / "again.json"
    dry = subprocess.run(
        ["make", "-n", "sbom"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    [line] = [line for line in dry.stdout.splitlines() if "cyclonedx_py" in line]
    line = line.replace("--output-file requirements/runtime.cdx.json", f"--output-file {again}")
    subprocess.run(["sh", "-c", line], cwd=ROOT, check=True)
    kept = (ROOT / "requirements" / "runtime.cdx.json").read_bytes()
    assert again.read_bytes() == kept

    bill = json.loads(kept)
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == (
        "CycloneDX",
        "commandpost",
    )
    text = (ROOT / "requirements" / "runtime.txt").read_text()
    pinned = re.findall(r"^([\w.-]+)==([^\s;]+)", text, flags=re.MULTILINE)
    assert len(pinned) > 40
    listed = {component["purl"].partition("?")[0] for component in bill["components"]}
    assert listed == {f"pkg:pypi/{name}@{version}" for name, version in pinned}


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
