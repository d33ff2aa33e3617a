"""docs/slo.md and others of what is read offline: their commands are run, and docs/slo.md has each
rule that a definition may break.
"""

import re
from pathlib import Path

import pytest

from docs.test_readme import pattern, ran, steps

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/slo.md").read_text()
BLOCK = re.compile(r"^(`{3,})console\n(.*?)^\1$", flags=re.MULTILINE | re.DOTALL)
NOTED = re.compile(
    r"""(?:(?:wrong|note)\(\s*|FieldFinding\(\s*[^,]+,\s*|_parsed\(.*, \w+, )"([a-z_]+)\""""
)


@pytest.mark.parametrize("name", ["slo", "chaos", "runbooks"])
async def test_what_it_shows_is_what_comes_out(name: str, tmp_path: Path):
    """What `cat` shows is what the other commands read."""
    for _, block in BLOCK.findall((ROOT / f"docs/{name}.md").read_text()):
        for step in steps(block):
            if file := re.fullmatch(r"cat (\S+)", step.command):
                (tmp_path / file[1]).write_text(step.shown)
                continue
            out = re.sub(r"^ +", "", await ran(step.command, tmp_path), flags=re.MULTILINE)
            assert re.fullmatch(pattern(step.shown), out), f"{step.command}\n{out}"


@pytest.mark.parametrize("folder", ["src/adapters/openslo"])
def test_each_rule_is_in_the_document(folder: str):
    said = {
        rule for path in (ROOT / folder).glob("*.py") for rule in NOTED.findall(path.read_text())
    }
    assert {"type", "reference", "percentage", "quantile", "unreadable"} <= said
    rows = re.findall(r"^\| (`.*?) \|", DOCUMENT, flags=re.MULTILINE)
    documented = {rule for row in rows for rule in re.findall(r"`([a-z_]+)`", row)}
    assert said == documented


def test_each_rule_of_runbooks_is_in_their_document():
    sources = ("src/domain/runbook/readiness.py", "src/adapters/cli/runbook.py")
    paths = [ROOT / each for each in sources]
    paths += (ROOT / "src/adapters/runbook_documents").glob("*.py")
    said = {
        rule
        for path in paths
        for rule in re.findall(r'Lack\(\s*[^,]+,\s*"([a-z_]+)"', path.read_text())
    }
    rows = re.findall(
        r"^\| (`.*?) \|", (ROOT / "docs/following-runbooks.md").read_text(), re.MULTILINE
    )
    assert said == {rule for row in rows for rule in re.findall(r"`([a-z_]+)`", row)}
