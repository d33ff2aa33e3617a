"""Months of the calendar, which have not all the same length."""

from calendar import monthrange
from datetime import datetime


def months_on(start: datetime, months: int) -> datetime:
    """So many months on: on the same day of the month, or its last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    _, days = monthrange(year, month + 1)
    return start.replace(year=year, month=month + 1, day=min(start.day, days))
