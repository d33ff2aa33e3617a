"""Shifts as a calendar that is subscribed to (RFC 5545, RFC 7986)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from adapters.calendar_lines import calendar, calendar_text, calendar_time
from handlers.entrance.duty_calendar import CalendarShift, DutyCalendar

REFRESH = timedelta(hours=1)
"""So often a calendar is asked to look again."""


def duty_calendar(found: DutyCalendar) -> str:
    """All shifts as events, gaps among them as events in which nobody is on call."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commandpost//On-call//EN",
        "METHOD:PUBLISH",
        f"NAME:{calendar_text(found.name)}",
        f"X-WR-CALNAME:{calendar_text(found.name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{REFRESH // timedelta(hours=1)}H",
    ]
    if found.missing:
        said = f"Not in it, for their turns are too many to be laid out: {', '.join(found.missing)}"
        lines.append(f"X-WR-CALDESC:{calendar_text(said)}")
    for each in found.shifts:
        lines += _event(each, found.at)
    return calendar([*lines, "END:VCALENDAR"])


def _event(shift: CalendarShift, at: datetime) -> Iterator[str]:
    begins, ends = calendar_time(shift.begins), calendar_time(shift.ends)
    who = ", ".join(shift.names) or "Nobody"
    yield "BEGIN:VEVENT"
    # One that moves is another one: by its beginning it stays the same as others come and go.
    yield f"UID:{shift.schedule}-{begins}@commandpost"
    yield f"DTSTAMP:{calendar_time(at)}"
    yield f"DTSTART:{begins}"
    yield f"DTEND:{ends}"
    yield f"SUMMARY:{calendar_text(f'{who}: {shift.schedule_name}')}"
    if not shift.names:
        yield f"DESCRIPTION:{calendar_text('Nobody is on call by this schedule then.')}"
    # Being on call is no reason to be taken for busy.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
