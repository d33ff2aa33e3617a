"""The text of the bars says what they show, day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from adapters.status_page.bars import STEP, TOLD_DAYS, bars
from adapters.status_page.labels import day
from domain.status_page.components import Condition, Day
from support.public_incidents import public

FIRST = date(2026, 4, 1)
QUIET, DOWN = Condition.OPERATIONAL, Condition.MAJOR_OUTAGE


def row(looks: str) -> list[Day]:
    """`?` without data, `.` quiet, `x` with an incident."""
    found = []
    for place, each in enumerate(looks):
        worst = {"?": None, ".": QUIET, "x": DOWN}[each]
        incidents = (public(place + 1),) if each == "x" else ()
        found.append(Day(date=FIRST + timedelta(days=place), worst=worst, incidents=incidents))
    return found


@given(st.text("?.x", min_size=1, max_size=40))
def test_each_day_is_drawn_once_and_told_as_it_is_drawn(looks: str):
    days = row(looks)
    shown = bars(days)
    places = {
        int(bar.partition(" ")[0]) // STEP: shape.tip
        for shape in shown.shapes
        for bar in shape.path.split("M")[1:]
    }
    assert sorted(places) == list(range(len(days)))
    for place, each in enumerate(looks):
        kind = {"?": "No data", ".": "No incidents"}.get(each, f"{day(days[place].date)}: major")
        assert places[place].startswith(kind)
    affected = looks.count("x")
    assert shown.summary.count("major outage") == min(affected, TOLD_DAYS)
    assert ("no data" in shown.summary.lower()) is ("?" in looks)


def test_every_stretch_without_data_is_named():
    assert bars(row("??..")).summary == "Last 4 days: no incidents. No data before 3 Apr 2026."
    assert bars(row("?x???.?.")).summary == (
        "Last 8 days: 2 Apr 2026: major outage (INC-2)."
        " No data before 2 Apr 2026, from 3 Apr 2026 to 5 Apr 2026 and on 7 Apr 2026."
    )
    assert bars(row("???")).summary == "Last 3 days: no data."
