"""Durations, windows and calendars of OpenSLO."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.openslo.fields import Field

_DURATION = re.compile(r"([0-9]+)([mhdwMQY])")
UNITS = "m, h, d, w, M (months), Q or Y"
_START = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)


def check_duration(field: Field, *, required: bool = False, zero: bool = False) -> None:
    """A whole number and a unit; a letter of the other case is another unit, so nothing is guessed.
    `zero` may only be what is waited for, no window.
    """
    found = field.text(required=required)
    if found is None:
        return
    matched = _DURATION.fullmatch(found)
    if not matched:
        field.wrong("duration", f"{found!r} is not a whole number and one of {UNITS}")
    elif not zero and not int(matched[1]):
        field.wrong("duration", "a duration of nothing holds no event")


def check_slice_window(field: Field, *, required: bool) -> None:
    """The length of a time slice: a duration, or a number of minutes."""
    if isinstance(field.value, int) and not isinstance(field.value, bool):
        field.within("[1, inf)")
    else:
        check_duration(field, required=required)


def check_rolling(window: Field) -> None:
    """A window either rolls or follows a calendar, and the calendar says from when on."""
    rolls, calendar = window.at("isRolling").flag(), window.at("calendar")
    if rolls and calendar:
        window.wrong("exclusive", "a calendar is there, and isRolling is true")
    elif rolls is not None and not rolls and not calendar:
        window.wrong("exclusive", "isRolling is false, and no calendar says when it begins")
    elif not window.at("isRolling") and not calendar:
        window.wrong("exclusive", "either isRolling is true, or a calendar says when it begins")
    if calendar.mapping(("startTime", "timeZone")):
        _check_start(calendar.at("startTime"))
        check_zone(calendar.at("timeZone"))


def check_zone(field: Field) -> None:
    """A name of the IANA database."""
    found = field.text(required=True)
    if found is None:
        return
    try:
        ZoneInfo(found)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        field.wrong("time_zone", f"{found!r} is no name of the IANA time zone database")


def _check_start(field: Field) -> None:
    found = field.text(required=True)
    if found is None:
        return
    try:
        is_time = bool(_START.fullmatch(found)) and bool(datetime.fromisoformat(found))
    except ValueError:
        is_time = False
    if not is_time:
        field.wrong("date_time", f"{found!r} is no time written as 2022-01-01 12:00:00")
