"""Texts: times and spans for people, and what those of others may not hold: line breaks of other
systems, and characters that steer.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

TURNING = "\u202a-\u202e\u2066-\u2069"
"""What turns the direction of reading also of what stands behind it (Unicode Technical Report 36,
2.5), as a part of a class of characters. Marks of direction, and joiners, as in words of Persian
and in emoji, do not.
"""
UNCLEAN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029{TURNING}\ud800-\udfff]")
"""What `clean` changes."""
_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_STEERING = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{TURNING}\ud800-\udfff]")


def clock(at: datetime) -> str:
    """A time for people: `2018-10-21 22:52 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def clock_s(at: datetime) -> str:
    """The same to the second: `2018-10-21 22:52:07 UTC`."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def duration(span: timedelta) -> str:
    """Hours and minutes, as people say it: `24 h 11 min`; seconds only below a minute."""
    seconds = int(abs(span.total_seconds()))
    sign = "-" if seconds and span < timedelta() else ""
    if seconds < 60:
        return f"{sign}{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{sign}{hours} h {minutes} min" if hours else f"{sign}{minutes} min"


def countdown(due_at: datetime, now: datetime) -> str:
    """How far away a time is: `in 4 min`, `overdue by 12 min`."""
    ahead = duration(abs(due_at - now))
    return f"in {ahead}" if due_at >= now else f"overdue by {ahead}"


def span(seconds: float) -> str:
    """`15 min`."""
    return duration(timedelta(seconds=seconds))


def behind_colon(text: str | None) -> str:
    """`: so it was`, or nothing where nothing is said."""
    return f": {text}" if text else ""


def enumerated(words: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`: of one at least."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def in_lines(text: str) -> str:
    """The text with `\n` for every line break that there is: Windows writes `\r\n`, others `\r`."""
    return _BREAK.sub("\n", text)


def clean(text: str) -> str:
    """The text with `\\n` for every line break there is, and without the other control characters,
    which terminals obey, and which XML, HTML and PostgreSQL cannot hold, nor those that turn the
    direction of reading.
    """
    return _STEERING.sub("", in_lines(text))
