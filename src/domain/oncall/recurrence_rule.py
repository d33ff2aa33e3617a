"""Recurrence rules of RFC 5545, on the wall clock alone: with a zone, times would come out that do
not exist. The parts that on-call shifts use; a rule with another is refused, not read halfway.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NUMBERS = {"INTERVAL": (1, 10_000), "COUNT": (1, 10_000)}
LISTS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSETPOS": (-366, 366),
}
FREQUENCIES = ("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")


class RecurrenceRule(NamedTuple):
    """A rule, taken apart. `most`: so many shifts; None: without end.
    `days`: weekdays from 0 (Monday) on, each with which of the month it is
    (from its end where negative), 0: each.
    """

    frequency: str
    interval: int
    most: int | None
    week_start: int
    days: tuple[tuple[int, int], ...]
    lists: Mapping[str, tuple[int, ...]]

    @property
    def is_plain(self) -> bool:
        """Whether each period has a shift, at the time of the first."""
        return not self.days and not self.lists and self.most is None


@lru_cache(maxsize=256)
def parsed(text: str) -> RecurrenceRule:
    """The rule of such a text: FREQ=WEEKLY;BYDAY=MO,FR. Raises `ValueError` for one that cannot be
    followed, and for UNTIL, which is an instant.
    """
    parts: dict[str, str] = {}
    for piece in filter(None, text.strip().upper().split(";")):
        name, _, value = piece.partition("=")
        if name not in {"FREQ", "WKST", "BYDAY", *NUMBERS, *LISTS} or not value or name in parts:
            raise ValueError(f"{piece} is not a part of a rule that is known here")
        parts[name] = value
    frequency = parts.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise ValueError("FREQ: one of " + ", ".join(FREQUENCIES))
    days = tuple(_weekday(each) for each in parts.get("BYDAY", "").split(",") if each)
    if frequency not in {"MONTHLY", "YEARLY"} and any(which for _, which in days):
        raise ValueError("BYDAY: which of a month it is, only a rule by the month says")
    lists = {name: _numbers(name, parts[name], *LISTS[name]) for name in LISTS if name in parts}
    if frequency == "YEARLY" and (days or "BYMONTHDAY" in lists) and "BYMONTH" not in lists:
        raise ValueError("FREQ=YEARLY: days need BYMONTH here")
    numbers = {
        name: _numbers(name, parts[name], *NUMBERS[name]) for name in NUMBERS if name in parts
    }
    return RecurrenceRule(
        frequency,
        numbers.get("INTERVAL", (1,))[0],
        numbers["COUNT"][0] if "COUNT" in numbers else None,
        _weekday(parts.get("WKST", "MO"))[0],
        days,
        lists,
    )


def _numbers(name: str, text: str, least: int, most: int) -> tuple[int, ...]:
    try:
        found = tuple(int(each) for each in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(least <= each <= most and (each or least == 0) for each in found):
        raise ValueError(f"{name}: numbers from {least} to {most}")
    return found


def _weekday(text: str) -> tuple[int, int]:
    which, name = text[:-2], text[-2:]
    if name not in WEEKDAYS or (which and not which.lstrip("+-").isdecimal()):
        raise ValueError(f"{text} is not a weekday, such as MO or -1FR")
    return WEEKDAYS.index(name), int(which or 0)


def beginnings(rule: RecurrenceRule, start: datetime, until: datetime) -> Iterator[datetime]:
    """When its shifts begin from `start` on and before `until`, in order."""
    left = rule.most
    for candidates in _periods(rule, start, until):
        for each in _at_positions(sorted(set(candidates)), rule.lists.get("BYSETPOS", ())):
            if each >= until or left == 0:
                return
            if each >= start:
                yield each
                left = None if left is None else left - 1


def _periods(rule: RecurrenceRule, start: datetime, until: datetime) -> Iterator[list[datetime]]:
    """What each period has that matches, before the positions in it are taken."""
    if rule.frequency == "HOURLY":
        at = start
        while at < until:
            yield [
                at.replace(minute=minute)
                for minute in rule.lists.get("BYMINUTE", (at.minute,))
                if _matches(rule, at.date()) and at.hour in rule.lists.get("BYHOUR", (at.hour,))
            ]
            at += timedelta(hours=rule.interval)
        return
    for days in _days(rule, start, until):
        yield [
            datetime.combine(day, start.time()).replace(hour=hour, minute=minute)
            for day in days
            for hour in rule.lists.get("BYHOUR", (start.hour,))
            for minute in rule.lists.get("BYMINUTE", (start.minute,))
        ]


def _days(rule: RecurrenceRule, start: datetime, until: datetime) -> Iterator[list[date]]:
    day, last = start.date(), until.date()
    if rule.frequency == "DAILY":
        while day <= last:
            yield [day] if _matches(rule, day) else []
            day += timedelta(days=rule.interval)
    elif rule.frequency == "WEEKLY":
        wanted = {number for number, _ in rule.days} or {day.weekday()}
        day -= timedelta(days=(day.weekday() - rule.week_start) % 7)
        while day <= last:
            week = (day + timedelta(days=each) for each in range(7))
            yield [each for each in week if each.weekday() in wanted and _matches(rule, each)]
            day += timedelta(days=7 * rule.interval)
    else:
        yield from _months(rule, day, last)


def _months(rule: RecurrenceRule, day: date, last: date) -> Iterator[list[date]]:
    months = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
    year, month = day.year, day.month
    while (year, month) <= (last.year, last.month) or (months >= 12 and year <= last.year):
        if rule.frequency == "MONTHLY":
            yield _of_month(rule, year, month, day.day)
        else:
            wanted = sorted(rule.lists.get("BYMONTH", (day.month,)))
            yield [each for one in wanted for each in _of_month(rule, year, one, day.day)]
        years, month = divmod(month - 1 + months, 12)
        year, month = year + years, month + 1


def _of_month(rule: RecurrenceRule, year: int, month: int, usual: int) -> list[date]:
    _, many = monthrange(year, month)
    days = [date(year, month, day) for day in range(1, many + 1)]
    if not rule.days and "BYMONTHDAY" not in rule.lists:
        days = [each for each in days if each.day == usual]
    return [each for each in days if _matches(rule, each, days)]


def _matches(rule: RecurrenceRule, day: date, month: list[date] | None = None) -> bool:
    """Whether no list of the rule leaves this day out; `month`: all its days, to count in it."""
    months, monthdays = rule.lists.get("BYMONTH"), rule.lists.get("BYMONTHDAY")
    if months is not None and day.month not in months:
        return False
    if monthdays is not None:
        _, many = monthrange(day.year, day.month)
        if day.day not in monthdays and day.day - many - 1 not in monthdays:
            return False
    if not rule.days:
        return True
    alike = [each for each in month or [day] if each.weekday() == day.weekday()]
    place = alike.index(day)
    return any(
        number == day.weekday() and which in {0, place + 1, place - len(alike)}
        for number, which in rule.days
    )


def _at_positions(found: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    if not positions:
        return found
    within = [each - 1 if each > 0 else len(found) + each for each in positions]
    return [found[each] for each in sorted(set(within)) if 0 <= each < len(found)]
