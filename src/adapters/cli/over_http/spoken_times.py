"""Times as people write them: `2026-11-26 20:00`, `yesterday 9:00`, `10m` (ten minutes ago), or
with a zone as programs do. What names no zone is meant as the clock of this machine shows it, and
is read back in UTC.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from adapters.cli.over_http.failures import USAGE, CommandFailed

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_AGO = re.compile(r"((?:[0-9]{1,5}\s*[smhdw]\s*)+)(?:\s*ago)?")
_PART = re.compile(r"([0-9]+)\s*([smhdw])")
_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_LOCAL = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ]\s*([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?))?"
)
_ZONED = re.compile(r".*(?:[Zz]|[+-][0-9]{2}:?[0-9]{2}|\bUTC)")
EXAMPLES = "2026-11-26T20:00:00Z, 2026-11-26 20:00, yesterday 20:00, 20:00, 10m"


def moment(text: str, now: datetime, say: Callable[[str], None]) -> str:
    """The time in RFC 3339, in UTC where this machine's zone had to be taken; of which it is `say`d
    how it was read. `now` has the zone of this machine. Raises `CommandFailed`.
    """
    given = text.strip()
    if _ZONED.fullmatch(given):
        return _with_zone(given)
    if given.lower() == "now":
        return _utc(now)
    if found := _AGO.fullmatch(given.lower()):
        spans = (int(number) * _UNITS[unit] for number, unit in _PART.findall(found[1]))
        return _utc(now - sum(spans, timedelta()))
    at = _local(given.lower(), now)
    if at is None:
        raise CommandFailed(USAGE, f"{text!r} is no time: write one like {EXAMPLES}")
    read = _in_zone(at, text)
    said = _utc(read)
    if read.utcoffset():
        say(f"{text} is read as {said} ({read.tzname()})")
    return said


def _with_zone(given: str) -> str:
    """With a zone, as it is, but for spaces instead of `T`, and `UTC` instead of `Z`."""
    plain = re.sub(r"\s*UTC$", "Z", given)
    return re.sub(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}) +", r"\1T", plain)


def _local(given: str, now: datetime) -> datetime | None:
    """On the clock of this machine, without its zone."""
    day, _, clock = given.partition(" ")
    if day in _DAYS:
        on = now.date() + timedelta(days=_DAYS[day])
        at = _clock(clock.strip()) if clock.strip() else time()
        return None if at is None else datetime.combine(on, at)
    if (at := _clock(given)) is not None:
        return datetime.combine(now.date(), at)
    found = _LOCAL.fullmatch(given)
    if found is None:
        return None
    try:
        hour = (found[2] or "0:00").rjust(5, "0") if ":" in (found[2] or "0:00")[:2] else found[2]
        return datetime.fromisoformat(f"{found[1]}T{hour or '00:00'}")
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return None


def _in_zone(at: datetime, text: str) -> datetime:
    """The instant that the clock of this machine shows so; where it does twice, the first."""
    read = at.astimezone()
    if read.replace(tzinfo=None) != at:
        raise CommandFailed(USAGE, f"{text} is skipped by the clock of this machine: give a zone")
    return read


def _utc(at: datetime) -> str:
    said = at.astimezone(UTC).isoformat(timespec="microseconds" if at.microsecond else "seconds")
    return said.replace("+00:00", "Z")
