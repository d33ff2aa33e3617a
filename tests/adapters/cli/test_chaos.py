"""`commandpost chaos read`: what it answers, and what its exit status says."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.chaos import read

RESULT: dict[str, Any] = {
    "apiVersion": "litmuschaos.io/v1alpha1",
    "kind": "ChaosResult",
    "spec": {"experiment": "pod-delete"},
    "status": {"experimentStatus": {"phase": "Completed", "verdict": "Pass"}},
}


def test_a_file_of_one_has_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(RESULT))
    read(path, format="json")
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["tool"], found["warnings"]) == ("passed", "litmus", [])
    assert "steady" in found["why"]
    read(path)
    assert capsys.readouterr().out.startswith("pod-delete: passed: it ran through")


def test_a_file_of_several_is_as_good_as_the_worst(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "a.json"
    failed = RESULT | {"status": {"experimentStatus": {"phase": "Completed", "verdict": "Fail"}}}
    path.write_text(json.dumps([RESULT, failed, RESULT | {"status": {}}]))
    read(path, format="json")
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "failed"
    assert [each["verdict"] for each in found["experiments"]] == ["passed", "failed", "unknown"]


def test_what_is_no_experiment_is_unknown_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        read(tmp_path / "not-there.json", format="json")
    assert ended.value.code == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "unknown"
    assert "cannot be read" in found["why"]
