"""What an Opsgenie account may hold, beside what is usual."""

from pathlib import Path
from typing import Any

import pytest

from support.exports import codes, read, rotation, rotations, turns

DAY = ("2026-01-06", "2026-01-07")


def test_all_rotations_are_on_call_together_and_nobody_may_have_a_turn(tmp_path: Path):
    other = rotation("C -", id="R2")
    found = read("opsgenie", tmp_path, rotations(rotation(), other))
    assert turns(found, "2026-01-05", "2026-01-08") == [
        ("05 00:00", "-"),
        ("05 08:00", "user:A user:C"),
        ("06 08:00", "user:B"),
        ("07 08:00", "user:A user:C"),
    ]


def test_a_team_takes_its_turn_as_a_team_and_is_marked(tmp_path: Path):
    found = read("opsgenie", tmp_path, rotations(rotation("team:T escalation:E")))
    assert turns(found, *DAY) == [("06 00:00", "team:T"), ("06 08:00", "escalation:E")]
    assert codes(found) == {"participant.not_a_person"}


@pytest.mark.parametrize(
    "started", ["2026-01-05 08:00", "2026-01-05T09:00:00+01:00", 1767600000000]
)
def test_dates_come_in_several_styles(tmp_path: Path, started: Any):
    found = read("opsgenie", tmp_path, rotations(rotation(startDate=started)))
    assert turns(found, *DAY) == [("06 00:00", "user:A"), ("06 08:00", "user:B")]


def test_an_override_is_of_some_rotations_or_of_all(tmp_path: Path):
    override = {
        "alias": "o",
        "user": {"type": "user", "id": "X"},
        "startDate": "2026-01-06T10:00:00Z",
        "endDate": "2026-01-06T12:00:00Z",
    }
    two = (rotation("A"), rotation("C", id="R2"))
    whole = read("opsgenie", tmp_path, rotations(*two, overrides=[override]))
    assert ("06 10:00", "user:X") in turns(whole, *DAY)
    override = {**override, "rotations": [{"id": "R2"}, {"id": "gone"}]}
    one = read("opsgenie", tmp_path, rotations(*two, overrides=[override]))
    assert ("06 10:00", "user:A user:X") in turns(one, *DAY)
    assert codes(one) == {"override.no_rotation"}


def forwarding(
    leaves: str, takes: str, begins: str = "06T10", ends: str = "06T12"
) -> dict[str, Any]:
    return {
        "id": f"{leaves}{takes}",
        "fromUser": {"id": leaves},
        "toUser": {"id": takes},
        "startDate": f"2026-01-{begins}:00:00Z",
        "endDate": f"2026-01-{ends}:00:00Z",
    }


def test_a_forwarding_is_passed_on_to_whoever_is_there(tmp_path: Path):
    files = rotations(rotation("A"))
    files["forwardings/1.json"] = forwarding("A", "B")
    files["forwardings/2.json"] = forwarding("B", "C", "06T11", "06T13")
    found = read("opsgenie", tmp_path, files)
    assert turns(found, *DAY) == [
        ("06 00:00", "user:A"),
        ("06 10:00", "user:B"),
        ("06 11:00", "user:C"),
        ("06 12:00", "user:A"),
    ]


def test_forwardings_in_a_circle_leave_it_with_whoever_was_meant(tmp_path: Path):
    files = rotations(rotation("A"))
    files["forwardings/1.json"] = forwarding("A", "B")
    files["forwardings/2.json"] = forwarding("B", "A")
    found = read("opsgenie", tmp_path, files)
    assert turns(found, *DAY) == [("06 00:00", "user:A")]
    assert codes(found) == {"forwarding.circle"}


def restricted(kind: str, **found: Any) -> dict[str, Any]:
    restriction = {"startMin": 0, "endMin": 0, **found}
    return {"type": kind, "restriction" + "s" * (kind != "time-of-day"): [restriction]}


def test_a_restriction_may_go_over_midnight_and_over_the_week_end(tmp_path: Path):
    night = rotation("A", timeRestriction=restricted("time-of-day", startHour=22, endHour=6))
    assert turns(read("opsgenie", tmp_path, rotations(night)), *DAY) == [
        ("06 00:00", "user:A"),
        ("06 06:00", "-"),
        ("06 22:00", "user:A"),
    ]
    days = {"startDay": "friday", "startHour": 18, "endDay": "monday", "endHour": 8}
    week_end = rotation("A", timeRestriction=restricted("weekday-and-time-of-day", **days))
    found = read("opsgenie", tmp_path, rotations(week_end))
    assert turns(found, "2026-01-08", "2026-01-14") == [
        ("08 00:00", "-"),
        ("09 18:00", "user:A"),
        ("12 08:00", "-"),
    ]


def test_a_schedule_that_is_disabled_has_nobody(tmp_path: Path):
    found = read("opsgenie", tmp_path, rotations(rotation(), enabled=False))
    assert turns(found, *DAY) == [("06 00:00", "-")]
    assert codes(found) == {"schedule.disabled"}


def test_people_are_found_by_their_names_and_missed_where_they_are_gone(tmp_path: Path):
    files = rotations(rotation(participants=[{"type": "user", "username": "a@x"}, {"id": "gone"}]))
    files["users/a.json"] = {"id": "A", "username": "a@x"}
    found = read("opsgenie", tmp_path, files)
    assert turns(found, *DAY) == [("06 00:00", "user:A"), ("06 08:00", "user:gone")]
    assert codes(found) == {"user.deleted"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"participants": [5]}, "participant.unknown"),
        ({"participants": 5}, "object.unexpected"),
        ({"type": "yearly"}, "rotation.unknown"),
        ({"length": 0}, "length.invalid"),
        ({"startDate": None}, "time.invalid"),
        ({"participants": [{"type": "user"}]}, "participant.unknown"),
        (
            {"timeRestriction": {"type": "moon", "restriction": {"startHour": 1, "endHour": 2}}},
            "restriction.unknown",
        ),
        (
            {"timeRestriction": restricted("time-of-day", startHour=25, endHour=2)},
            "restriction.invalid",
        ),
    ],
)
def test_what_cannot_be_worked_out_is_named(tmp_path: Path, fields: dict[str, Any], code: str):
    found = read("opsgenie", tmp_path, rotations(rotation(**fields)))
    assert [(each.code, each.fault) for each in found.marks] == [(code, True)]
