"""Records of experiments: by what they hold, not by what they call it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.chaos.experiment_files import ExperimentRead, read_experiments

DATA = Path(__file__).resolve().parents[4] / "shared/data/chaos"


def done(name: str, **more: Any) -> dict[str, Any]:
    activity = {"type": "action", "name": name, "provider": {"type": "process", "path": "x"}}
    return {"activity": activity, "status": "succeeded", "output": {"status": 0}, **more}


def steady(*, met: bool) -> dict[str, Any]:
    probe = {"activity": {"type": "probe", "name": "ok"}, "status": "succeeded"}
    return {"steady_state_met": met, "probes": [probe | {"tolerance_met": met}]}


JOURNAL: dict[str, Any] = {
    "experiment": {
        "title": "stop one worker",
        "method": [{"type": "action", "name": "stop"}],
        "rollbacks": [{"type": "action", "name": "start"}],
        "steady-state-hypothesis": {"title": "answers", "probes": [{"name": "ok"}]},
    },
    "status": "completed",
    "deviated": False,
    "steady_states": {"before": steady(met=True), "after": steady(met=True), "during": []},
    "run": [done("stop")],
    "rollbacks": [done("start")],
}
RESULT: dict[str, Any] = {
    "apiVersion": "litmuschaos.io/v1alpha1",
    "kind": "ChaosResult",
    "spec": {"engine": "shop", "experiment": "pod-delete"},
    "status": {
        "experimentStatus": {
            "phase": "Completed",
            "verdict": "Pass",
            "probeSuccessPercentage": "100",
        },
        "probeStatuses": [
            {"name": "first", "mode": "SOT", "status": {"verdict": "Passed"}},
            {"name": "all-the-time", "mode": "Continuous", "status": {"verdict": "Passed"}},
            {"name": "last", "mode": "EOT", "status": {"verdict": "Passed"}},
        ],
        "history": {"targets": [{"name": "a", "kind": "deployment", "chaosStatus": "reverted"}]},
    },
}


def read(tmp_path: Path, content: Any) -> ExperimentRead:
    path = tmp_path / "a.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    [found] = read_experiments(path)
    return found


def put(*way: Any) -> Callable[[dict[str, Any]], None]:
    """Puts the last of these where the others lead; `del` takes away what is there."""
    *path, last, value = way

    def change(document: Any) -> None:
        for step in path:
            document = document[step]
        if value is del_:
            del document[last]
        else:
            document[last] = value

    return change


del_ = object()
SHARE = ("status", "experimentStatus", "probeSuccessPercentage")
TARGETS = ("status", "history", "targets")
CASES: list[tuple[dict[str, Any], Any, str, str]] = [
    (JOURNAL, None, "passed", "steady before and after"),
    (JOURNAL, put("deviated", True), "failed", "deviated"),
    (JOURNAL, put("status", "deviated"), "failed", "deviated"),
    (JOURNAL, put("steady_states", "after", steady(met=False)), "failed", "out of tolerance: ok"),
    (
        JOURNAL,
        put("steady_states", "after", "probes", 0, "tolerance_met", False),
        "failed",
        "not steady afterwards",
    ),
    (JOURNAL, put("steady_states", "during", [steady(met=False)]), "failed", "while it ran"),
    (JOURNAL, put("status", "interrupted"), "unknown", "interrupted"),
    (JOURNAL, put("status", "aborted"), "unknown", "aborted"),
    (JOURNAL, put("status", "failed"), "unknown", "failed"),
    (JOURNAL, put("status", del_), "unknown", "it has no status"),
    (JOURNAL, put("steady_states", "before", steady(met=False)), "unknown", "not steady before"),
    (JOURNAL, put("steady_states", del_), "unknown", "nobody looked"),
    (JOURNAL, put("steady_states", "after", None), "unknown", "nobody looked"),
    (JOURNAL, put("run", 0, "status", "failed"), "unknown", "the action stop failed"),
    (JOURNAL, put("run", 0, "status", del_), "unknown", "it was interrupted"),
    (JOURNAL, put("run", 0, "output", {"status": 127}), "unknown", "exit status 127"),
    (JOURNAL, put("run", 0, "status", "skipped"), "unknown", "skipped"),
    (JOURNAL, put("run", []), "unknown", "not on record that this was done: stop"),
    (JOURNAL, put("run", "everything"), "unknown", "not on record"),
    (JOURNAL, put("experiment", "dry", "actions"), "unknown", "dry run"),
    (JOURNAL, put("experiment", "steady-state-hypothesis", del_), "unknown", "no hypothesis"),
    (JOURNAL, put("deviated", "no"), "passed", "steady"),
    (RESULT, None, "passed", "steady before, during and after"),
    (RESULT, put("status", "probeStatuses", []), "passed", "steady after"),
    (
        RESULT,
        put("status", "probeStatuses", 2, "status", "verdict", "Failed"),
        "failed",
        "failed: last",
    ),
    (
        RESULT,
        put("status", "probeStatuses", 1, "status", "verdict", "Failed"),
        "failed",
        "while it ran (failed: all-the-time)",
    ),
    (
        RESULT,
        put("status", "probeStatuses", 0, "status", "verdict", "Failed"),
        "unknown",
        "not steady before",
    ),
    (RESULT, put("status", "probeStatuses", 2, "status", "verdict", "N/A"), "unknown", "N/A"),
    (RESULT, put("status", "experimentStatus", "phase", "Running"), "unknown", "Running"),
    (RESULT, put("status", "experimentStatus", "phase", "Stopped"), "unknown", "Stopped"),
    (RESULT, put("status", "experimentStatus", "verdict", "Awaited"), "unknown", "Awaited"),
    (RESULT, put("status", "experimentStatus", "verdict", "Fail"), "failed", "not steady"),
    (
        RESULT,
        put("status", "experimentStatus", {"phase": "Completed", "verdict": "Fail",
            "failureOutput": {"errorCode": "CHAOS_INJECT_ERROR"}}),
        "unknown",
        "CHAOS_INJECT_ERROR",
    ),
    (RESULT, put(*SHARE, "50"), "failed", "not"),
    (RESULT, put(*SHARE, "Awaited"), "unknown", "Awaited"),
    (RESULT, put(*TARGETS, [{"chaosStatus": "targeted"}]), "unknown", "no harm"),
    (RESULT, put("status", del_), "unknown", "it has no phase"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "change", "verdict", "why"), CASES)
def test_the_record_decides_and_not_its_words(
    tmp_path: Path, document: dict[str, Any], change: Any, verdict: str, why: str
):
    content = copy.deepcopy(document)
    if change:
        change(content)
    found = read(tmp_path, content)
    assert found.verdict == verdict
    assert why in found.why


def test_harm_that_may_go_on_is_a_warning(tmp_path: Path):
    content = JOURNAL | {"rollbacks": [done("start", output={"status": 1})]}
    found = read(tmp_path, content)
    assert (found.verdict, len(found.warnings)) == ("passed", 1)
    assert "the rollback start did not work" in found.warnings[0]
    assert read(tmp_path, JOURNAL | {"rollbacks": []}).warnings
    result = copy.deepcopy(RESULT)
    result["status"]["history"]["targets"][0]["chaosStatus"] = "injected"
    assert read(tmp_path, result).warnings == ("deployment a is injected, not reverted",)


@pytest.mark.parametrize(
    "content",
    [
        "",
        '{"experiment": {"title": "cut o',
        '{"deviated": false, "deviated": true, "experiment": {}}',
        "[]",
        "7",
        {"kind": "ChaosResult"},
        {"experiment": "a text"},
        "[" * 100000,
    ],
)
def test_of_what_is_no_record_nothing_is_known(tmp_path: Path, content: Any):
    found = read(tmp_path, content)
    assert (found.tool, found.verdict) == (None, "unknown")
    assert found.why


def test_a_list_has_each_of_its_results(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"kind": "ChaosResultList", "items": [RESULT, JOURNAL]}))
    assert [each.tool for each in read_experiments(path)] == ["litmus", "chaostoolkit"]
    path = tmp_path / "a.yaml"
    path.write_text("kind: ChaosResult\napiVersion: litmuschaos.io/v1alpha1\n---\nkind: Other\n")
    assert [each.tool for each in read_experiments(path)] == ["litmus", None]


def test_any_value_anywhere_is_read_without_a_crash(tmp_path: Path):
    for document in (JOURNAL, RESULT):
        for name in document:
            for value in (None, 7, "x", [], {}, [[]], [None], {"a": 1}, True):
                assert read(tmp_path, document | {name: value}).why
        for name, part in document.items():
            for inner in part if isinstance(part, dict) else ():
                for value in (None, 7, "x", [], {}, [7], True):
                    assert read(tmp_path, document | {name: part | {inner: value}}).why


@pytest.mark.realdata
@pytest.mark.parametrize("folder", ["chaostoolkit/journals", "litmus/results"])
def test_recorded_experiments_have_their_true_verdict(folder: str):
    tool, key = folder.split("/")
    if not (DATA / tool).exists():
        pytest.skip(f"{DATA} is absent")
    known = json.loads((DATA / tool / "expected.json").read_text())[key]
    assert known
    for case in known:
        [found] = read_experiments(DATA / tool / case["file"])
        assert found.verdict == {"inconclusive": "unknown"}.get(case["result"], case["result"])
        assert found.name == case.get("title", case.get("experiment"))
