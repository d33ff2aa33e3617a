"""`commandpost migrate`: what it answers, what its exit status says, and how little it needs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.migrate import plan, review, shifts, verify
from support.exports import layer, layers, rotation, rotations, written

WINDOW = {"since": "2026-01-06", "until": "2026-01-07T00:00:00Z"}


def rendered(*people: str) -> dict[str, Any]:
    """A final schedule of two entries: until nine on 6 January, and until the end of the day."""
    times = ["2026-01-06T00:00:00Z", "2026-01-06T09:00:00Z", "2026-01-07T00:00:00Z"]
    entries = [
        {"start": begins, "end": ends, "user": {"id": who}}
        for begins, ends, who in zip(times, times[1:], people, strict=False)
    ]
    return {"final_schedule": {"rendered_schedule_entries": entries}}


def account(root: Path, *people: str) -> Path:
    files = layers(layer(), **rendered(*people))
    files["schedules/S.2026-01-06.json"] = files.pop("schedules/S.2026-01-05.json")
    files["escalation_policies.json"] = {"escalation_policies": [{"id": "P", "name": "all"}]}
    files["users.json"] = {"users": [{"id": each, "name": each} for each in "ABX"]}
    return written(root, files)


def test_shifts_are_an_object_of_lists(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    shifts(account(tmp_path), source="pagerduty", **WINDOW, format="json")
    assert json.loads(capsys.readouterr().out) == {
        "S": [
            {"from": "2026-01-06T00:00:00Z", "to": "2026-01-06T09:00:00Z", "people": ["A"]},
            {"from": "2026-01-06T09:00:00Z", "to": "2026-01-07T00:00:00Z", "people": ["B"]},
        ]
    }


def test_a_fault_is_told_beside_the_shifts_of_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    written(tmp_path, rotations(rotation()))
    other = rotations(rotation(type="yearly"))["schedules/some name.json"]
    other["schedule"]["id"] = "P"
    written(tmp_path, {"schedules/other.json": other})
    with pytest.raises(SystemExit) as ended:
        shifts(tmp_path, source="opsgenie", **WINDOW, format="json")
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert list(json.loads(told.out)) == ["O"]
    assert told.err.startswith("rotation.unknown: schedule P: ")


def test_a_review_has_scores_with_their_reasons_and_double_duty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    written(tmp_path, rotations(rotation()))
    other = rotations(rotation("A B", startDate="2026-01-06T08:00:00Z"))["schedules/some name.json"]
    other["schedule"] |= {"id": "P", "name": "P"}
    written(tmp_path, {"schedules/other.json": other})
    review(tmp_path, source="opsgenie", **WINDOW, format="json")
    found = json.loads(capsys.readouterr().out)
    assert found["schedules"]["P"]["hours"] == {"user:A": 16.0}
    assert found["schedules"]["P"]["gaps"] == [
        {"from": "2026-01-06T00:00:00Z", "to": "2026-01-06T08:00:00Z"}
    ]
    warnings = {each["code"]: each["points"] for each in found["schedules"]["P"]["warnings"]}
    assert warnings["gaps"] == 20
    assert found["schedules"]["P"]["score"] == 100 - sum(warnings.values())
    assert found["double_duty"] == []


def test_equal_schedules_have_no_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    verify(account(tmp_path, "A", "B"), source="pagerduty", format="json")
    found = json.loads(capsys.readouterr().out)
    assert (found["differences"], found["not_compared"]) == (0, [])
    assert found["windows"][0]["minutes"] == 1440


def test_differences_are_spans_with_both_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        verify(account(tmp_path, "A", "X"), source="pagerduty", format="json")
    assert ended.value.code == 1
    (window,) = json.loads(capsys.readouterr().out)["windows"]
    assert window["differing_minutes"] == 15 * 60
    assert window["differences"] == [
        {
            "from": "2026-01-06T09:00:00Z",
            "to": "2026-01-07T00:00:00Z",
            "ours": ["B"],
            "theirs": ["X"],
        }
    ]


def test_a_schedule_without_a_final_one_was_not_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as ended:
        verify(written(tmp_path, rotations(rotation())), source="opsgenie")
    assert ended.value.code == 1
    assert "O: not compared" in capsys.readouterr().out


def test_a_plan_says_what_each_becomes_and_lists_what_it_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    plan(account(tmp_path), source="pagerduty", format="json")
    made = json.loads(capsys.readouterr().out)
    becomes = {(each["kind"], each["id"]): each["becomes"] for each in made["objects"]}
    assert becomes["schedules", "S"] == "schedule"
    assert becomes["users", "A"] == "person"
    assert becomes["escalation_policies", "P"] is None
    assert {(each["code"], each["of"]) for each in made["not_carried"]} == {
        ("object.no_place", "escalation_policies P"),
        *(("person.unreachable", f"person {each}") for each in "ABX"),
    }


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        ("2026-01-07", "2026-01-06", "window.invalid"),
        ("0001-01-01", "0001-01-06", "window.invalid"),
        ("2026-01-01", "2036-01-06", "window.too_long"),
        ("soon", "2036-01-06", "time.invalid"),
    ],
)
def test_a_window_that_is_none_is_refused(tmp_path, capsys, since: str, until: str, code: str):
    with pytest.raises(SystemExit) as ended:
        shifts(tmp_path, source="pagerduty", since=since, until=until)
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("schedules.json", "{", "file.not_json"),
        ("schedules.json", '{"schedules": 5}', "file.unexpected"),
        ("other.json", "{}", "export.no_schedules"),
        ("schedules.json", "[" * 100_000, "file.not_json"),
    ],
)
def test_an_export_that_cannot_be_read_is_refused_by_a_code(
    tmp_path, capsys, name: str, content: str, code: str
):
    written(tmp_path, {name: content})
    with pytest.raises(SystemExit):
        shifts(tmp_path, source="pagerduty", **WINDOW)
    assert capsys.readouterr().err.startswith(f"{code}: ")


def test_a_final_schedule_of_a_strange_shape_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    root = account(tmp_path, "A", "B")
    strange = layers(layer(), final_schedule=["x"])["schedules/S.2026-01-05.json"]
    written(root, {"schedules/S.2026-01-06.json": strange})
    with pytest.raises(SystemExit):
        verify(root, source="pagerduty")
    assert capsys.readouterr().err.startswith("export.unexpected: ")


def test_it_needs_neither_a_service_nor_its_libraries(tmp_path: Path):
    program = (
        "import sys; from adapters.cli import main\n"
        "try: main()\n"
        "finally: print({'nats', 'asyncpg'} & {*sys.modules}, file=sys.stderr)"
    )
    asked = ["migrate", "shifts", "--from", "pagerduty", str(account(tmp_path)), "--format", "json"]
    window = ["--since", WINDOW["since"], "--until", WINDOW["until"]]
    done = subprocess.run(
        [sys.executable, "-c", program, *asked, *window],
        capture_output=True,
        text=True,
        check=False,
    )
    assert list(json.loads(done.stdout)) == ["S"]
    assert done.stderr.strip() == "set()"
