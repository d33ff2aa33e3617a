"""The wall clock of a time zone, and the one rule for every question about it.

The rule is that of a clock which never goes back: it jumps over the hour that is skipped in spring,
and stands still in the hour that is repeated in autumn. What is due at a time that it skips is due
at the next instant that there is; what is due at a time that comes twice is due the first time. So
09:00 stays 09:00, and a night of ten hours has nine or eleven when the clocks are changed in it.

A wall-clock time is a `datetime` without a zone, an instant is one in UTC.
"""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from whenever import PlainDateTime, RepeatedTime, SkippedTime, TimeZoneNotFoundError


@lru_cache(maxsize=1 << 14)
def instant_of(wall: datetime, zone: str) -> datetime:
    """The first instant at which the clock of a zone shows this time or a later one."""
    plain = PlainDateTime(wall)
    try:
        return plain.assume_tz(zone, disambiguation="raise").to_instant().to_stdlib()
    except RepeatedTime:
        return plain.assume_tz(zone, disambiguation="earlier").to_instant().to_stdlib()
    except SkippedTime:
        # Behind the gap, the clock shows what it would have shown: the gap lies between both.
        before = plain.assume_tz(zone, disambiguation="earlier")
        jump = before.next_transition()
        assert jump is not None
        return jump.to_instant().to_stdlib()


def wall_of(instant: datetime, zone: str) -> datetime:
    """What the clock of a zone shows then."""
    return instant.astimezone(_rules(zone)).replace(tzinfo=None, fold=0)


def is_zone(name: str) -> bool:
    """Whether it names a time zone of the IANA database."""
    try:
        PlainDateTime(2000, 1, 1).assume_tz(name, disambiguation="earlier")
        _rules(name)  # both that read zones know it: one of them takes a name in any case
    except (TimeZoneNotFoundError, ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=256)
def _rules(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def is_instant(value: datetime) -> bool:
    return value.utcoffset() is not None
