"""`commandpost import`: what it says before anything is written, and how far it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.imports import PROGRESS_S, import_history, progress_of
from handlers.ingest.history_import import ImportSummary

MAPPING = """
source = "acme"
[incident]
key = "no"
title = "what"
severity = { from = "level", map = { high = "SEV1" } }
declared_at = "opened"
"""
ROWS = (
    "no,what,level,opened\n1,A,high,2025-03-01T10:00Z\n2,B,odd,2025-03-01T11:00Z\n3,C,high,soon\n"
)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {"mapping": tmp_path / "mapping.toml", "file": tmp_path / "rows.csv"}
    found["mapping"].write_text(MAPPING)
    found["file"].write_text(ROWS)
    return found


async def test_a_dry_run_says_what_would_be_written_and_writes_nothing(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status = await import_history(
        "csv", files["file"], mapping=files["mapping"], dry_run=True, format="json"
    )
    assert status == 1
    assert json.loads(capsys.readouterr().out) == {
        "rows": 3,
        "incidents": 2,
        "steps": {"Declare": 2},
        "unmapped": {"severity: odd": 1},
        "faults": [
            "entry 4: declared_at: 'soon' is no time in a form that the mapping names",
        ],
    }
    await import_history("csv", files["file"], mapping=files["mapping"], dry_run=True)
    said = capsys.readouterr().out
    assert "Nothing was written. 2 incidents, with these steps: 2 Declare." in said
    assert "severity: odd (1 times)" in said


@pytest.mark.parametrize(
    ("feed", "given", "why"),
    [
        ("csv", {}, "--mapping says what the columns of a csv mean"),
        ("gcp-status", {"mapping": "mapping"}, "give both, or neither"),
        ("other", {}, "there is no feed other; there are github-status, gcp-status, and csv"),
        ("csv", {"mapping": "file"}, "rows.csv: Expected"),
        ("csv", {"mapping": "nowhere"}, "nowhere: No such file or directory"),
    ],
)
async def test_what_cannot_be_read_is_refused_before_any_server_runs(
    files: dict[str, Path],
    capsys: pytest.CaptureFixture[str],
    feed: str,
    given: dict[str, str],
    why: str,
) -> None:
    more: dict[str, Any] = {name: files.get(it, Path("/nowhere")) for name, it in given.items()}
    with pytest.raises(SystemExit, match="1"):
        await import_history(feed, files["file"], **more)
    assert why in capsys.readouterr().err


def test_progress_is_told_once_a_second_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    moments = iter((0.0, 0.1, PROGRESS_S, PROGRESS_S + 0.1, PROGRESS_S + 1.5))
    tell = progress_of(3, lambda: next(moments))
    for incidents, written in ((1, 10), (1, 20), (2, 30), (3, 50)):
        tell(ImportSummary(incidents=incidents, written=written, already_there=4))
    assert capsys.readouterr().err.splitlines() == [
        "1 of 3 incidents, 20 steps written (20 a second), 4 there already",
        "3 of 3 incidents, 50 steps written (20 a second), 4 there already",
    ]
