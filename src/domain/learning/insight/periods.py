"""Quarters and weeks, in UTC: from when to when they are, and which one comes before."""

import re
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from domain.learning.trends import period_of

ReviewPeriod = Literal["quarter", "week"]
_QUARTER, _WEEK = re.compile(r"(\d{4})-Q([1-4])"), re.compile(r"(\d{4})-W(\d\d)")


class Span(msgspec.Struct, frozen=True):
    """A period by its `name` (`2026-Q3`, `2026-W31`), from `since` until before `until`."""

    name: str
    since: datetime
    until: datetime

    def holds(self, at: datetime | None) -> bool:
        """Whether a time lies in it."""
        return at is not None and self.since <= at < self.until

    @property
    def before(self) -> "Span":
        """The period before it."""
        return span_at(self.since - timedelta(microseconds=1), kind_of(self.name))


def kind_of(name: str) -> ReviewPeriod:
    """What a name is one of."""
    return "quarter" if "Q" in name else "week"


def span_at(at: datetime, kind: ReviewPeriod) -> Span:
    """The one that holds a time."""
    at = at.astimezone(UTC)
    if kind == "quarter":
        first = datetime(at.year, at.month - (at.month - 1) % 3, 1, tzinfo=UTC)
        return Span(period_of(at, "quarter"), first, _next_quarter(first))
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    monday = day - timedelta(days=day.weekday())
    return Span(week_of(monday), monday, monday + timedelta(days=7))


def week_of(at: datetime) -> str:
    """`2026-W31`, in UTC."""
    year, week, _ = at.isocalendar()
    return f"{year}-W{week:02}"


def span_named(name: str) -> Span:
    """The one of this name. Raises ValueError."""
    if found := _QUARTER.fullmatch(name):
        return span_at(datetime(int(found[1]), int(found[2]) * 3, 1, tzinfo=UTC), "quarter")
    if found := _WEEK.fullmatch(name):
        monday = datetime.fromisocalendar(int(found[1]), int(found[2]), 1)
        return span_at(monday.replace(tzinfo=UTC), "week")
    raise ValueError(f"{name!r} is no period such as 2026-Q3 or 2026-W31")


def _next_quarter(first: datetime) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + 3, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
