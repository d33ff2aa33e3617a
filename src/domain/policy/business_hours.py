"""Business days, for what may wait until people are at work (brief: "Next bus. day", "next
standup").
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

DAYS = 7


class BusinessHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When people are at work: `weekdays` by ISO number (1: Monday), `begins` and `ends` by the
    wall clock of `zone` (an IANA name). `standup`: when teams meet on such a day; None: as it
    begins. `backlog`: when they are told what stands in it; None: at the standup.
    """

    zone: str = "UTC"
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    begins: time = time(9)
    ends: time = time(17)
    standup: time | None = None
    backlog: time | None = None

    def __post_init__(self) -> None:
        if not self.weekdays or not all(1 <= day <= DAYS for day in self.weekdays):
            raise ValueError("weekdays: at least one number from 1 (Monday) to 7 (Sunday)")
        if self.begins >= self.ends:
            raise ValueError("begins: it comes before ends")
        self._tzinfo()

    def holds(self, at: datetime) -> bool:
        """Whether people are at work then."""
        local = at.astimezone(self._tzinfo())
        return local.isoweekday() in self.weekdays and self.begins <= local.time() < self.ends

    def next_standup(self, since: datetime) -> datetime:
        """The next one, in UTC: on the day of `since` itself if it is still to come then."""
        clock = self.begins if self.standup is None else self.standup
        today = self._on(since.astimezone(self._tzinfo()).date(), clock)
        return self._next(since, clock) if today is None or today < since else today

    def last_backlog(self, now: datetime) -> datetime:
        """When teams were told last what stands in the backlog, in UTC."""
        clock = self.backlog or self.standup or self.begins
        day = now.astimezone(self._tzinfo()).date()
        while (found := self._on(day, clock)) is None or found > now:
            day -= timedelta(days=1)
        return found

    def next_end(self, after: datetime) -> datetime:
        """The end of the next business day behind the day of `after`, in UTC."""
        return self._next(after, self.ends)

    def _next(self, after: datetime, clock: time) -> datetime:
        zone = self._tzinfo()
        day = after.astimezone(zone).date() + timedelta(days=1)
        while (found := self._on(day, clock)) is None:
            day += timedelta(days=1)
        return found

    def _on(self, day: date, clock: time) -> datetime | None:
        """That time of a day, in UTC; None: it is no business day."""
        if day.isoweekday() not in self.weekdays:
            return None
        return datetime.combine(day, clock, self._tzinfo()).astimezone(UTC)

    def _tzinfo(self) -> tzinfo:
        if self.zone == "UTC":
            return UTC  # needs no time zone database, which small machines lack
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"zone: there is no time zone {self.zone}") from error
