"""An objective: which share of what is counted has to be good, over which window."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.kernel.months import months_on
from domain.slo.burn_rate import Threshold

_MONTHS = {"M": 1, "Q": 3, "Y": 12}
_FIXED = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST_DAYS = {"m": 1 / 1440, "h": 1 / 24, "d": 1, "w": 7, "M": 31, "Q": 92, "Y": 366}


class Calendar(NamedTuple):
    """Periods that follow one another from a time of the wall clock on, each of so many units
    (`m`, `h`, `d`, `w`, `M`, `Q`, `Y`).
    """

    starts: datetime
    zone: str
    every: int
    unit: str

    def period(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The period that holds an instant, in UTC; None before the first. A month begins on the
        day of the first one, or on its own last day where it is shorter.
        """
        if at < self._nth(0):
            return None
        days = (at - self._nth(0)) / timedelta(days=1)
        n = max(int(days / (_LONGEST_DAYS[self.unit] * self.every)) - 1, 0)
        while self._nth(n + 1) <= at:
            n += 1
        return self._nth(n), self._nth(n + 1)

    def _nth(self, n: int) -> datetime:
        n *= self.every
        if self.unit in _FIXED:
            wall = self.starts + timedelta(**{_FIXED[self.unit]: n})
        else:
            wall = months_on(self.starts, n * _MONTHS[self.unit])
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


class Slices(NamedTuple):
    """Time slices instead of events: one is good where at least `target` of its events are."""

    minutes: int
    target: Fraction


class Objective(NamedTuple):
    """What it is called, its target as a share, its window in minutes, the alerts that it has
    itself (none: those of the field), the calendar that its window follows (None: it rolls), and
    the slices that are counted (None: events are).
    """

    name: str
    target: Fraction
    window_minutes: int
    thresholds: tuple[Threshold, ...] = ()
    calendar: Calendar | None = None
    slices: Slices | None = None
