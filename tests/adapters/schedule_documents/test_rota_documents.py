"""Schedules as pictures and as calendars: who, when, and the times that nobody has."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from adapters.schedule_documents.duty_calendar import duty_calendar
from adapters.schedule_documents.rota_page import rota_page
from adapters.schedule_documents.rota_picture import in_words, rota_svg, table
from domain.oncall.shifts import Shift
from handlers.entrance.duty_calendar import CalendarShift, DutyCalendar
from handlers.entrance.rota_picture import RotaPicture

SINCE = datetime(2026, 10, 24, 7, tzinfo=UTC)
DAY = timedelta(days=1)
NAME = "Ada <Lovelace> & Söhne"


def rota(*turns: str, zone: str = "Europe/Berlin") -> RotaPicture:
    """A turn of a day each; `-` is nobody's."""
    shifts = tuple(
        Shift(SINCE + place * DAY, SINCE + (place + 1) * DAY, () if who == "-" else (who,))
        for place, who in enumerate(turns)
    )
    names = {who: NAME if who == "ada" else who for who in turns if who != "-"}
    return RotaPicture("Payments", zone, SINCE, SINCE + len(turns) * DAY, shifts, names)


def test_the_picture_says_in_words_who_has_how_much_and_whether_there_are_gaps():
    said = in_words(rota("ada", "-", "grace", "ada"))
    assert f"{NAME} is on call 2 times, for 48 h." in said
    assert "Nobody is on call once, for 24 h." in said
    assert "There are no gaps." in in_words(rota("ada"))


def test_it_is_an_image_that_programs_can_read_out_and_no_name_becomes_markup():
    root = ET.fromstring(rota_svg(rota("ada", "-")))
    parts = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert {"title", "desc", "rect"} <= parts
    assert "Lovelace" not in parts
    tips = [each.text or "" for each in root.iter() if each.tag.endswith("title")]
    assert any(tip.startswith(f"{NAME}: Sat 24 Oct 2026 09:00 +0200") for tip in tips)
    assert any(tip.startswith("Nobody: ") for tip in tips)


def test_the_table_has_what_the_clock_on_the_wall_shows_on_both_sides_of_its_change():
    rows = list(table(rota("ada", "grace")))
    assert rows[0] == ("Sat 24 Oct 2026 09:00 +0200", "Sun 25 Oct 2026 08:00 +0100", NAME)


def test_a_page_has_the_picture_its_words_and_the_table():
    page = rota_page(rota("ada", "-"))
    assert "<svg" in page
    assert "<td>Nobody</td>" in page
    assert "<Lovelace>" not in page


@pytest.mark.parametrize("turns", [1, 400])
def test_any_window_has_a_few_days_named(turns: int):
    root = ET.fromstring(rota_svg(rota(*["ada"] * turns)))
    lines = [each for each in root.iter() if each.tag.endswith("line")]
    assert 1 <= len(lines) <= 15


def test_nobody_at_all_is_a_picture_too():
    empty = RotaPicture("Payments", "UTC", SINCE, SINCE + DAY, (), {})
    ET.fromstring(rota_svg(empty))


def unfolded(text: str) -> list[str]:
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_a_calendar_has_an_event_for_each_shift_and_says_where_nobody_is_on_call():
    shifts = (
        CalendarShift(
            "payments", "Payments, day; night", SINCE, SINCE + DAY, ("Ada" * 30, "Grace")
        ),
        CalendarShift("payments", "Payments", SINCE + DAY, SINCE + 2 * DAY, ()),
    )
    lines = unfolded(duty_calendar(DutyCalendar("On call: Payments", SINCE, shifts)))
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert f"SUMMARY:{'Ada' * 30}\\, Grace: Payments\\, day\\; night" in lines
    assert "SUMMARY:Nobody: Payments" in lines
    assert "DTSTART:20261024T070000Z" in lines
    assert len({line for line in lines if line.startswith("UID:")}) == 2
