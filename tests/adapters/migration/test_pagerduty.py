"""What a PagerDuty account may hold, beside what is usual."""

from pathlib import Path

import pytest

from support.exports import codes, event, events, layer, layers, read, turns

DAY = ("2026-01-06", "2026-01-07")


def test_the_layer_that_is_listed_first_wins_where_it_has_somebody(tmp_path: Path):
    office = {
        "type": "daily_restriction",
        "start_time_of_day": "10:00:00",
        "duration_seconds": 3600,
    }
    found = read("pagerduty", tmp_path, layers(layer("top", "T", restrictions=[office]), layer()))
    assert turns(found, *DAY) == [
        ("06 00:00", "A"),
        ("06 09:00", "B"),
        ("06 10:00", "T"),
        ("06 11:00", "B"),
    ]


def test_a_zone_may_have_the_name_of_another_list(tmp_path: Path):
    found = read("pagerduty", tmp_path, layers(layer(), time_zone="Eastern Time (US & Canada)"))
    assert found.schedules[0].zone == "America/New_York"


def test_the_turns_of_one_who_was_deleted_are_kept_and_marked(tmp_path: Path):
    files = {"users.json": {"users": [{"id": "A"}]}, **layers(layer())}
    found = read("pagerduty", tmp_path, files)
    assert turns(found, *DAY)[-1] == ("06 09:00", "B")
    assert codes(found) == {"user.deleted"}


def test_a_turn_of_nobody_stays_a_turn(tmp_path: Path):
    users = [{"user": {"id": "A"}}, {"user": None}]
    found = read("pagerduty", tmp_path, layers(layer(users=users)))
    assert turns(found, "2026-01-06", "2026-01-08") == [
        ("06 00:00", "A"),
        ("06 09:00", "-"),
        ("07 09:00", "A"),
    ]
    assert codes(found) == {"user.missing"}


def test_overrides_that_overlap_are_marked_and_the_one_that_was_made_last_holds(tmp_path: Path):
    overrides = [
        {
            "id": name,
            "start": f"2026-01-06T{begins}:00Z",
            "end": f"2026-01-06T{ends}:00Z",
            "user": {"id": name},
        }
        for name, begins, ends in (("Y", "12:00", "16:00"), ("X", "10:00", "14:00"))
    ]
    found = read("pagerduty", tmp_path, layers(layer("L", "A"), overrides=overrides))
    assert turns(found, *DAY) == [
        ("06 00:00", "A"),
        ("06 10:00", "X"),
        ("06 14:00", "Y"),
        ("06 16:00", "A"),
    ]
    assert codes(found) == {"override.overlaps"}


def test_overrides_are_read_from_what_they_come_to_where_nothing_else_is_there(tmp_path: Path):
    entry = {"start": "2026-01-06T10:00:00Z", "end": "2026-01-06T11:00:00Z", "user": {"id": "X"}}
    files = layers(layer("L", "A"), overrides_subschedule={"rendered_schedule_entries": [entry]})
    del files["schedules/S.overrides.json"]
    assert ("06 10:00", "X") in turns(read("pagerduty", tmp_path, files), *DAY)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"rotation_turn_length_seconds": 0}, "length.invalid"),
        ({"rotation_turn_length_seconds": None}, "length.invalid"),
        ({"rotation_virtual_start": "soon"}, "time.invalid"),
        ({"rotation_virtual_start": "9999-12-31T00:00:00Z"}, "time.invalid"),
        ({"restrictions": [{"type": "monthly_restriction"}]}, "restriction.unknown"),
        (
            {"restrictions": [{"type": "daily_restriction", "start_time_of_day": "10:00:00"}]},
            "restriction.invalid",
        ),
    ],
)
def test_what_cannot_be_worked_out_is_named_and_nothing_is_guessed(tmp_path, fields, code):
    found = read("pagerduty", tmp_path, layers(layer(**fields)))
    assert found.schedules == []
    assert [(each.code, each.fault) for each in found.marks] == [(code, True)]


def test_a_schedule_in_no_zone_that_there_is_does_not_hide_the_others(tmp_path: Path):
    files = layers(layer(), time_zone="Mars/Olympus")
    found = read("pagerduty", tmp_path, {**files, **events(event())})
    assert [each.id for each in found.schedules] == ["V"]
    assert codes(found) == {"time_zone.unknown"}


def test_a_layer_without_people_has_nobody_and_says_so(tmp_path: Path):
    found = read("pagerduty", tmp_path, layers(layer(users=[]), layer("below", "B")))
    assert turns(found, *DAY) == [("06 00:00", "B")]
    assert codes(found) == {"layer.no_people"}


def test_a_layer_that_only_an_earlier_answer_has_stands_where_it_stood_there(tmp_path: Path):
    files = layers(layer("gone", "G", end="2026-01-06T12:00:00Z"), layer("L", "A"))
    files["schedules/S.2026-02-01.json"] = {
        "schedule": {**files["schedules/S.2026-01-05.json"]["schedule"]}
    }
    files["schedules/S.2026-02-01.json"]["schedule"]["schedule_layers"] = [layer("L", "A")]
    found = read("pagerduty", tmp_path, files)
    assert turns(found, *DAY) == [("06 00:00", "G"), ("06 12:00", "A")]


def test_a_schedule_that_is_listed_and_not_exported_is_named(tmp_path: Path):
    files = layers(layer())
    files["schedules.json"]["schedules"].append({"id": "T", "name": "other"})
    files["schedules.json"]["more"] = True
    found = read("pagerduty", tmp_path, files)
    assert codes(found) == {"schedule.missing", "list.incomplete"}


def test_fields_that_are_not_read_are_listed(tmp_path: Path):
    found = read("pagerduty", tmp_path, layers(layer(cover="all")))
    assert [(each.code, each.of) for each in found.marks] == [("field.unknown", "layer L1")]


def test_a_z_behind_the_time_of_an_event_is_the_wall_clock(tmp_path: Path):
    found = read("pagerduty", tmp_path, events(event("A")))
    assert turns(found, *DAY) == [("06 00:00", "-"), ("06 14:00", "A"), ("06 22:00", "-")]


def test_since_when_an_event_counts_is_utc(tmp_path: Path):
    found = read("pagerduty", tmp_path, events(event("A", effective_since="2026-01-06T15:00:00Z")))
    assert turns(found, *DAY) == [("06 00:00", "-"), ("06 15:00", "A"), ("06 22:00", "-")]


def test_members_take_so_many_shifts_one_after_another_and_nobody_takes_some(tmp_path: Path):
    strategy = event("A - B")["assignment_strategy"] | {"shifts_per_member": 2}
    found = read("pagerduty", tmp_path, events(event(assignment_strategy=strategy)))
    assert [who for _, who in turns(found, "2026-01-05", "2026-01-11") if who != "-"] == [
        *("A", "A", "B", "B"),
    ]


def test_days_that_are_left_out_and_added_are_kept(tmp_path: Path):
    recurrence = [
        "RRULE:FREQ=DAILY;UNTIL=20260109T000000Z",
        "EXDATE:20260106T090000Z",
        "RDATE;TZID=America/New_York:20260112T090000",
    ]
    found = read("pagerduty", tmp_path, events(event("A", recurrence=recurrence)))
    on = [when for when, who in turns(found, "2026-01-05", "2026-01-15") if who == "A"]
    assert on == ["05 14:00", "07 14:00", "08 14:00"]


@pytest.mark.parametrize("recurrence", [["RRULE:FREQ=SECONDLY"], ["EXRULE:FREQ=DAILY"]])
def test_a_recurrence_that_is_not_known_is_named(tmp_path: Path, recurrence: list[str]):
    found = read("pagerduty", tmp_path, events(event(recurrence=recurrence)))
    assert [(each.code, each.fault) for each in found.marks] == [("recurrence.unknown", True)]


def test_an_override_of_a_rotation_takes_the_place_of_one_member(tmp_path: Path):
    strategy = {"type": "every_member_assignment_strategy"}
    strategy["members"] = event("A B")["assignment_strategy"]["members"]
    override = {
        "id": "O",
        "rotation_id": "R",
        "start_time": "2026-01-06T15:00:00Z",
        "end_time": "2026-01-06T16:00:00Z",
        "overridden_member": {"type": "user_member", "user_id": "A"},
        "overriding_member": {"type": "user_member", "user_id": "X"},
    }
    files = events(event(assignment_strategy=strategy), overrides=[override])
    assert turns(read("pagerduty", tmp_path, files), *DAY)[1:4] == [
        ("06 14:00", "A B"),
        ("06 15:00", "B X"),
        ("06 16:00", "A B"),
    ]


def test_a_vacant_turn_can_be_filled_and_a_turn_be_left_vacant(tmp_path: Path):
    nobody, somebody = {"type": "empty_member"}, {"type": "user_member", "user_id": "X"}
    times = [
        (
            "2026-01-05T14:00:00Z",
            "2026-01-05T22:00:00Z",
            {"type": "user_member", "user_id": "A"},
            nobody,
        ),
        ("2026-01-06T14:00:00Z", "2026-01-06T22:00:00Z", nobody, somebody),
    ]
    overrides = [
        {
            "start_time": begins,
            "end_time": ends,
            "overridden_member": leaves,
            "overriding_member": takes,
            "rotation_id": "R",
        }
        for begins, ends, leaves, takes in times
    ]
    found = read("pagerduty", tmp_path, events(event("A -"), overrides=overrides))
    assert turns(found, "2026-01-05", "2026-01-07") == [
        ("05 00:00", "-"),
        ("06 14:00", "X"),
        ("06 22:00", "-"),
    ]
