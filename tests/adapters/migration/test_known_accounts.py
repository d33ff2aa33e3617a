"""Made-up accounts of three products with known answers: who is on call, minute by minute, in two
windows of 90 days with both changes of the clocks.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.migration.comparison import differences
from adapters.migration.exports import EXPORTS
from domain.oncall.shifts import Shift, shifts

pytestmark = pytest.mark.realdata

DATA = Path(__file__).resolve().parents[4] / "shared/data/migration"
SOURCES = {
    "pagerduty": "pagerduty",
    "opsgenie": "opsgenie",
    "grafana-oncall": "grafana_oncall",
}
MARKS = {
    *("schedule.disabled", "swap.not_taken"),
    *("person.no_rule", "person.method_off", "person.unreachable"),
    "contact.unsure",
}


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> str:
    if not (DATA / SOURCES[request.param]).exists():
        pytest.skip(f"{DATA} is absent")
    return request.param


def known(window: dict[str, Any]) -> list[Shift]:
    """The shifts of an answer; those that follow each other may have the same people."""
    return [
        Shift(
            datetime.fromisoformat(each["start"]),
            datetime.fromisoformat(each["end"]),
            tuple(each["on_call"]),
        )
        for each in window["shifts"]
    ]


def test_our_shifts_are_those_that_are_known(source: str):
    folder = DATA / SOURCES[source]
    ours = {each.id: each for each in EXPORTS[source].read(folder).schedules}
    answers = json.loads((folder / "expected.json").read_text())["schedules"]
    assert set(ours) == set(answers)
    for name, answer in answers.items():
        for window in answer["windows"]:
            since, until = (datetime.fromisoformat(window[at]) for at in ("since", "until"))
            found = shifts(ours[name], since, until)
            assert list(differences(found, known(window))) == [], answer["name"]
            gaps = sum(
                (each.ends - each.begins).total_seconds() for each in found if not each.people
            )
            assert gaps == window["gap_minutes"] * 60


def test_our_shifts_are_those_that_the_product_rendered_itself(source: str):
    folder = DATA / SOURCES[source]
    ours = {each.id: each for each in EXPORTS[source].read(folder).schedules}
    theirs = EXPORTS[source].rendered(folder)
    assert {each.schedule for each in theirs} == set(ours)
    for each in theirs:
        found = shifts(ours[each.schedule], each.since, each.until)
        assert list(differences(found, each.shifts(each.since, each.until))) == []


def test_all_that_is_there_is_read(source: str):
    folder = DATA / SOURCES[source]
    account = EXPORTS[source].read(folder)
    assert {each.code for each in account.marks} <= MARKS
    counts = json.loads((folder / "expected.json").read_text())["counts"]
    found = {kind: len(each) for kind, each in account.objects.items()}
    found["schedules_layers"] = found.get("schedules")
    found["schedules_shift_based"] = found.get("schedules_v3")
    wanted = {kind: many for kind, many in counts.items() if kind in found}
    assert {kind: found[kind] for kind in wanted} == wanted
    assert len(wanted) >= 5
