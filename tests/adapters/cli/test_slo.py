"""`commandpost slo`: what it answers, and what its exit status says."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.slo import check, replay, thresholds


def definition(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": "basket"},
        "spec": {
            "service": "basket",
            "indicatorRef": "ok",
            "timeWindow": [{"duration": "30d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"target": 0.99}],
            **spec,
        },
    }


def written(tmp_path: Path, *documents: Any) -> Path:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(documents))
    return path


def series(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["minute,good,total", *rows]))
    return path


def outage(tmp_path: Path) -> Path:
    """An hour without fault, then nothing but."""
    return series(tmp_path, *(f"{60 * n},{0 if n >= 60 else 10},10" for n in range(80)))


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_each_document_has_a_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, definition(), definition(objectives=[{"target": 2}]))
    with pytest.raises(SystemExit) as ended:
        check(path, format="json")
    first, second = said(capsys)
    assert ended.value.code == 1
    assert (first["file"], first["document"], first["valid"]) == (str(path), 0, True)
    assert (second["document"], second["valid"]) == (1, False)
    assert second["problems"] == [
        {"at": "spec.objectives[0].target", "rule": "range", "detail": "2 is not within [0, 1)"}
    ]


def test_what_is_valid_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    check(written(tmp_path, definition()))
    assert "[0] SLO basket: valid" in capsys.readouterr().out


def test_a_threshold_that_can_never_fire_is_refused(capsys: pytest.CaptureFixture[str]):
    thresholds(window="30d", target="99.9", format="json")
    assert [each["exact"] for each in said(capsys)["rules"]] == ["72/5", "6", "3", "1"]
    with pytest.raises(SystemExit) as ended:
        thresholds(window="30d", target="90", format="json")
    rules = said(capsys)["rules"]
    assert ended.value.code == 1
    assert [each["can_fire"] for each in rules] == [False, True, True, True]
    assert rules[0]["minutes_of_total_outage_until_it_fires"] is None


@pytest.mark.parametrize(
    ("window", "target"), [("30", "99.9"), ("30d", "0.999"), ("30d", "100"), ("0d", "99")]
)
def test_what_is_no_window_or_target_is_refused(window: str, target: str):
    with pytest.raises(SystemExit):
        thresholds(window=window, target=target)


def test_a_replay_has_minutes_until_before_their_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    replay(written(tmp_path, definition()), series=outage(tmp_path), format="json")
    found = said(capsys)
    assert found["rules"][0]["fires"] == [
        {"from": 68, "to": 80, "from_time": "1970-01-01T01:08Z", "to_time": "1970-01-01T01:20Z"}
    ]
    assert found["budget"]["remaining_share"] == -24
    assert found["budget"]["state"] == "frozen"


def test_what_a_series_lacks_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, definition())
    rows = series(tmp_path, "0,1,1", "60,2,1", "60,NaN,1", "180,0,0")
    replay(path, series=rows, format="json")
    found = said(capsys)
    assert [(each["from"], each["to"]) for each in found["gaps"]] == [(1, 3)]
    assert [each["code"] for each in found["marks"]] == ["superseded", "no_number"]
    replay(path, series=series(tmp_path, "0,0,0"))
    assert "budget: not known: nothing was counted" in capsys.readouterr().out


def test_an_objective_of_several_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path, definition(objectives=[{"target": 0.9}, {"targetPercent": 99}]))
    with pytest.raises(SystemExit):
        replay(path, series=outage(tmp_path))
    assert "basket/1, basket/2; name one with --slo" in capsys.readouterr().err
    replay(path, series=outage(tmp_path), slo="basket/2", format="json")
    assert said(capsys)["target"] == "99/100"


def test_slices_are_counted_where_the_method_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    sliced = {"target": 0.9, "timeSliceTarget": 0.5, "timeSliceWindow": "10m"}
    path = written(tmp_path, definition(budgetingMethod="Timeslices", objectives=[sliced]))
    replay(path, series=outage(tmp_path), format="json")
    budget = said(capsys)["budget"]
    assert (budget["bad"], budget["total"]) == (2, 8)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"objectives": [{"target": 7}]}, "not valid"),
        ({"timeWindow": None}, "has no window"),
        (
            {
                "budgetingMethod": "RatioTimeslices",
                "objectives": [{"target": 0.9, "timeSliceWindow": "1m"}],
            },
            "RatioTimeslices are not computed",
        ),
    ],
)
def test_what_cannot_be_replayed_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spec: dict[str, Any], words: str
):
    with pytest.raises(SystemExit):
        replay(written(tmp_path, definition(**spec)), series=outage(tmp_path))
    told = capsys.readouterr()
    assert words in told.err
    assert not told.out
