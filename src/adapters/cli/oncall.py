"""Who is on call, on the command line."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from adapters.cli import tables
from adapters.cli.explaining import fail
from adapters.cli.parameters import KnownAt
from adapters.cli.session import DEFAULTS, Options, connected, viewing
from domain.kernel.text import clock_s
from domain.oncall.layer import Group
from domain.oncall.scheduling.rota import OnCall
from handlers.entrance.duty_overview import DutyOverview, duty_overview
from handlers.entrance.on_call import on_call_of, review_in, shifts_in, window_of
from handlers.queries.parameters import time_of

Since = Annotated[str | None, Parameter(help="From when on (RFC 3339, with zone); now.")]
Until = Annotated[str | None, Parameter(help="Until when; four weeks later.")]
Shape = Literal["table", "json"]


async def oncall(
    schedule: str | None = None,
    *,
    at: Annotated[str | None, Parameter(help="When (RFC 3339, with zone); now.")] = None,
    known_at: KnownAt = None,
    format: Shape = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say who is on call by a schedule (or by each), until when, and who is next."""
    when, known = time_of(at, "at"), time_of(known_at, "known_at")
    if schedule is None:
        _check_one(known)
    async with connected(options) as parts:
        viewer, when = await viewing(parts), when or parts.clock.now()
        found: OnCall | DutyOverview
        if schedule is None:
            found = await duty_overview(parts.service, viewer, when)
        else:
            found = await on_call_of(parts.service, schedule, viewer, when, known)
    if format == "json":
        tables.as_json(found)
    else:
        for line in _of_all(found) if isinstance(found, DutyOverview) else _lines(found):
            tables.say(line)


async def shifts(
    schedule: str,
    *,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    format: Shape = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say who is on call from when until when; gaps are shifts of nobody."""
    times = time_of(since, "since"), time_of(until, "until"), time_of(known_at, "known_at")
    async with connected(options) as parts:
        window = window_of(parts.clock.now(), *times)
        found = await shifts_in(parts.service, schedule, await viewing(parts), window)
    if format == "json":
        tables.as_json(found)
    else:
        for each in found:
            tables.say(f"{clock_s(each.begins)}  {clock_s(each.ends)}  {_named(each.people)}")


async def review(
    schedule: str,
    *,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    format: Shape = "table",  # noqa: A002
    options: Options = DEFAULTS,
) -> None:
    """Say what a schedule is like: gaps, hours of each person, and a score of 0 to 100 with what
    lowers it.
    """
    times = time_of(since, "since"), time_of(until, "until"), time_of(known_at, "known_at")
    async with connected(options) as parts:
        window = window_of(parts.clock.now(), *times)
        found = await review_in(parts.service, schedule, await viewing(parts), window)
    if format == "json":
        tables.as_json(found)
        return
    tables.say(f"{schedule}: {found.score} of 100")
    for each in found.warnings:
        tables.say(f"  -{each.points}: {each.detail} [{each.code}]")
    for person, hours in found.hours.items():
        tables.say(f"  {person}: {hours:.1f} h")
    for gap in found.gaps:
        tables.say(f"  nobody: {clock_s(gap.begins)} to {clock_s(gap.ends)}")


def _check_one(known_at: datetime | None) -> None:
    """Ends where a look back is asked of all schedules."""
    if known_at is not None:
        fail("--known-at is asked of one schedule: name it")


def _of_all(found: DutyOverview) -> Iterator[str]:
    for each in found.schedules:
        until = f" until {clock_s(each.until)}" if each.until else ""
        then = f", then {_named(each.next_people)}" if each.next_people is not None else ""
        said = each.problem or f"{_named(each.people)}{until}{then}"
        yield f"{each.schedule}: {said}"
        marks = {
            "not in the directory": each.unknown_people,
            "have left, and have turns": each.people_who_left,
            "no way to reach them is known": each.without_contact,
        }
        yield from (f"  {what}: {', '.join(who)}" for what, who in marks.items() if who)
    for twice in found.several:
        yield f"{twice.person} is on call by {' and '.join(twice.schedules)}"


def _lines(found: OnCall) -> list[str]:
    until = f" until {clock_s(found.until)}" if found.until else ""
    since = f" since {clock_s(found.since)}" if found.since else ""
    lines = [f"{found.schedule} at {clock_s(found.at)}: {_named(found.people)}{since}{until}"]
    if found.shadows:
        lines.append(f"  beside: {', '.join(found.shadows)}, to learn; not woken")
    if found.next_people is not None:
        lines.append(f"  then: {_named(found.next_people)}")
    return lines


def _named(people: Group) -> str:
    return ", ".join(people) or "nobody"
