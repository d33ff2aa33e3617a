"""Times as products write them: RFC 3339, since 1970, and as others print them."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from domain.kernel.commit import EPOCH

UNIT_PER_SECOND = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
"""Below which number a time since 1970 is in seconds, milli-, micro- or nanoseconds."""
EARLIEST_S = 10**8
"""A smaller number, before 1973, is no time but a number."""
LONGEST_CHARS = 60

_NUMBER = re.compile(r"\d{1,20}(?:\.\d{1,20})?")
_LEAP = re.compile(r"(T|\s)(\d\d:\d\d):60(?=\D|$)", re.IGNORECASE)
_GO = re.compile(r"^(.+?) ?([+-]\d\d:?\d\d)(?: [A-Z]{1,5}| [+-]\d\d)?(?: m=\S+)?$")
"""As Go prints a time: `2026-05-04 12:00:00.5 +0000 UTC`."""
_DOTTED = re.compile(r"^(\d{4})[./](\d{1,2})[./](\d{1,2})(?=\D|$)")
"""As Zabbix writes a day: `2026.02.03`."""
_ZULU = re.compile(r"\s*(?:UTC|GMT|Z)$", re.IGNORECASE)
_MIDNIGHT = re.compile(r"(T|\s)24:00(?=(?::00(?:[.,]0+)?)?(?:[^\d:.,]|$))", re.IGNORECASE)
"""The end of a day, as ISO 8601 may write it."""


def since_1970(value: int | float) -> datetime:
    """A time since 1970 in the unit that its size tells. Raises ValueError."""
    for limit, per_second in UNIT_PER_SECOND:
        if EARLIEST_S <= value < limit:
            if isinstance(value, int):
                seconds, rest = divmod(value, per_second)
                return EPOCH + timedelta(seconds=seconds, microseconds=rest * 10**6 // per_second)
            return EPOCH + timedelta(seconds=value / per_second)
    raise ValueError("no time since 1970")


def as_number(value: object) -> int | float | None:
    """A number, or a text that is one."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        said = value.strip()
        return float(said) if "." in said else int(said)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    return None


def written(said: str) -> datetime:
    """A time of the calendar. Second 60, a leap second, is the first of the next minute, and 24:00
    the beginning of the next day; without a zone it is in UTC. Raises ValueError, OverflowError.
    """
    text = said.strip()
    if len(text) > LONGEST_CHARS:
        raise ValueError("too long for a time")
    text = _DOTTED.sub(lambda day: f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}", text)
    plain, leaps = _LEAP.subn(r"\1\2:59", text)
    plain, midnights = _MIDNIGHT.subn(r"\g<1>00:00", plain)
    found = _calendar(plain)
    found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return found + timedelta(seconds=leaps, days=midnights)


def is_leap(said: str) -> bool:
    """Whether a time has a second 60."""
    return bool(_LEAP.search(said))


def _calendar(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        go = _GO.fullmatch(text)
        for other in (f"{go[1]}{go[2]}" if go else "", _ZULU.sub("Z", text)):
            try:
                return datetime.fromisoformat(other)
            except ValueError:
                continue
    return parsedate_to_datetime(text)
