"""The times that a report of Google Cloud states in its text, where they leave no doubt.

A report says, in local time of the US Pacific coast:

    (All Times US/Pacific)
    **Incident Start:** 29 June 2022 13:54
    **Incident End:** 29 June 2022 15:59
    **Duration:** 2 hours, 5 minutes

It counts only as a whole: one start, one end, one duration, which agree. Where a report has
several windows, such as that of a rollout, the lines labelled *Incident* win. So a local time that
exists twice or not at all, a mistyped hour, or two impacts in one report give no answer.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")

_FIELD = re.compile(
    r"^[\s*_#-]*((?:[a-z]+[ ]+){0,2})(start|end|duration)(?:[ ]+time)?"
    r"[\s*_]*:[\s*_]*(\S.*?)[\s*_]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ALL_PACIFIC = re.compile(r"all times (?:are )?(?:in )?(?:US/)?Pacific", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{1,2}) ([A-Za-z]{3,9}) (20\d{2}),? (\d{1,2}):(\d{2})(?: (US/Pacific|P[SD]?T))?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AMOUNT = re.compile(r"(\d+)\s*(days?|hours?|hrs?|minutes?|mins?)\b", re.IGNORECASE)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


class StatedTimes(NamedTuple):
    """When a report says that the impact began and ended, in UTC, with its words."""

    start: datetime
    end: datetime
    quote: str


def stated_times(text: str) -> StatedTimes | None:
    """The times that the text states, None where it states none or leaves doubt."""
    start, end = _stated(text, "start"), _stated(text, "end")
    if start is None or end is None:
        return None
    zoned = _ALL_PACIFIC.search(text) is not None
    began, ended = (local_time(words, zoned=zoned) for words in (start, end))
    if began is None or ended is None:
        return None
    for words in _fields(text, "duration"):
        if duration(words) == ended - began:
            return StatedTimes(began, ended, f"{start} to {end} US/Pacific, {words}")
    return None


def _stated(text: str, name: str) -> str | None:
    """The one value of a field; None where there are none, or several impacts: which is meant?"""
    found = _fields(text, name)
    return found[0] if len(found) == 1 else None


def _fields(text: str, name: str) -> list[str]:
    """The values of a field: those labelled *Incident*, else those without a label."""
    found = [it for it in _FIELD.finditer(text) if it[2].lower() == name]
    labelled = [it[3] for it in found if it[1].strip().lower() == "incident"]
    return labelled or [it[3] for it in found if not it[1].strip()]


def local_time(words: str, *, zoned: bool) -> datetime | None:
    """The instant, in UTC, of a local time such as `8 May 2022 23:24 PT`. `zoned`: the text names
    the zone elsewhere. None: no zone, no such date, or a local time that was skipped or repeated.
    """
    matched = _TIME.fullmatch(words)
    if matched is None or not (zoned or matched[6]):
        return None
    month = matched[2][:3].lower()
    if month not in _MONTHS:
        return None
    try:
        local = datetime(
            int(matched[3]),
            _MONTHS.index(month) + 1,
            int(matched[1]),
            int(matched[4]),
            int(matched[5]),
            tzinfo=PACIFIC,
        )
    except ValueError:
        return None
    named = matched[6] if matched[6] in {"PST", "PDT"} else None
    readings = {
        reading.astimezone(UTC)
        for reading in (local.replace(fold=0), local.replace(fold=1))
        if named in {None, reading.tzname()} and _exists(reading)
    }
    return readings.pop() if len(readings) == 1 else None


def _exists(reading: datetime) -> bool:
    """Whether clocks showed it, or skipped it when summer time began."""
    shown = reading.astimezone(UTC).astimezone(PACIFIC)
    return shown.replace(tzinfo=None, fold=0) == reading.replace(tzinfo=None, fold=0)


def duration(words: str) -> timedelta | None:
    """The length of `2 days, 20 hours, 31 minutes`; None when there are other words in it."""
    rest = _AMOUNT.sub("", words)
    amounts = _AMOUNT.findall(words)
    if not amounts or re.sub(r"\band\b|[\s,.]", "", rest):
        return None
    return sum((int(count) * _UNITS[unit[0].lower()] for count, unit in amounts), timedelta())
