"""Texts: a time for people, and what those of others may not hold: line breaks of other systems,
and characters that steer.
"""

import re
from datetime import datetime

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


def in_lines(text: str) -> str:
    """The text with `\n` for every line break that there is: Windows writes `\r\n`, others `\r`."""
    return _BREAK.sub("\n", text)


def clean(text: str) -> str:
    """The text with `\\n` for every line break there is, and without the other control characters,
    which terminals obey, and which XML, HTML and PostgreSQL cannot hold, nor those that turn the
    direction of reading.
    """
    return _STEERING.sub("", in_lines(text))
