"""docs/migration.md has each code that a reader may mark or refuse with."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_each_code_is_in_the_document():
    sources = [
        *(ROOT / "src/adapters/migration").glob("*.py"),
        *(ROOT / f"src/adapters/cli/{name}.py" for name in ("migrate", "migrate_shadow")),
    ]
    said = {
        code
        for path in sources
        for code in re.findall(r'"([a-z_]+\.[a-z_]+)"', path.read_text())
        if not code.endswith(".json")
    }
    documented = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", (ROOT / "docs/migration.md").read_text()))
    assert said - documented == set()
    assert {each for each in documented - said if not each.endswith(".json")} == set()
