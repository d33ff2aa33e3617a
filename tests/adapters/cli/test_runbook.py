"""`commandpost runbook check`: what it answers, and what its exit status says."""

import json
from pathlib import Path

import pytest

from adapters.cli.runbook import check
from support.runbooks import FILLED, TEMPLATE


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "runbook.md"
    path.write_text(text)
    return path


def test_a_runbook_that_is_filled_in_is_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    check(written(tmp_path, FILLED), today="2026-06-01", ready=True, format="json")
    [found] = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["ready"], found["notes"]) == (True, True, [])
    assert found["title"] == "Checkout does not answer"
    assert found["variables"] == ["namespace", "service"]
    assert (found["steps"], len(found["options"])) == (7, 2)


def test_the_form_is_valid_and_not_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, TEMPLATE)
    check(path, today="2026-06-01")
    shown = capsys.readouterr().out
    assert "[team name, Slack channel] is still to be filled in" in shown
    assert "no day is on record" in shown
    with pytest.raises(SystemExit) as ended:
        check(path, ready=True)
    assert ended.value.code == 1


def test_a_quarter_later_it_is_stale(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    check(written(tmp_path, FILLED), today="2026-09-01", format="json")
    [found] = json.loads(capsys.readouterr().out)
    assert (found["valid"], found["ready"]) == (True, False)
    assert [each["rule"] for each in found["notes"]] == ["stale"]
    assert "120 days ago" in found["notes"][0]["detail"]


def test_what_is_no_runbook_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        check(tmp_path / "not-there.md", written(tmp_path, "# a"), format="json")
    absent, empty = json.loads(capsys.readouterr().out)
    assert [each["rule"] for each in absent["problems"]] == ["unreadable"]
    assert not empty["valid"]
    with pytest.raises(SystemExit):
        check(tmp_path, today="yesterday")
