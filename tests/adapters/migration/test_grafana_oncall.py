"""What a Grafana OnCall account may hold, beside what is usual."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.oncall.shifts import on_call
from support.exports import codes, read, rolling, shift, turns

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR"]


@pytest.mark.parametrize(
    ("fields", "until", "who"),
    [
        ({"frequency": "daily", "by_day": WEEKDAYS}, "2026-01-15", "ABCAB--CAB"),
        # So many of the days that are listed, one after the other.
        ({"frequency": "daily", "by_day": WEEKDAYS, "interval": 2}, "2026-01-15", "AABBC--CAA"),
        ({"frequency": "weekly", "by_day": WEEKDAYS}, "2026-01-15", "AAAAA--BBB"),
        ({"frequency": "weekly", "by_day": ["SA", "SU"]}, "2026-01-19", "-----AA-----BB"),
        # Every other week, and each time the next.
        (
            {"frequency": "weekly", "by_day": ["MO"], "interval": 2},
            "2026-02-03",
            "A-------------B-------------C",
        ),
        ({"frequency": "daily", "start_rotation_from_user_index": 2}, "2026-01-08", "CAB"),
        ({"frequency": "daily", "until": "2026-01-06T00:00:00"}, "2026-01-09", "AB--"),
        # Turns are counted from the start, also where the first is given later.
        ({"frequency": "daily", "rotation_start": "2026-01-07T00:00:00"}, "2026-01-10", "--CAB"),
        ({"frequency": "monthly", "by_monthday": [1, -1]}, "2026-02-02", "-" * 26 + "AB"),
        ({"frequency": "hourly", "interval": 24, "duration": 3600}, "2026-01-07", "A" + "B"),
    ],
)
def test_users_roll_by_the_frequency(tmp_path: Path, fields: dict[str, Any], until: str, who: str):
    found = read("grafana-oncall", tmp_path, rolling(shift(**fields)))
    (schedule,) = found.schedules
    day, seen = datetime(2026, 1, 5, tzinfo=UTC), ""
    while day < datetime.fromisoformat(until).replace(tzinfo=UTC):
        seen += "".join(on_call(schedule, day)) or "-"
        day += timedelta(days=1)
    assert seen == who


def test_the_highest_level_is_on_call_and_equals_stand_together(tmp_path: Path):
    def once(name: str, level: int, begins: str, **fields: Any) -> dict[str, Any]:
        start = f"2026-01-05T{begins}:00"
        return {
            "id": name,
            "name": name,
            "type": "single_event",
            "level": level,
            "start": start,
            "duration": 7200,
            "users": [name],
            **fields,
        }

    found = read(
        "grafana-oncall",
        tmp_path,
        rolling(
            once("low", 1, "00:00"),
            once("high", 2, "01:00"),
            once("same", 2, "02:00"),
            once("over", 0, "02:30", type="override", duration=3600),
            once("above", 1, "03:00", type="override", duration=900),
        ),
    )
    assert turns(found, "2026-01-05", "2026-01-05T05:00") == [
        ("05 00:00", "low"),
        ("05 01:00", "high"),
        ("05 02:00", "high same"),
        ("05 02:30", "over"),
        ("05 03:00", "above"),
        ("05 03:15", "over"),
        ("05 03:30", "same"),
        ("05 04:00", "-"),
    ]


def swap(name: str, leaves: str, takes: str | None, status: str = "taken") -> dict[str, Any]:
    return {
        "id": name,
        "schedule": "G",
        "created_at": f"2026-01-0{name}T00:00:00Z",
        "swap_start": "2026-01-05T06:00:00Z",
        "swap_end": "2026-01-05T12:00:00Z",
        "beneficiary": leaves,
        "benefactor": takes,
        "status": status,
    }


def test_a_swap_that_was_taken_can_be_passed_on_and_an_open_one_moves_nothing(tmp_path: Path):
    swaps = [swap("2", "B", "C"), swap("1", "A", "B"), swap("3", "C", None, "open")]
    found = read("grafana-oncall", tmp_path, rolling(shift(["A"]), swaps=swaps))
    assert turns(found, "2026-01-05", "2026-01-06") == [
        ("05 00:00", "A"),
        ("05 06:00", "C"),
        ("05 12:00", "A"),
    ]
    assert codes(found) == {"swap.not_taken"}


def test_a_start_is_the_wall_clock_of_the_shift_or_of_the_schedule(tmp_path: Path):
    both = (
        shift(["A"], duration=3600, start="2026-01-05T09:00:00"),
        shift(["B"], id="G2", duration=3600, start="2026-01-05T09:00:00", time_zone="Asia/Tokyo"),
    )
    found = read("grafana-oncall", tmp_path, rolling(*both, time_zone="America/New_York"))
    assert turns(found, "2026-01-06", "2026-01-07") == [
        ("06 00:00", "B"),
        ("06 01:00", "-"),
        ("06 14:00", "A"),
        ("06 15:00", "-"),
    ]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (rolling(type="ical", ical_url_primary="https://x/c.ics"), "schedule.elsewhere"),
        (rolling(shift(), shifts=["gone"]), "shift.missing"),
        (rolling(shift(frequency="yearly")), "recurrence.unknown"),
        (rolling(shift(by_day=["XX"])), "recurrence.unknown"),
        (rolling(shift(type="moon")), "shift.unknown"),
        (rolling(shift(level="high")), "field.invalid"),
        (rolling(shift(start_rotation_from_user_index=1.5)), "field.invalid"),
        (rolling(shift(time_zone="Mars/Olympus")), "time_zone.unknown"),
    ],
)
def test_what_cannot_be_worked_out_is_named(tmp_path: Path, files: dict[str, Any], code: str):
    found = read("grafana-oncall", tmp_path, files)
    assert [(each.code, each.fault) for each in found.marks] == [(code, True)]


def test_a_shift_without_people_has_nobody_and_says_so(tmp_path: Path):
    found = read("grafana-oncall", tmp_path, rolling(shift([])))
    assert turns(found, "2026-01-05", "2026-01-06") == [("05 00:00", "-")]
    assert codes(found) == {"layer.no_people"}
