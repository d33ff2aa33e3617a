"""`commandpost blameless check`: what it reads and answers, and how little it needs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.blameless import check

BLAMING, FINE = "Ada forgot the certificate.", "Ada rolled back at 14:05."


def answers(capsys: pytest.CaptureFixture[str], *files: Path, **more: Any) -> Any:
    check(*files, format="json", **more)
    return json.loads(capsys.readouterr().out)


def written(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, "utf-8")
    return file


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([BLAMING, FINE]),
        json.dumps([{"text": BLAMING}, {"text": FINE, "label": "fine"}]),
        json.dumps({"sentences": [BLAMING, FINE], "roster": ["Ada"]}),
        f"{BLAMING}\n\n{FINE}\n",
        f"\ufeff{BLAMING}\r\n{FINE}",
    ],
)
def test_lists_and_lines_are_answered_in_their_order(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    roster = written(tmp_path, "roster.txt", "Ada Lovelace\n")
    first, second = answers(capsys, written(tmp_path, "texts", content), roster=roster)
    assert (first["text"], first["blaming"]) == (BLAMING, True)
    assert first["why"].startswith("“Ada forgot” (person_failed): ")
    assert first["suggestion"].startswith("Instead of “Ada forgot”: ")
    assert second == {
        "text": FINE, "blaming": False, "why": None, "suggestion": None, "found": []
    }  # fmt: skip


def test_a_line_that_begins_with_a_bracket_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (found,) = answers(capsys, written(tmp_path, "texts", "[14:02] The page was ignored."))
    assert found["blaming"]


@pytest.mark.parametrize("roster", ['["Ada"]', '[{"name": "Ada"}]', '{"roster": ["Ada"]}', "Ada"])
def test_a_roster_is_a_list_or_lines(
    roster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    texts = written(tmp_path, "texts", "Ada broke it.")
    (alone,) = answers(capsys, texts)
    (known,) = answers(capsys, texts, roster=written(tmp_path, "roster", roster))
    assert (alone["blaming"], known["blaming"]) == (False, True)


def test_agreement_with_labels_is_a_share_or_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    labelled = [
        {"text": "The operator ignored it.", "label": "blaming"},
        {"text": "A blame that no rule knows.", "label": "blaming"},
        {"text": "The page was ignored.", "label": "fine"},
        {"text": "No label."},
    ]
    some = written(tmp_path, "some", json.dumps(labelled))
    none = written(tmp_path, "none", json.dumps([{"text": FINE, "label": "fine"}]))
    found, empty = answers(capsys, some, none, score=True)
    assert (found["sentences"], found["precision"], found["recall"]) == (3, 0.5, 0.5)
    assert found["missed"] == ["A blame that no rule knows."]
    assert found["wrongly"] == ["The page was ignored."]
    assert (empty["precision"], empty["recall"]) == (None, None)
    check(some, none, score=True)
    assert "precision unknown, recall unknown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "why"),
    [("[1]", "1 is neither a text nor has one"), ('{"a": 1}', "it has no list `sentences`")],
)
def test_what_is_no_list_of_texts_is_refused(
    content: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit, match="1"):
        check(written(tmp_path, "texts", content))
    assert why in capsys.readouterr().err


def test_it_starts_without_anything_of_a_service(tmp_path: Path):
    program = (
        "import sys; from adapters.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code in (None, 0), end.code\n"
        "assert not {'handlers', 'projections', 'nats', 'asyncpg', 'uvloop'} & set(sys.modules)\n"
    )
    texts = written(tmp_path, "texts", "Someone forgot it.")
    asked = [sys.executable, "-c", program, "blameless", "check", str(texts)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 blame somebody." in done.stdout
