"""The schedule of the brief as YAML, and what YAML makes of it elsewhere."""

from pathlib import Path

import pytest

from adapters.migration.account import Unreadable
from adapters.migration.brief import clock_of
from support.exports import codes, read, turns

SCHEDULE = """
schedule:
  name: "backend-primary"
  timezone: "UTC"
  rotation_type: "weekly"
  handoff_time: 10:00
  handoff_day: monday
  start_date: 2026-01-01
  participants:
    min_rotation_size: 4
    members: [ada, no, cy]
"""


def brief(tmp_path: Path, text: str = SCHEDULE):
    return read("brief", tmp_path, {"schedule.yaml": text})


def test_turns_pass_on_the_hand_off_day_at_the_hand_off_time(tmp_path: Path):
    assert turns(brief(tmp_path), "2026-01-01", "2026-01-20") == [
        ("01 00:00", "-"),
        ("05 10:00", "ada"),
        ("12 10:00", "no"),
        ("19 10:00", "cy"),
    ]


def test_an_override_is_taken_over(tmp_path: Path):
    text = SCHEDULE + (
        "  overrides: [{person: dee, start: '2026-01-06T00:00Z', end: '2026-01-07T00:00Z'}]\n"
    )
    assert ("06 00:00", "dee") in turns(brief(tmp_path, text), "2026-01-05", "2026-01-08")


@pytest.mark.parametrize(
    ("value", "clock"),
    [("10:00", "10:00"), (600, "10:00"), (45045, "12:30:45"), ("09:30", "09:30")],
)
def test_what_another_reader_made_a_number_of_is_a_clock_time_again(value, clock: str):
    assert clock_of(value, "x").isoformat().removesuffix(":00") in {
        clock,
        clock.removesuffix(":00"),
    }


def test_a_word_that_was_read_as_no_is_marked(tmp_path: Path):
    found = brief(tmp_path, SCHEDULE.replace("no,", "false,"))
    assert codes(found) == {"name.was_a_word"}


@pytest.mark.parametrize(
    ("now", "then", "code"),
    [
        ("members: [ada, no, cy]", "shadow_period: 2_weeks", "layer.no_people"),
        ('timezone: "UTC"', "timezone: Mars/Olympus", "time_zone.unknown"),
        ("handoff_day: monday", "handoff_day: someday", "handoff.invalid"),
        ("handoff_time: 10:00", "handoff_time: 25:00", "handoff.invalid"),
        ("start_date: 2026-01-01", "", "start.missing"),
        ('rotation_type: "weekly"', "rotation_type: lunar", "rotation.unknown"),
    ],
)
def test_what_cannot_be_worked_out_is_named(tmp_path: Path, now: str, then: str, code: str):
    found = brief(tmp_path, SCHEDULE.replace(now, then))
    assert found.schedules == []
    assert [(each.code, each.fault) for each in found.marks] == [(code, True)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &a [x]\nschedule: {name: *a}", "yaml.unreadable"),
        ("schedule: {name: [", "yaml.unreadable"),
        ("x" * (5 << 20), "yaml.unreadable"),
        ("schedule: {timezone: UTC}", "field.missing"),
        ("title: nothing", "export.no_schedules"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_a_code(tmp_path: Path, text: str, code: str):
    with pytest.raises(Unreadable) as refused:
        brief(tmp_path, text)
    assert refused.value.code == code
