"""Rotations and shifts with known answers: hand-offs through changes of the clocks, and who was and
will be on call by rules, overrides and a record of the past.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.oncall.duties import duties
from domain.oncall.layer import DAY, Layer, Recurring, Restriction, Turns
from domain.oncall.schedule import Schedule
from domain.oncall.shifts import shifts
from domain.oncall.wall_clock import instant_of, wall_of

pytestmark = pytest.mark.realdata

DATA = Path(__file__).resolve().parents[4] / "shared/data/schedules"
UNITS = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": 7 * DAY}
ZONES = {"time.UTC": "UTC", "central": "America/Chicago"}


def cases(file: str) -> list[Any]:
    path = DATA / file
    return json.loads(path.read_text())["cases"] if path.exists() else []


def id_of(case: dict[str, Any]) -> str:
    return case.get("name") or f"{case['kind']}-{case['timezone']}"


@pytest.fixture(autouse=True)
def _present():
    if not DATA.exists():
        pytest.skip(f"{DATA} is absent")


def when(text: str, zone: str) -> datetime:
    """A time of a case, which has an offset, or the words of the zone's wall clock."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return instant_of(datetime.strptime(text, "%b %d %Y %I:%M %p"), zone)  # noqa: DTZ007


def rotation(case: dict[str, Any], people: tuple[str, ...] = ("a", "b")) -> Layer:
    zone, given = case["timezone"], case.get("rotation", case)
    many, kind = given["shift_length"], given.get("type", "daily")
    anchor = wall_of(when(given["start_local"], zone), zone)
    length = UNITS.get(kind, DAY) * many
    months = many if kind == "monthly" else 0
    turns = Turns(anchor=anchor, length=length, months=months)
    return Layer(id="r", zone=zone, pattern=turns, groups=tuple((each,) for each in people))


def end_of(case: dict[str, Any], at: datetime) -> datetime:
    """When the turn ends that is on at an instant."""
    found = duties(rotation(case), at - 32 * DAY, at + 64 * DAY)
    return next(each.ends for each in found if each.begins <= at < each.ends)


@pytest.mark.parametrize("case", cases("goalert_rotation_cases.json"), ids=id_of)
def test_a_rotation_hands_off_as_it_is_known_to(case: dict[str, Any]):
    zone = case["timezone"]
    if case["kind"] == "handoffs":
        start, stop = when(case["walk_from"], zone), when(case["walk_to"], zone)
        found = {each.begins for each in duties(rotation(case), start - 40 * DAY, stop + 40 * DAY)}
        known = [
            datetime.strptime(each.rsplit(" ", 1)[0], "%Y-%m-%d %H:%M:%S %z")
            for each in case["expected_handoffs"]
        ]
        assert [each for each in sorted(found) if known[0] <= each <= known[-1]] == known
        return
    at = when(case.get("at") or case.get("at_local") or case["start_local"], zone)
    ends = end_of(case, at)
    if "expected_duration_hours" in case:
        assert ends - at == timedelta(hours=case["expected_duration_hours"])
    expected = case.get("expected_end") or case.get("expected_end_local", "")
    if expected.startswith("2 hours after"):
        assert ends - at == timedelta(hours=2)
    else:
        assert ends == when(expected, zone)


@pytest.mark.parametrize("case", cases("goalert_calculate_shifts_cases.json"), ids=id_of)
def test_shifts_are_those_that_are_known(case: dict[str, Any]):
    since, until = (datetime.fromisoformat(case[name]) for name in ("from", "to"))
    state = case["state"]
    past = [record(each, state) for each in state.get("history", ())]
    opens = min([since, *(begins for begins, _, _ in past)])
    schedule = Schedule(
        id="s",
        name="s",
        zone="UTC",
        layers=(
            *(once(f"h{number}", *each) for number, each in enumerate(past)),
            *(
                layer
                for number, each in enumerate(state["rules"])
                for layer in rules(number, each, state)
            ),
            *(
                once(
                    f"o{number}",
                    *(moment(each[name]) for name in ("Start", "End")),
                    each["AddUserID"],
                )
                for number, each in enumerate(state.get("overrides", ()))
            ),
        ),
    )
    turns = turns_of_each(schedule, opens, until)
    known = [
        (moment(each["Start"]), moment(each["End"]), each["UserID"])
        for each in case["expected_shifts"]
    ]
    assert sorted(each for each in turns if each[1] > since) == sorted(known)


def turns_of_each(
    schedule: Schedule, since: datetime, until: datetime
) -> list[tuple[datetime, datetime, str]]:
    """The shifts person by person, each as long as it goes on."""
    found: list[tuple[datetime, datetime, str]] = []
    for shift in shifts(schedule, since, until):
        for person in shift.people:
            on = [each for each in found if each[1:] == (shift.begins, person)]
            for each in on:
                found.remove(each)
            found.append((on[0][0] if on else shift.begins, shift.ends, person))
    return found


def moment(text: str) -> datetime:
    """Whole minutes, as the record counts."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(second=0)


def record(entry: dict[str, Any], state: dict[str, Any]) -> tuple[datetime, datetime, str]:
    """Who was on call; without an end until now."""
    return moment(entry["Start"]), moment(entry.get("End") or state["now"]), entry["UserID"]


def once(name: str, begins: datetime, ends: datetime, person: str) -> Layer:
    start = begins.replace(tzinfo=None)
    shift = Recurring(start=start, length=ends - begins)
    return Layer(id=name, zone="UTC", pattern=shift, groups=((person,),))


def rules(number: int, rule: dict[str, Any], state: dict[str, Any]) -> list[Layer]:
    """A rule of a schedule: on these weekdays, counted from Sunday, from now on."""
    wanted, zone = rule["Rule"], ZONES[state["loc"]]
    opens, closes = (
        datetime.strptime(wanted[name], "%H:%M")  # noqa: DTZ007
        for name in ("Start", "End")
    )
    length = (closes - opens) % DAY or DAY
    restrictions = tuple(
        Restriction(at=opens.time(), length=length, weekday=day or 7)
        for day, on in enumerate(wanted["WeekdayFilter"])
        if on
    )
    begins = moment(state["now"]) if "now" in state else None
    turns, people, first = Turns(anchor=datetime(2018, 1, 1), length=DAY), [], 0  # noqa: DTZ001
    if "Rotation" in rule:
        held = rule["Rotation"]
        people, first = held["Users"], held["CurrentIndex"]
        anchor = wall_of(moment(held["CurrentStart"]), zone)
        turns = Turns(anchor=anchor, length=DAY * held["Rotation"]["ShiftLength"])
    else:
        people = [wanted["Target"]["UserTarget"]]
    return [
        Layer(
            id=f"r{number}",
            zone=zone,
            pattern=turns,
            groups=tuple((each,) for each in people),
            group=first,
            begins=begins,
            restrictions=restrictions,
        )
    ]
