"""What is said of definitions: each fault by its field and its rule."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from adapters.openslo.objects import found_in
from adapters.openslo.verdicts import verdicts

METRIC = {"metricSource": {"type": "Prometheus", "spec": {"query": "sum(x)"}}}
SLO: dict[str, Any] = {
    "apiVersion": "openslo/v1",
    "kind": "SLO",
    "metadata": {"name": "basket"},
    "spec": {
        "service": "basket",
        "indicator": {
            "metadata": {"name": "ok"},
            "spec": {"ratioMetric": {"counter": True, "good": METRIC, "total": METRIC}},
        },
        "timeWindow": [{"duration": "4w", "isRolling": True}],
        "budgetingMethod": "Occurrences",
        "objectives": [{"target": 0.99}],
    },
}
CONDITION = {
    "kind": "AlertCondition",
    "metadata": {"name": "fast"},
    "spec": {
        "severity": "page",
        "condition": {"kind": "burnrate", "op": "gt", "threshold": 2, "lookbackWindow": "1h"},
    },
}


def changed(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """With these values put where their names say: `spec__objectives__0__target`."""
    made = copy.deepcopy(document)
    for path, value in changes.items():
        *way, last = path.split("__")
        at: Any = made
        for step in way:
            at = at[int(step) if step.isdigit() else step]
        at[int(last) if last.isdigit() else last] = value
    return made


def wrong(document: Any) -> list[tuple[str, str]]:
    return [(each.at, each.rule) for each in found_in(document).problems]


def slo(**changes: Any) -> list[tuple[str, str]]:
    return wrong(changed(SLO, **changes))


def test_a_definition_without_faults_has_none():
    assert slo() == []


@pytest.mark.parametrize(
    ("duration", "is_one"),
    [
        ("1m", True),
        ("12h", True),
        ("1M", True),
        ("2Q", True),
        ("1Y", True),
        *(
            (each, False)
            for each in ("0d", "1D", "1.5h", "1h30m", "-1d", "+5m", "5 m", "d", "10:00")
        ),
        ("\u0661d", False),  # a digit, of another script
    ],
)
def test_a_duration_is_a_whole_number_and_a_unit(duration: str, is_one: bool):
    at = "spec.timeWindow[0].duration"
    found = slo(spec__timeWindow__0__duration=duration)
    assert found == ([] if is_one else [(at, "duration")])


@pytest.mark.parametrize("value", ["0.99", True, [0.99], float("inf"), float("nan"), 10**400, "no"])
def test_a_number_is_no_text_and_no_truth(value: Any):
    assert slo(spec__objectives__0__target=value) == [("spec.objectives[0].target", "type")]


def test_words_of_yaml_1_1_are_no_truth():
    found = slo(spec__timeWindow__0__isRolling="yes")
    assert ("spec.timeWindow[0].isRolling", "type") in found


@pytest.mark.parametrize(
    ("start", "zone", "rules"),
    [
        ("2022-01-01 12:00:00", "Europe/Berlin", []),
        ("2022-02-30 12:00:00", "Europe/Berlin", ["startTime"]),
        ("2022-01-01T12:00:00Z", "Europe/Berlin", ["startTime"]),
        ("2022-01-01 12:00:00", "Mars/Olympus", ["timeZone"]),
        ("2022-01-01 12:00:00", "../etc/passwd", ["timeZone"]),
        ("2022-01-01 12:00:00", None, ["timeZone"]),
        (None, "UTC", ["startTime"]),
    ],
)
def test_a_calendar_begins_at_a_time_of_a_zone(start: Any, zone: Any, rules: list[str]):
    window = {"duration": "1M", "calendar": {"startTime": start, "timeZone": zone}}
    at = "spec.timeWindow[0].calendar"
    found = slo(spec__timeWindow__0=window | {"isRolling": False})
    assert [each for each, _ in found] == [f"{at}.{name}" for name in rules]
    assert slo(spec__timeWindow__0=window) == found  # false is what is meant beside a calendar


def test_what_is_unknown_is_named_where_it_stands():
    assert slo(spec__objectives__0__targt=1) == [("spec.objectives[0].targt", "unknown_field")]
    assert slo(extra=1) == [("extra", "unknown_field")]
    assert slo(metadata__nam="x") == [("metadata.nam", "unknown_field")]


def test_objectives_apart_need_an_indicator_each():
    parts = [{"target": 0.9, "indicatorRef": "a"}, {"target": 0.9}]
    document = changed(SLO, spec__objectives=parts)
    del document["spec"]["indicator"]
    assert wrong(document) == [("spec.objectives[1]", "exclusive")]


def test_a_slice_may_be_a_number_of_minutes():
    sliced: dict[str, Any] = {"target": 0.9, "timeSliceTarget": 0.9, "timeSliceWindow": 5}
    timed = {"spec__budgetingMethod": "Timeslices"}
    assert slo(spec__objectives=[sliced], **timed) == []
    at = "spec.objectives[0].timeSliceWindow"
    assert slo(spec__objectives=[sliced | {"timeSliceWindow": 0}], **timed) == [(at, "range")]
    assert slo(spec__objectives=[sliced | {"timeSliceWindow": "5"}], **timed) == [(at, "duration")]


def test_a_policy_is_written_out_or_named_and_not_both():
    inline = {
        "kind": "AlertPolicy",
        "metadata": {"name": "p"},
        "spec": {"conditions": [CONDITION], "notificationTargets": [{"targetRef": "t"}]},
    }
    assert slo(spec__alertPolicies=[inline]) == []
    both = slo(spec__alertPolicies=[inline | {"alertPolicyRef": "p"}])
    assert both == slo(spec__alertPolicies=[{}]) == [("spec.alertPolicies[0]", "exclusive")]
    deep = changed(inline, spec__conditions__0__spec__condition__lookbackWindow="0m")
    at = "spec.alertPolicies[0].spec.conditions[0].spec.condition.lookbackWindow"
    assert slo(spec__alertPolicies=[deep]) == [(at, "duration")]


@pytest.mark.parametrize("document", [None, "text", 5, [], [[]], {}, {"apiVersion": 1}])
def test_what_is_no_definition_is_wrong_and_breaks_nothing(document: Any):
    assert wrong(document)


@pytest.mark.parametrize("kind", ["slo", "Slo", "Deployment", None, ["SLO"], 7])
def test_a_kind_is_one_of_those_there_are(kind: Any):
    assert slo(kind=kind)[0][0] == "kind"


def test_every_field_may_hold_anything_and_is_named():
    """Whatever stands in a field, the answer is a list of faults at or below it, never a crash."""
    for way in _ways(SLO):
        for value in (7, "x", [], {}, [[]], [None], {"a": 1}, True, -1.5):
            document = copy.deepcopy(SLO)
            at: Any = document
            for step in way[:-1]:
                at = at[step]
            at[way[-1]] = value
            found_in(document)


def _ways(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for step, each in steps:
        found.append((*way, step))
        if isinstance(each, dict | list):
            found += _ways(each, (*way, step))
    return found


def test_v2alpha_has_names_of_its_own():
    metric = {"dataSourceRef": "prometheus", "spec": {"query": "x"}}
    document = changed(SLO, apiVersion="openslo.com/v2alpha")
    document["spec"]["sli"] = document["spec"].pop("indicator")
    document["spec"]["sli"]["spec"]["ratioMetric"] = {"good": metric, "total": metric}
    assert wrong(document) == []
    document["metadata"]["labels"] = {"team": "Team A"}
    document["spec"]["sli"]["spec"]["ratioMetric"]["good"] = {"spec": {}}
    assert wrong(document) == [
        ("metadata.labels.team", "label_value"),
        ("spec.sli.spec.ratioMetric.good", "exclusive"),
    ]


def test_v1alpha_has_two_kinds_and_metrics_within_objectives():
    source = {"source": "prometheus", "queryType": "promql", "query": "x"}
    document: dict[str, Any] = {
        "apiVersion": "openslo/v1alpha",
        "kind": "SLO",
        "metadata": {"name": "a"},
        "spec": {
            "service": "a",
            "budgetingMethod": "Occurrences",
            "timeWindows": [{"unit": "Day", "count": 30, "isRolling": True}],
            "objectives": [
                {"value": 1, "target": 0.9, "ratioMetrics": {"good": source, "total": source}}
            ],
        },
    }
    assert wrong(document) == []
    assert wrong(changed(document, kind="SLI")) == [("kind", "one_of")]
    assert wrong(changed(document, spec__timeWindows__0__unit="day")) == [
        ("spec.timeWindows[0].unit", "one_of")
    ]
    assert wrong(changed(document, spec__objectives__0__op="lt")) == [
        ("spec.objectives[0].op", "forbidden")
    ]


def written(folder: Path, name: str, *documents: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(documents))
    return path


def referring(to: str) -> dict[str, Any]:
    document = copy.deepcopy(SLO)
    del document["spec"]["indicator"]
    document["spec"]["indicatorRef"] = to
    return document


def sli(name: str) -> dict[str, Any]:
    spec = {"ratioMetric": {"good": METRIC, "total": METRIC}}
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLI",
        "metadata": {"name": name},
        "spec": spec,
    }


def test_references_are_answered_by_all_files_that_are_given(tmp_path: Path):
    first = written(tmp_path, "slos.json", referring("here"), sli("other"))
    second = written(tmp_path, "slis.json", sli("here"))
    assert all(each.valid for each in verdicts([first, second]))
    [alone, _] = verdicts([first])
    assert [(each.at, each.rule) for each in alone.problems] == [("spec.indicatorRef", "reference")]


def test_what_a_file_says_nothing_of_may_be_elsewhere(tmp_path: Path):
    path = written(tmp_path, "slos.json", referring("here"))
    [found] = verdicts([path])
    assert found.valid
    assert [each.at for each in found.elsewhere] == ["spec.indicatorRef", "spec.service"]
    [strictly] = verdicts([path], whole=True)
    assert [each.at for each in strictly.problems] == ["spec.indicatorRef", "spec.service"]


def test_another_version_answers_no_reference(tmp_path: Path):
    other = changed(sli("here"), apiVersion="openslo.com/v2alpha")
    [found, _] = verdicts([written(tmp_path, "a.json", referring("here"), other)], whole=True)
    assert not found.valid


def test_a_name_below_what_is_free_is_no_reference(tmp_path: Path):
    document = copy.deepcopy(SLO)
    source = document["spec"]["indicator"]["spec"]["ratioMetric"]["good"]["metricSource"]
    source["spec"] = {"targetRef": "anything"}
    service = {"apiVersion": "openslo/v1", "kind": "Service", "metadata": {"name": "basket"}}
    [found, _] = verdicts([written(tmp_path, "a.json", document, service)], whole=True)
    assert found.valid


POLICY = {
    "apiVersion": "openslo/v1",
    "kind": "AlertPolicy",
    "metadata": {"name": "p"},
    "spec": {"conditions": [CONDITION], "notificationTargets": [{"targetRef": "t"}]},
}
INLINE = {key: value for key, value in POLICY.items() if key != "apiVersion"}


@pytest.mark.parametrize(
    ("op", "threshold", "target", "fires"),
    [
        ("gt", 99, 0.99, True),
        ("gt", 100, 0.99, False),
        ("gte", 100, 0.99, True),
        ("gte", 100.1, 0.99, False),
        ("gt", 14.4, 0.9, False),
        ("lt", 1000, 0.9, True),
    ],
)
def test_an_alert_that_can_never_fire_is_wrong(
    tmp_path: Path, op: str, threshold: float, target: float, *, fires: bool
):
    changes = {"op": op, "threshold": threshold}
    policy = changed(INLINE)
    policy["spec"]["conditions"][0]["spec"]["condition"] |= changes
    document = changed(SLO, spec__alertPolicies=[policy], spec__objectives=[{"target": target}])
    [found] = verdicts([written(tmp_path, "a.json", document)])
    at = "spec.alertPolicies[0].spec.conditions[0].spec.condition.threshold"
    assert [(each.at, each.rule) for each in found.problems] == (
        [] if fires else [(at, "never_fires")]
    )


def test_an_alert_that_is_referred_to_is_followed(tmp_path: Path):
    condition = changed(CONDITION, spec__condition__threshold=1000)
    condition["apiVersion"] = "openslo/v1"
    policy = changed(POLICY, spec__conditions__0={"conditionRef": "fast"})
    document = changed(SLO, spec__alertPolicies=[{"alertPolicyRef": "p"}])
    found, _, _ = verdicts([written(tmp_path, "a.json", document, policy, condition)])
    assert [(each.at, each.rule) for each in found.problems] == [
        ("spec.alertPolicies[0].alertPolicyRef", "never_fires")
    ]
    sparing = changed(document, spec__objectives=[{"target": 0.99}, {"target": 0.9999}])
    spared, _, _ = verdicts([written(tmp_path, "b.json", sparing, policy, condition)])
    assert spared.valid


def test_a_form_of_another_tool_is_not_taken_for_ours(tmp_path: Path):
    [found] = verdicts([written(tmp_path, "a.json", {"version": "prometheus/v1", "slos": []})])
    assert ("apiVersion", "required") in [(each.at, each.rule) for each in found.problems]
