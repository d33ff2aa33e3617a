"""Times as machines write them: seconds, milliseconds, micro- or nanoseconds since 1970, as numbers
or as texts, and whatever is nearly RFC 3339.
"""

import re
from datetime import UTC, datetime

from handlers.ingest.reports import UnusableError, line, moment

_NUMBER = re.compile(r"[0-9]{9,19}(\.[0-9]+)?")
_DOTTED = re.compile(r"(\d{4})[./](\d{1,2})[./](\d{1,2})")
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (float("inf"), 1e9))
"""A number below the first is in so many to the second: until the year 5138, which is so for each
unit from 1973 on.
"""


def instant(value: object) -> datetime | None:
    """A time in UTC; without a zone it is taken to be in UTC. None for none. Raises
    `UnusableError`.
    """
    if isinstance(value, str):
        value = value.strip()
        if _NUMBER.fullmatch(value):
            value = float(value) if "." in value else int(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_number(value)
    if isinstance(value, str):
        # `2026.02.03 04:05:06`, as Zabbix writes it
        value = _DOTTED.sub(lambda it: f"{it[1]}-{it[2]:0>2}-{it[3]:0>2}", value, count=1)
        value = value.removesuffix(" UTC").removesuffix(" GMT")
    return moment(value)


def _of_number(value: float) -> datetime | None:
    if value <= 0:
        return None
    try:
        unit = next(per_s for below, per_s in _UNITS if value < below)
        if isinstance(value, int):
            seconds, rest = divmod(value, int(unit))
            micros = round(rest * 1_000_000 / unit)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=min(micros, 999_999))
        return datetime.fromtimestamp(value / unit, UTC)
    except (OverflowError, ValueError, OSError, StopIteration) as error:
        raise UnusableError("occurred_at.unusable", f"not a time: {line(value)!r}") from error
