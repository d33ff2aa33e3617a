"""The package for TypeScript: built from the committed document, and its README carried out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support.patience import PATIENT_S
from support.service_process import Process

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "clients" / "typescript"
ENVIRONMENT = {name: value for name, value in os.environ.items() if "COMMANDPOST" not in name}


def run(folder: Path, *command: str, **shown: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT | shown,
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * PATIENT_S,
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built with what its lock file names, and the program of its README."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("there is no node and npm: the TypeScript client is not built")
    root = tmp_path_factory.mktemp("typescript")
    (root / "docs").symlink_to(ROOT / "docs")
    folder = root / "clients" / "typescript"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    installed = run(folder, "npm", "ci", "--no-audit", "--no-fund")
    if installed.returncode:
        pytest.skip(
            f"npm cannot install what the TypeScript client needs: {installed.stderr[-200:]}"
        )
    [program] = re.findall(
        r"^```ts\n(.*?)^```$", (folder / "README.md").read_text(), re.MULTILINE | re.DOTALL
    )
    (folder / "test" / "readme.ts").write_text(program)
    built = run(folder, "npm", "run", "build")
    assert built.returncode == 0, built.stdout
    return folder


def test_its_own_tests_pass(package: Path):
    tested = run(package, "node", "--test", *map(str, (package / "dist/test").glob("*.test.js")))
    assert tested.returncode == 0, tested.stdout
    assert re.search(r"^# pass [1-9]", tested.stdout, re.MULTILINE)


def test_its_readme_plays_an_incident(package: Path, service: Process):
    shown = {"COMMANDPOST_URL": service.where["http_url"], "COMMANDPOST_TOKEN": service.token}
    played = run(package, "node", "dist/test/readme.js", **shown)
    assert played.returncode == 0, played.stderr
    opened, refused, status, event = played.stdout.splitlines()
    assert re.fullmatch(r"INC-\d+ investigating", opened)
    assert (refused, status) == ("roles.required", "resolved")
    assert re.fullmatch(r"\d+ incident.declared.v1", event)
