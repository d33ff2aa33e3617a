"""The lines by which a calendar says how something recurs: RRULE, EXDATE, RDATE."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

from msgspec.structs import replace

from adapters.migration.account import Unreadable
from domain.oncall.layer import Recurring
from domain.oncall.recurrence_rule import parsed
from domain.oncall.wall_clock import wall_of


def recurring(shifts: Recurring, lines: list[str], zone: str, of: str) -> Recurring:
    """These shifts as they recur by such lines. Raises `Unreadable`."""
    for line in lines:
        head, _, value = str(line).strip().partition(":")
        name = head.partition(";")[0].upper()
        if name == "RRULE" or (not value and name.startswith("FREQ")):
            if shifts.rule is not None:
                raise Unreadable("recurrence.unknown", f"{of}: it has two rules; one is read here")
            rule, last = _rule(value or head, zone, of)
            shifts = replace(shifts, rule=rule, last=last)
        elif name == "EXDATE":
            left_out = (*shifts.left_out, *_times(value, shifts.start, zone, of))
            shifts = replace(shifts, left_out=left_out)
        elif name == "RDATE":
            shifts = replace(shifts, added=(*shifts.added, *_times(value, shifts.start, zone, of)))
        else:
            raise Unreadable("recurrence.unknown", f"{of}: {line!r} is not known here")
    return shifts


def _rule(text: str, zone: str, of: str) -> tuple[str, datetime | None]:
    """A rule without its UNTIL, and that by the wall clock of the zone."""
    pieces = [each for each in text.upper().split(";") if each]
    last = next((each[6:] for each in pieces if each.startswith("UNTIL=")), None)
    rule = ";".join(each for each in pieces if not each.startswith("UNTIL="))
    try:
        parsed(rule)
    except ValueError as error:
        raise Unreadable("recurrence.unknown", f"{of}: {error}") from None
    if last is None:
        return rule, None
    found = _time(last, of)
    if len(last) == len("20260101"):
        found = datetime.combine(found.date(), time.max)
    elif last.endswith("Z"):
        found = wall_of(found.replace(tzinfo=UTC), zone)
    return rule, found


def _times(text: str, start: datetime, zone: str, of: str) -> Iterator[datetime]:
    """Single beginnings. With a Z they mean the wall clock as the start does, where they show its
    time of day; else UTC.
    """
    for each in text.split(","):
        found = _time(each.strip(), of)
        if len(each.strip()) == len("20260101"):
            yield datetime.combine(found.date(), start.time())
        elif each.strip().endswith("Z") and found.time() != start.time():
            yield wall_of(found.replace(tzinfo=UTC), zone)
        else:
            yield found


def _time(text: str, of: str) -> datetime:
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=None)
    except ValueError:
        raise Unreadable("time.invalid", f"{of}: {text!r} is not a time") from None
